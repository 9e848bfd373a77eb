"""What a declaration says of a member, corrected with its paper."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from qafila.enrolment import access, errors, journal
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.family import DependantMoved
from qafila.enrolment.family.whole_family import looked_at_as_a_whole
from qafila.enrolment.models import Dependant
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once

MOST_LETTERS = 120


def correct_declaration(
    *,
    dependant_id: int,
    joined_on: dt.date | None = None,
    judges_leave: str = "",
    other_parent_insured: bool | None = None,
    document: str,
    confirmed: Collection[str] = (),
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> DependantMoved:
    """Correct the day of the marriage or kafala, note a judge's leave, or the other parent's cover.

    What is left out stays as it is. Raises NotAllowed, NotFoundInScope, ProofNeeded,
    DependantNotDeclared, JoinedInTheFuture, NothingToCorrect, and what `whole_family` finds.
    """
    scope = access.require_declaring(actor)
    paper = typed_text.line(document, most=MOST_LETTERS)
    if not paper:
        raise errors.ProofNeeded
    if joined_on is not None and joined_on > day_of(at):
        raise errors.JoinedInTheFuture(day=joined_on.isoformat())
    told = {
        "joined_on": joined_on,
        "judges_leave": typed_text.line(judges_leave, most=MOST_LETTERS) or None,
        "other_parent_insured": other_parent_insured,
    }

    def do() -> dict[str, Any]:
        one = access.get_dependant(dependant_id, scope=scope, lock=True)
        if one.state != Dependant.State.DECLARED or one.person_id is None:
            raise errors.DependantNotDeclared
        changes = {name: value for name, value in told.items() if value is not None}
        changes = {name: value for name, value in changes.items() if getattr(one, name) != value}
        if not changes:
            raise family_errors.NothingToCorrect
        concerned, on = (one.insured_id, one.person_id), day_of(at)
        with looked_at_as_a_whole(concerned, of=one.insured_id, on=on, confirmed=confirmed):
            held = Dependant.objects.filter(pk=one.pk, state=one.state)
            if not held.update(**changes):
                raise SomeoneElseActed
        foundation_journal.write(
            journal.DECLARATION_CORRECTED,
            one,
            actor=actor,
            at=at,
            person_id=one.insured_id,
            document=paper,
        )
        return {"dependant_id": one.pk, "person_id": one.person_id, "state": one.state}

    answer = once(command_id, "enrolment.correct_declaration", actor=actor, at=at, do=do)
    return DependantMoved(**answer)
