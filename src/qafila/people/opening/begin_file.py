"""A file opened for one person at a counter, once those who may have one already were shown."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from qafila.foundation import journal
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.idempotency import once
from qafila.foundation.models import JournalEntry
from qafila.linkage.names.name_keys import index_keys
from qafila.linkage.values.phones import normalise_phone
from qafila.people.access import lock_card, person_to_change, persons_visible, require_may_correct
from qafila.people.asking.probes import counted_if_known
from qafila.people.corrections import as_typed, columns_of
from qafila.people.errors import (
    CardHeldByAnother,
    FileUsedSince,
    KnownElsewhere,
    NameMissing,
    PerhapsKnown,
    PlaceElsewhere,
    PlaceNeeded,
    UnusableValue,
)
from qafila.people.journal import FILE_BEGUN, FILE_CLOSED_AGAIN
from qafila.people.merging.references import forget_derived
from qafila.people.merging.splitting import refuse_if_used
from qafila.people.models import Identifier, Person, Phone
from qafila.people.ports import tell_identity_changed
from qafila.people.queries import PersonHit, search_people

MOST_ALIKE = 5


@dataclass(frozen=True)
class NewPerson:
    """What is said of somebody who has no file; each as text, as for a correction."""

    full_name_ar: str = ""
    full_name_latn: str = ""
    sex: str = ""
    birth_date: str = ""
    card_number: str = ""
    phone: str = ""
    commune: str = ""


def alike(new: NewPerson, *, scope: Scope) -> tuple[PersonHit, ...]:
    """Files of the territory with the name or the phone of the person, the closest first.

    Whoever is known to be born in another year is none of them.
    """
    asked = [new.full_name_ar, new.full_name_latn]
    if phone := normalise_phone(new.phone):
        asked.append(str(phone))
    born = columns_of("birth_date", new.birth_date).get("birth_date")
    found: dict[int, PersonHit] = {}
    for text in filter(None, asked):
        for hit in search_people(text, scope=scope, limit=4 * MOST_ALIKE).hits:
            years = born and hit.birth_date and abs(born.year - hit.birth_date.year)
            if not years or years <= 1:
                found.setdefault(hit.id, hit)
    return tuple(found.values())[:MOST_ALIKE]


def begin_file(
    new: NewPerson,
    *,
    confirmed: Collection[str] = (),
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> int:
    """Open a file for somebody of the territory who has none; returns its number.

    Raises NotAllowed, NameMissing, PlaceNeeded, PlaceElsewhere, UnusableValue, CardHeldByAnother
    for a card of the territory, KnownElsewhere for one of another, and PerhapsKnown where files
    look alike until `confirmed` says that none of them is this person; TooManyProbes once many
    cards were known elsewhere.
    """
    require_may_correct(actor)
    with counted_if_known(actor=actor, at=at) if new.card_number else nullcontext():
        answer = once(
            command_id,
            "people.begin_file",
            actor=actor,
            at=at,
            do=lambda: {"person": _begin(new, confirmed, actor, at)},
        )
    return int(answer["person"])


def _begin(new: NewPerson, confirmed: Collection[str], actor: Actor, at: dt.datetime) -> int:
    scope = require_may_correct(actor)
    columns = _columns(new, scope, day_of(at))
    phone = _phone(new)
    holder = _holder_of_card(columns.get("card_number", ""))
    if holder and persons_visible(scope).filter(pk=holder.pk).exists():
        raise CardHeldByAnother(card=holder.card_number, file=holder.pk)
    # Asked before anything is said of other territories: the question gives no card away.
    if PerhapsKnown.code not in confirmed and alike(new, scope=scope):
        raise PerhapsKnown
    if holder:
        raise KnownElsewhere
    names = (columns["full_name_ar"], columns["full_name_latn"])
    keys = [key for name in names for key in index_keys(name)]
    person = Person.objects.create(
        **columns, name_keys=list(dict.fromkeys(keys)), created_at=at, created_by_id=actor.id
    )
    if card := columns.get("card_number"):
        Identifier.objects.create(person=person, kind=Identifier.Kind.CARD, value=card)
    if phone:
        Phone.objects.create(person=person, number=phone)
    journal.write(FILE_BEGUN, person, actor=actor, at=at, person_id=person.pk)
    tell_identity_changed([person.pk], actor=actor, at=at)
    return int(person.pk)


def _columns(new: NewPerson, scope: Scope, on: dt.date) -> dict[str, Any]:
    """The columns of the new person; what cannot be is refused."""
    columns: dict[str, Any] = {}
    for name in ("full_name_ar", "full_name_latn", "sex", "birth_date", "card_number", "commune"):
        columns |= columns_of(name, as_typed(name, getattr(new, name)))
    if not (columns["full_name_ar"] or columns["full_name_latn"]):
        raise NameMissing
    if not columns["commune_id"]:
        raise PlaceNeeded
    if not scope.covers(columns["province_id"]):
        raise PlaceElsewhere
    if columns["birth_date"] and columns["birth_date"] > on:
        raise UnusableValue(field="birth_date", value=new.birth_date)
    return columns


def _phone(new: NewPerson) -> str:
    if not new.phone.strip():
        return ""
    number = normalise_phone(new.phone)
    if number is None:
        raise UnusableValue(field="phone", value=new.phone)
    return str(number)


def _holder_of_card(card: str) -> Person | None:
    """Whose card it is, wherever that is; nobody else opens a file with it meanwhile."""
    if not card:
        return None
    lock_card(card)
    held = Person.objects.filter(card_number=card, state=Person.State.ACTIVE)
    return held.order_by("pk").first()


def close_begun_file(
    person_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> None:
    """Take back the opening of a file, by who opened it, while nothing else hangs on it.

    Raises NotFoundInScope for a file this actor did not open so, FileUsedSince also where somebody
    else wrote in it.
    """
    scope = require_may_correct(actor)

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        if not _written(person_id).filter(verb=FILE_BEGUN.verb, actor=actor.id).exists():
            raise NotFoundInScope(person=person_id)
        others = _written(person_id).exclude(actor=actor.id).filter(actor__kind="staff")
        if last := others.order_by("-pk").first():
            raise FileUsedSince(person=person_id, what=journal.sentence_for(last.verb, last.data))
        forget_derived([person_id])
        refuse_if_used(person_id)
        Identifier.objects.filter(person=person).delete()
        Phone.objects.filter(person=person).delete()
        journal.write(FILE_CLOSED_AGAIN, person, actor=actor, at=at)
        person.delete()
        return {}

    once(command_id, "people.close_begun_file", actor=actor, at=at, do=do)


def _written(person_id: int) -> QuerySet[JournalEntry]:
    return JournalEntry.objects.filter(person_id=person_id)
