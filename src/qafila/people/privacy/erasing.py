"""Erasing what is kept of a person: asked by one, done by another, with proof of what is left.

What the law wants kept (the register says which treatments) stays, with the identity it hangs on;
then contacts, links, consents and raw cells of lists go. Where nothing has to be kept, the identity
goes too: what is left says how many there were, and of nobody who.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pgtrigger
from django.apps import apps
from django.db.models import Q

from qafila.foundation import journal, typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.people import errors, ports
from qafila.people import journal as entries
from qafila.people.access import person_in_scope, person_to_change, require_may_merge
from qafila.people.models import Consent, Erasure, Identifier, Person, PersonalLink, Phone
from qafila.people.privacy.own_data import fields_of_person
from qafila.people.privacy.treatments import treatments

_PROOF_ITSELF = frozenset({"consents", "traces", "staff"})
"""Kept in any case, and no reason to keep the identity."""
_NOBODY: dict[str, Any] = {
    "full_name_ar": "",
    "family_name_ar": "",
    "given_name_ar": "",
    "full_name_latn": "",
    "family_name_latn": "",
    "given_name_latn": "",
    "name_keys": [],
    "birth_date": None,
    "birth_precision": "",
    "card_number": "",
    "commune": None,
    "household": None,
    "state": Person.State.ERASED,
}


@dataclass(frozen=True)
class WhatErasingDoes:
    """`kept`: treatment → rows that have to be kept; the identity goes only where there are none.

    `phones` and `numbers`: how many are known.
    """

    kept: dict[str, int]
    phones: int
    numbers: int

    @property
    def whole(self) -> bool:
        """Whether the identity goes too."""
        return not self.kept


@dataclass(frozen=True)
class ErasureShown:
    """An erasure that waits or was decided. `proof`: table or treatment → rows."""

    erasure_id: int
    state: str
    reason: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    proof: dict[str, dict[str, int]]


def what_erasing_does(person_id: int, *, scope: Scope) -> WhatErasingDoes:
    """What would go and what has to stay. NotFoundInScope outside the territory."""
    person_in_scope(person_id, scope)
    return WhatErasingDoes(
        dict(_kept_by_law(person_id)),
        Phone.objects.filter(person_id=person_id).count(),
        Identifier.objects.filter(person_id=person_id).count(),
    )


def ask_erasure(person_id: int, *, reason: str, actor: Actor, at: dt.datetime) -> int:
    """Ask that the data of a person be erased; a second colleague does it. The number of the act.

    Raises NotAllowed, NotFoundInScope, FileMerged, FileErased, MergesStand, ErasureAsked,
    ErasureReasonMissing.
    """
    scope, written = require_may_merge(actor), typed_text.note(reason)
    with acting(actor, at=at):
        person = person_to_change(person_id, scope)
        if not written:
            raise errors.ErasureReasonMissing
        if person.merges.filter(undone_at=None).exists():
            raise errors.MergesStand
        if person.erasures.filter(state=Erasure.State.ASKED).exists():
            raise errors.ErasureAsked
        asked = Erasure.objects.create(
            person=person, reason=written, asked_by_id=actor.id, asked_at=at
        )
        journal.write(
            entries.ERASURE_ASKED, person, actor=actor, at=at, person_id=person_id, reason=written
        )
    return asked.pk


def refuse_erasure(person_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """Let the erasure that was asked for not be done. Raises NotAllowed, NotFoundInScope,
    ErasureUnknown."""
    scope = require_may_merge(actor)
    with acting(actor, at=at):
        person = person_to_change(person_id, scope)
        _decide(_waiting(person), Erasure.State.REFUSED, actor, at, {})
        journal.write(entries.ERASURE_REFUSED, person, actor=actor, at=at, person_id=person_id)


def erase_person(person_id: int, *, actor: Actor, at: dt.datetime) -> dict[str, dict[str, int]]:
    """Erase what another colleague asked to erase; the proof: rows erased and rows kept.

    Raises NotAllowed, NotFoundInScope, ErasureUnknown, ErasureOwn, MergesStand.
    """
    scope = require_may_merge(actor)
    with acting(actor, at=at):
        person = person_to_change(person_id, scope)
        asked = _waiting(person)
        if asked.asked_by_id == actor.id:
            raise errors.ErasureOwn
        if person.merges.filter(undone_at=None).exists():
            raise errors.MergesStand
        kept = dict(_kept_by_law(person_id))
        proof = {
            "erased": dict(_erase(person, scope, whole=not kept, actor=actor, at=at)),
            "kept": kept,
        }
        _decide(asked, Erasure.State.DONE, actor, at, proof)
        journal.write(
            entries.PERSON_ERASED,
            person,
            actor=actor,
            at=at,
            person_id=person_id,
            rows=sum(proof["erased"].values()),
            kept=sum(kept.values()),
        )
    return proof


def erasures_of(person_id: int, *, scope: Scope) -> list[ErasureShown]:
    """The erasures asked for a person, the latest first. NotFoundInScope outside the territory."""
    person_in_scope(person_id, scope)
    found = Erasure.objects.filter(person_id=person_id).select_related("asked_by", "decided_by")
    return [
        ErasureShown(
            one.pk,
            one.state,
            one.reason,
            one.asked_by.name,
            one.asked_by_id,
            one.asked_at,
            one.decided_by.name if one.decided_by else "",
            one.decided_at,
            one.proof,
        )
        for one in found.order_by("-asked_at", "-pk")
    ]


def _waiting(person: Person) -> Erasure:
    found = person.erasures.select_for_update().filter(state=Erasure.State.ASKED).first()
    if found is None:
        raise errors.ErasureUnknown
    return found


def _decide(
    asked: Erasure,
    state: Erasure.State,
    actor: Actor,
    at: dt.datetime,
    proof: dict[str, dict[str, int]],
) -> None:
    Erasure.objects.filter(pk=asked.pk, state=Erasure.State.ASKED).update(
        state=state, decided_by_id=actor.id, decided_at=at, proof=proof
    )


def _kept_by_law(person_id: int) -> Iterator[tuple[str, int]]:
    """Treatment → rows of the person that have to be kept; one statement for each model."""
    for one in treatments():
        if one.code in _PROOF_ITSELF or not one.must_be_kept:
            continue
        rows = 0
        for model in map(apps.get_model, one.models):
            theirs = Q()
            for name in fields_of_person(model):
                theirs |= Q(**{name: person_id})
            rows += model._default_manager.filter(theirs).count() if theirs else 0
        if rows:
            yield one.code, rows


def _erase(
    person: Person, scope: Scope, *, whole: bool, actor: Actor, at: dt.datetime
) -> Iterator[tuple[str, int]]:
    """What goes, as (table, rows)."""
    yield Phone._meta.db_table, Phone.objects.filter(person=person).delete()[0]
    links = PersonalLink.objects.filter(person=person, withdrawn_at=None)
    yield PersonalLink._meta.db_table, links.update(withdrawn_at=at)
    consents = Consent.objects.filter(person=person, withdrawn_at=None)
    yield Consent._meta.db_table, consents.update(withdrawn_at=at, withdrawn_by_id=actor.id)
    for eraser in ports.erasers:
        yield from eraser(person.pk, whole, scope).items()
    if whole:
        yield from _erase_identity(person)


def _erase_identity(person: Person) -> Iterator[tuple[str, int]]:
    yield Identifier._meta.db_table, Identifier.objects.filter(person=person).delete()[0]
    with pgtrigger.ignore("people.Person:update_update"):
        yield Person._meta.db_table, Person.objects.filter(pk=person.pk).update(**_NOBODY)
    earlier = apps.get_model("people.PersonEvent")._default_manager.filter(pgh_obj_id=person.pk)
    yield earlier.model._meta.db_table, earlier.delete()[0]
    yield JournalEntry._meta.db_table, journal.erase_personal_data(person.pk)
