"""Corrections of one file by a person who has the document in hand."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import Any

from qafila.foundation import journal, typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.linkage.names.name_keys import index_keys
from qafila.linkage.values.dates import parse_date
from qafila.linkage.values.identifiers import normalise_card_number
from qafila.linkage.values.phones import normalise_phone
from qafila.people.access import (
    person_to_change,
    persons_to_change,
    require_card_free,
    require_may_correct,
    seen_by,
)
from qafila.people.asking.probes import counted_if_known
from qafila.people.errors import HouseholdAsked, NameMissing, NotCorrectable, UnusableValue
from qafila.people.households import household_of, live_apart, moving_along
from qafila.people.journal import MOVED_ALONG, PERSON_CORRECTED
from qafila.people.models import Identifier, Person, Phone
from qafila.people.ports import checked
from qafila.places.queries import find_commune

_NAMES = tuple(
    f"{part}_name_{script}" for script in ("ar", "latn") for part in ("full", "family", "given")
)
CORRECTABLE = (*_NAMES, "sex", "birth_date", "card_number", "commune", "phone")
_OF_FAMILY = {*_NAMES, "sex", "birth_date"}


@dataclass(frozen=True)
class Correction:
    """One field: what the page showed and what it becomes, both as text. Empty means none."""

    before: str
    after: str


def correct_person(
    person_id: int,
    *,
    changes: Mapping[str, Correction],
    household: str = "",
    confirmed: Collection[str] = (),
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> tuple[str, ...]:
    """Correct fields of `CORRECTABLE`; returns the names of those that really changed.

    A birth date may be a day, a month and year, or a year alone: its precision follows. A commune
    is told by its official code; province and region follow. A phone's `before` is the number
    replaced, empty to add one. `household`: whether those who live with a person who moves move
    `along`, or the person leaves them (`stays`). `confirmed`: the codes of the questions answered.
    Raises SomeoneElseActed when a field no longer holds what the page showed, HouseholdAsked,
    CardHeldByAnother, KnownElsewhere (counted: TooManyProbes), and what a family cannot be
    (`ports.file_checks`).
    """
    probes = "card_number" in changes
    with counted_if_known(actor=actor, at=at) if probes else nullcontext():
        done = once(
            command_id,
            "people.correct_person",
            actor=actor,
            at=at,
            do=lambda: {"fields": _correct(person_id, changes, household, confirmed, actor, at)},
        )
    return tuple(done["fields"])


def _correct(
    person_id: int,
    changes: Mapping[str, Correction],
    household: str,
    confirmed: Collection[str],
    actor: Actor,
    at: dt.datetime,
) -> tuple[str, ...]:
    scope = require_may_correct(actor)
    person = _locked(person_id, changes, scope)
    typed = {name: replace(one, after=as_typed(name, one.after)) for name, one in changes.items()}
    done = {name: change for name, change in typed.items() if _changes(name, change)}
    if not done:
        return ()
    on = day_of(at)
    columns = {name: change for name, change in done.items() if name != "phone"}
    with checked([person_id] if _OF_FAMILY & set(done) else [], on, confirmed):
        _swap(person, columns, on, seen_by(actor))
    if "commune" in done:
        _move_home(person, household, actor, at)
    if "phone" in done:
        _swap_phone(person, done["phone"])
    journal.write(
        PERSON_CORRECTED,
        person,
        actor=actor,
        at=at,
        person_id=person_id,
        fields=", ".join(sorted(done)),
        before=", ".join(done[name].before or "—" for name in sorted(done)),
        after=", ".join(done[name].after or "—" for name in sorted(done)),
    )
    return tuple(sorted(done))


def _locked(person_id: int, changes: Mapping[str, Correction], scope: Scope) -> Person:
    """The person, locked; before a move together with whoever lives there, in one order."""
    if "commune" not in changes:
        return person_to_change(person_id, scope)
    along = [one.pk for one in household_of(person_id, scope=scope)]
    return persons_to_change([person_id, *along], scope)[person_id]


def _move_home(person: Person, household: str, actor: Actor, at: dt.datetime) -> None:
    """Whoever lives with a person who moved moves along, or is left; `person` is as before."""
    others = moving_along(person)
    if not others:
        return
    if household not in ("along", "stays"):
        names = (one.full_name_latn or one.full_name_ar for one in others)
        raise HouseholdAsked(people=", ".join(names))
    if household == "stays":
        live_apart([person.pk])
        return
    moved = Person.objects.get(pk=person.pk)
    place = {name: getattr(moved, name) for name in ("commune_id", "province_id", "region_code")}
    for one in others:
        Person.objects.filter(pk=one.pk).update(**place)
        journal.write(MOVED_ALONG, one, actor=actor, at=at, person_id=one.pk, other=person.pk)


def _changes(name: str, change: Correction) -> bool:
    if name not in CORRECTABLE:
        raise NotCorrectable(field=name)
    return change.before.strip() != change.after


def _swap(person: Person, changes: Mapping[str, Correction], on: dt.date, seen: Scope) -> None:
    """Compare-and-swap of the person's own columns."""
    if not changes:
        return
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name, change in changes.items():
        old |= _held(name, change.before)
        new |= columns_of(name, change.after)
    if new.get("birth_date") and new["birth_date"] > on:
        raise UnusableValue(field="birth_date", value=changes["birth_date"].after)
    new |= _completed_names(person, new)
    old = {
        name if value is not None else f"{name}__isnull": value if value is not None else True
        for name, value in old.items()
    }
    if new.get("card_number"):
        require_card_free(new["card_number"], besides=person.pk, seen=seen)
    if not Person.objects.filter(pk=person.pk, state=Person.State.ACTIVE, **old).update(**new):
        raise SomeoneElseActed()
    if "card_number" in changes:
        _swap_card(person, old.get("card_number", ""), new["card_number"])


def _held(name: str, before: str) -> dict[str, Any]:
    """The column that must still hold what the page showed."""
    if name == "commune":
        return {"commune_id": before.strip() or None}
    return {name: columns_of(name, before)[name]}


def as_typed(name: str, text: str) -> str:
    """What was typed into a field, in the form in which it is kept."""
    return typed_text.name(text) if name in _NAMES else typed_text.line(text)


def columns_of(name: str, text: str) -> dict[str, Any]:
    """The columns of the person that a field fills; UnusableValue for what it cannot hold."""
    text = " ".join(text.split())
    if name == "birth_date":
        return _birth(text)
    if name == "commune":
        return _place(text)
    if name == "card_number" and text:
        card = normalise_card_number(text)
        if card is None:
            raise UnusableValue(field=name, value=text)
        return {name: str(card)}
    if name == "sex" and text not in ("", "F", "M"):
        raise UnusableValue(field=name, value=text)
    return {name: text}


def _birth(text: str) -> dict[str, Any]:
    if not text:
        return {"birth_date": None, "birth_precision": ""}
    found = parse_date(text)
    if found is None:
        raise UnusableValue(field="birth_date", value=text)
    return {"birth_date": found.date, "birth_precision": found.precision}


def _place(code: str) -> dict[str, Any]:
    """The commune with its province and region; without one, nobody knows the place."""
    if not code:
        return {"commune_id": None, "province_id": None, "region_code": ""}
    commune = find_commune(code)
    if commune is None:
        raise UnusableValue(field="commune", value=code)
    region = commune.province.region_id
    return {"commune_id": code, "province_id": commune.province_id, "region_code": region}


def _completed_names(person: Person, new: Mapping[str, Any]) -> dict[str, Any]:
    """Full names follow their parts; keys of former spellings stay, so that they still find."""
    if not any(name in _NAMES for name in new):
        return {}
    names = {name: new.get(name, getattr(person, name)) for name in _NAMES}
    filled: dict[str, Any] = {}
    for script in ("ar", "latn"):
        parts = (f"given_name_{script}", f"family_name_{script}")
        if f"full_name_{script}" not in new and any(part in new for part in parts):
            filled[f"full_name_{script}"] = " ".join(names[p] for p in parts if names[p])
    names |= filled
    if not (names["full_name_ar"] or names["full_name_latn"]):
        raise NameMissing()
    keys = [key for name in _NAMES for key in index_keys(names[name])]
    return filled | {"name_keys": list(dict.fromkeys([*person.name_keys, *keys]))}


def _swap_card(person: Person, old: str, new: str) -> None:
    cards = Identifier.objects.filter(person=person, kind=Identifier.Kind.CARD)
    cards.filter(value=old).delete()
    if new:
        Identifier.objects.get_or_create(person=person, kind=Identifier.Kind.CARD, value=new)


def _swap_phone(person: Person, change: Correction) -> None:
    if change.before:
        old = normalise_phone(change.before) or change.before
        if not Phone.objects.filter(person=person, number=old).delete()[0]:
            raise SomeoneElseActed()
    if change.after:
        new = normalise_phone(change.after)
        if new is None:
            raise UnusableValue(field="phone", value=change.after)
        Phone.objects.get_or_create(person=person, number=new)
