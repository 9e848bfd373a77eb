"""The end of an enrolment, or the fund's refusal, taken back: it runs on without a gap."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import IntegrityError, transaction

from qafila.enrolment import access, errors, journal, states
from qafila.enrolment.changes import EnrolmentMoved
from qafila.enrolment.models import Enrolment, LifeEvent
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once


def reopen_enrolment(
    *,
    enrolment_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> EnrolmentMoved:
    """Take back an end written down in error: the enrolment is open again, as if it never ended.

    Without a fund number it is declared again. Raises NotAllowed, NotFoundInScope, ReasonNeeded,
    EnrolmentNotEnded, PersonDied (the death is taken back instead), LaterEnrolmentStands and
    FundNumberTaken.
    """
    scope = access.require_confirming(actor)
    why = typed_text.note(reason)
    if not why:
        raise errors.ReasonNeeded

    def do() -> dict[str, Any]:
        ended = access.get_enrolment(enrolment_id, scope=scope, lock=True)
        if states.enrolment_after("reopen_enrolment", ended.state) is None:
            raise errors.EnrolmentNotEnded
        _require_last(ended)
        _open_again(ended)
        foundation_journal.write(
            journal.ENROLMENT_REOPENED,
            ended,
            actor=actor,
            at=at,
            person_id=ended.person_id,
            reason=why,
        )
        return {
            "enrolment_id": ended.pk,
            "state": ended.state,
            "category": ended.category,
            "fund_number": ended.fund_number,
        }

    answer = once(command_id, "enrolment.reopen", actor=actor, at=at, do=do)
    return EnrolmentMoved(**answer)


def _require_last(ended: Enrolment) -> None:
    """Refuse where a death ended it, or where another enrolment came in its place."""
    if LifeEvent.objects.filter(person_id=ended.person_id, kind="death", state="told").exists():
        raise errors.PersonDied
    others = Enrolment.objects.filter(person_id=ended.person_id).exclude(pk=ended.pk)
    after = others.exclude(state="closed") | others.filter(effective_from__gte=ended.closed_on)
    if after.exists():
        raise errors.LaterEnrolmentStands


def _open_again(ended: Enrolment) -> None:
    """Compare-and-swap to the state it had: enrolled under its number, or declared."""
    after = "enrolled" if ended.fund_number else "declared"
    held = Enrolment.objects.filter(pk=ended.pk, state=ended.state, closed_on=ended.closed_on)
    try:
        with transaction.atomic():
            moved = held.update(state=after, closed_on=None)
    except IntegrityError as taken:
        raise errors.FundNumberTaken(number=ended.fund_number) from taken
    if not moved:
        raise SomeoneElseActed
    ended.refresh_from_db()
