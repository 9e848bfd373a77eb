"""Who lives together: kept because somebody said it or a paper shows it, never guessed.

A household grows by the declaration of a spouse or child, or by a paper of the address. It matters
when somebody moves: whoever moves is asked whether the household moves along.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from qafila.foundation import journal, typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.idempotency import once
from qafila.people.access import (
    person_in_scope,
    person_to_change,
    persons_to_change,
    persons_visible,
    require_may_correct,
)
from qafila.people.errors import HouseholdProofMissing, NoHousehold, SameHousehold
from qafila.people.journal import HOUSEHOLD_JOINED, HOUSEHOLD_LEFT
from qafila.people.models import Household, Person

MOST_LETTERS = 120


def household_of(person_id: int, *, scope: Scope) -> list[Person]:
    """Who lives with this person, by number, without the person; NotFoundInScope outside."""
    person = person_in_scope(person_id, scope)
    return list(_others(person).filter(pk__in=persons_visible(scope)).order_by("pk"))


def household_names(person_id: int, *, scope: Scope) -> list[tuple[str, str]]:
    """The names, in Arabic and in Latin letters, of who lives with this person."""
    return [(o.full_name_ar, o.full_name_latn) for o in household_of(person_id, scope=scope)]


def join_household(
    *,
    person_id: int,
    with_person_id: int,
    document: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> None:
    """Write down that a person lives with another, by the paper that shows the address.

    The place of living follows the other's. Raises NotAllowed, NotFoundInScope,
    HouseholdProofMissing and SameHousehold.
    """
    scope, paper = require_may_correct(actor), _paper(document)

    def do() -> dict[str, Any]:
        held = persons_to_change([person_id, with_person_id], scope)
        person, other = held[person_id], held[with_person_id]
        if person_id == with_person_id or _one_home(person, other):
            raise SameHousehold
        live_together(other, person)
        place = {name: getattr(other, name) for name in ("commune_id", "province_id")}
        if other.commune_id:
            moved = Person.objects.filter(pk=person.pk)
            moved.update(**place, region_code=other.region_code)
        _write(HOUSEHOLD_JOINED, person, actor, at, document=paper, other=other.pk)
        return {}

    once(command_id, "people.join_household", actor=actor, at=at, do=do)


def leave_household(
    *,
    person_id: int,
    document: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> None:
    """Write down that a person lives with their household no more, by a paper.

    Raises NotAllowed, NotFoundInScope, HouseholdProofMissing and NoHousehold.
    """
    scope, paper = require_may_correct(actor), _paper(document)

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        if not _others(person).exists():
            raise NoHousehold
        live_apart([person_id])
        _write(HOUSEHOLD_LEFT, person, actor, at, document=paper)
        return {}

    once(command_id, "people.leave_household", actor=actor, at=at, do=do)


def live_together(one: Person, other: Person) -> None:
    """Put `other` into the household of `one`, made when there is none; within an action."""
    if one.household_id is None:
        one.household = Household.objects.create(created_at=one.created_at)
        Person.objects.filter(pk=one.pk).update(household=one.household)
    other.household = one.household
    Person.objects.filter(pk=other.pk).update(household=one.household)


def live_apart(person_ids: Iterable[int]) -> None:
    """Take persons out of their household; within an action."""
    Person.objects.filter(pk__in=list(person_ids)).update(household=None)


def moving_along(person: Person) -> list[Person]:
    """Who lives with the person in the same commune, and would move along."""
    here = {"commune_id": person.commune_id} if person.commune_id else {"commune": None}
    return list(_others(person).filter(**here).order_by("pk"))


def _others(person: Person) -> QuerySet[Person]:
    if person.household_id is None:
        return Person.objects.none()
    together = Person.objects.filter(household_id=person.household_id, state="active")
    return together.exclude(pk=person.pk)


def _one_home(one: Person, other: Person) -> bool:
    return one.household_id is not None and one.household_id == other.household_id


def _paper(document: str) -> str:
    paper = typed_text.line(document, most=MOST_LETTERS)
    if not paper:
        raise HouseholdProofMissing
    return paper


def _write(
    entry: journal.EntryType, person: Person, actor: Actor, at: dt.datetime, **data: Any
) -> None:
    journal.write(entry, person, actor=actor, at=at, person_id=person.pk, **data)
