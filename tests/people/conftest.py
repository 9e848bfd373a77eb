"""A small territory and people in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.linkage.names.name_keys import index_keys
from qafila.people.models import Identifier, Person, Phone
from qafila.places.models import Commune, Province, Region

SETTAT, AGADIR = "06.461", "09.001"


@dataclass(frozen=True)
class Cast:
    """Fatima is at home in Settat; Youssef works there, Salma elsewhere, Amal everywhere."""

    youssef: Actor
    salma: Actor
    amal: Actor
    auditor: Actor


@pytest.fixture
def territory(system: Actor) -> None:
    """Two provinces of two regions with one commune each."""
    with acting(system):
        for region, province, commune, ar, fr in (
            ("06", SETTAT, f"{SETTAT}.01.01", "سطات", "Settat"),
            ("09", AGADIR, f"{AGADIR}.01.01", "أكادير", "Agadir"),
        ):
            Region.objects.create(code=region, name_ar=ar, name_fr=fr)
            Province.objects.create(
                code=province, region_id=region, kind="province", name_ar=ar, name_fr=fr
            )
            Commune.objects.create(
                code=commune, province_id=province, kind="urban", name_ar=ar, name_fr=fr
            )


@pytest.fixture
def cast(system: Actor) -> Cast:
    """Staff with different roles and territories."""

    def actor(name: str, role: Role, scope: Scope) -> Actor:
        record = ActorRecord.objects.create(kind="staff", name=name)
        return Actor.holding(record.pk, name, {role}, scope)

    with acting(system):
        return Cast(
            youssef=actor("Youssef", Role.CHAMBER_STAFF, Scope(False, frozenset({SETTAT}))),
            salma=actor("Salma", Role.CHAMBER_STAFF, Scope(False, frozenset({AGADIR}))),
            amal=actor("Amal", Role.PROGRAMME_LEAD, Scope(national=True)),
            auditor=actor("Auditor", Role.AUDITOR, Scope(national=True)),
        )


PersonMaker = Callable[..., Person]


@pytest.fixture
def person(system: Actor, at: dt.datetime, territory: None) -> PersonMaker:
    """Makes a person of Settat; names give the keys, `phones` and `numbers` the rest."""

    def make(
        latn: str = "",
        ar: str = "",
        *,
        phones: tuple[str, ...] = (),
        numbers: tuple[tuple[str, str], ...] = (),
        province: str | None = SETTAT,
        **columns: Any,
    ) -> Person:
        with acting(system, at=at):
            made = Person.objects.create(
                full_name_latn=latn,
                full_name_ar=ar,
                name_keys=list(dict.fromkeys([*index_keys(latn), *index_keys(ar)])),
                province_id=province,
                created_at=at,
                created_by_id=system.id,
                **columns,
            )
            for number in phones:
                Phone.objects.create(person=made, number=number)
            for kind, value in numbers:
                Identifier.objects.create(person=made, kind=kind, value=value)
        return made

    return make
