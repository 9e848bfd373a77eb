"""Register applications as their page shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse

from qafila.foundation.actors import Actor
from qafila.places import queries as places
from qafila.register.access import may_decide_applications
from qafila.web.design.components import PersonChip
from qafila.web.people.presenter import birth_text, names_in_order
from qafila.web.person_changes.forms import ReasonForm
from qafila.web.site.territory import language, named


class _Person(Protocol):
    id: int
    full_name_ar: str
    full_name_latn: str
    birth_date: dt.date | None
    birth_precision: str
    card_number: str
    commune_id: str | None
    province_id: str | None


class _Trade(Protocol):
    name_ar: str
    name_fr: str


class Waiting(Protocol):
    """An application with its person and trade."""

    id: int
    trade_text: str
    opened_at: dt.datetime

    @property
    def person(self) -> _Person: ...

    @property
    def trade(self) -> _Trade | None: ...


@dataclass(frozen=True)
class ApplicationShown:
    """One application with its person, and the form to refuse it."""

    id: int
    person: PersonChip
    trade: str
    trade_text: str
    opened_at: dt.datetime
    form: ReasonForm
    may_decide: bool


def applications_shown(
    found: Iterable[Waiting], refused: Mapping[int, ReasonForm], actor: Actor
) -> list[ApplicationShown]:
    """The applications, each with the form that was refused or an empty one."""
    waiting = list(found)
    codes = [one.person.commune_id or one.person.province_id for one in waiting]
    names = places.names_of(codes, language())
    return [
        ApplicationShown(
            one.id,
            _chip(one.person, names),
            _trade(one),
            one.trade_text,
            one.opened_at,
            refused.get(one.id) or ReasonForm(prefix=f"a{one.id}"),
            may_decide_applications(actor, one.person.province_id),
        )
        for one in waiting
    ]


def _trade(one: Waiting) -> str:
    return named(one.trade.name_ar, one.trade.name_fr) if one.trade else one.trade_text


def _chip(person: _Person, names: Mapping[str, str]) -> PersonChip:
    name, other = names_in_order(person.full_name_ar, person.full_name_latn)
    place = names.get(person.commune_id or person.province_id or "", "")
    birth = birth_text(person.birth_date, person.birth_precision)
    return PersonChip(
        name,
        other,
        reverse("person", args=[person.id]),
        person.card_number,
        " · ".join(part for part in (place, birth) if part),
    )
