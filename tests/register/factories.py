"""People as lists speak of them, and agents: each trait is a situation."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting, system_actor
from qafila.institutions.access import actor_of
from qafila.institutions.models import Account, Institution, Post
from qafila.lists.models import ListImport, Row
from qafila.people.models import Person
from qafila.places.models import Commune, Province, Region

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
_serial = itertools.count(1)

PLACES = {"09.001": "09", "09.541": "09", "06.141": "06"}


def system() -> Actor:
    """The system's own actor."""
    return system_actor("tests")


def agent(*roles: Role, provinces: tuple[str, ...] = (), national: bool = False) -> Actor:
    """A member of staff with these roles in these provinces (Youssef of Agadir by default)."""
    with acting(system(), at=AT):
        record = ActorRecord.objects.create(kind="staff", name=f"agent {next(_serial)}")
    return Actor.holding(
        record.pk, record.name, frozenset(roles), Scope(national, frozenset(provinces))
    )


def hired(role: Role) -> Actor:
    """A member of staff with an account and one post, for the whole country: jobs find them."""
    with acting(system(), at=AT):
        ministry, _ = Institution.objects.get_or_create(
            kind="ministry", name_fr="Ministère", city="Rabat", confidence="high"
        )
        name = f"staff{next(_serial)}"
        account = Account.objects.create_user(f"{name}@qafila.test", None, name=name)
        Post.objects.create(
            account=account, role=role, institution=ministry, national=True,
            held_from=dt.date(2022, 1, 1),
        )  # fmt: skip
    return actor_of(account, on=AT.date())


def places() -> None:
    """Three provinces in two regions, a commune in each."""
    regions = [Region(code=code, **_names("Région", code)) for code in {*PLACES.values()}]
    provinces = [
        Province(code=code, region_id=region, kind="province", **_names("Province", code))
        for code, region in PLACES.items()
    ]
    communes = [
        Commune(code=f"{code}.01.01", province_id=code, kind="urban", **_names("Commune", code))
        for code in PLACES
    ]
    with acting(system(), at=AT):
        Region.objects.bulk_create(regions, ignore_conflicts=True)
        Province.objects.bulk_create(provinces, ignore_conflicts=True)
        Commune.objects.bulk_create(communes, ignore_conflicts=True)


def _names(kind: str, code: str) -> dict[str, str]:
    return {"name_ar": f"{kind} {code}", "name_fr": f"{kind} {code}"}


def person(
    *,
    province: str | None = "09.001",
    without_card: bool = False,
    without_birth_date: bool = False,
    **fields: Any,
) -> Person:
    """Fatima: her card, birth date and commune are known unless the trait says otherwise."""
    number = next(_serial)
    facts: dict[str, Any] = {
        "full_name_ar": "فاطمة أيت لحسن",
        "full_name_latn": "AIT LAHCEN Fatima",
        "name_keys": ["ATLHSN", "FTM"],
        "sex": "F",
        "birth_date": None if without_birth_date else dt.date(1980, 5, 1),
        "birth_precision": "" if without_birth_date else "day",
        "card_number": "" if without_card else f"JB{100000 + number}",
        "province_id": province,
        "commune_id": f"{province}.01.01" if province else None,
        "region_code": PLACES[province] if province else "",
        "created_at": AT,
        "created_by_id": system().id,
    }
    with acting(system(), at=AT):
        return Person.objects.create(**{**facts, **fields})


def list_import(source: str, at: dt.datetime = AT) -> ListImport:
    """An imported list of this kind."""
    name = f"{source}-{next(_serial)}.csv"
    with acting(system(), at=AT):
        return ListImport.objects.create(
            file_name=name,
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            size_bytes=1,
            source=source,
            state="linked",
            imported_by_id=system().id,
            imported_at=at,
        )


def listed(who: Person | None, source: str | ListImport, **fields: Any) -> Row:
    """A row of a list of this kind that speaks of `who`."""
    number = next(_serial)
    of = source if isinstance(source, ListImport) else list_import(source)
    facts = {"outcome": "accepted", "cells": [], "trade_text": "Tisserand", "sheet": ""}
    with acting(system(), at=AT):
        return Row.objects.create(
            list_import=of, row_number=number, person=who, **{**facts, **fields}
        )
