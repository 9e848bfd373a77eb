"""Closing a case of unusual reading, with what was found out."""

from __future__ import annotations

import datetime as dt

from qafila.audit import errors
from qafila.audit.access import require_closing
from qafila.audit.cases import cases_in
from qafila.audit.journal import CASE_CLOSED
from qafila.audit.models import UnusualReading
from qafila.foundation import journal, typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting


def close_case(case_id: int, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Close a case with the reason. Nobody closes one about themselves.

    Raises NotAllowed, NotFoundInScope, ReasonMissing, OwnReading, CaseClosed.
    """
    scope = require_closing(actor)
    written = typed_text.note(reason)
    with acting(actor, at=at):
        case = cases_in(scope).select_for_update(of=("self",)).filter(pk=case_id).first()
        if case is None:
            raise NotFoundInScope(case=case_id)
        if case.reader_id == actor.id:
            raise errors.OwnReading
        if not written:
            raise errors.ReasonMissing
        closed = UnusualReading.objects.filter(pk=case_id, state=UnusualReading.State.OPEN).update(
            state=UnusualReading.State.CLOSED, closed_at=at, closed_by_id=actor.id, reason=written
        )
        if not closed:
            raise errors.CaseClosed
        journal.write(
            CASE_CLOSED, case, actor=actor, at=at, day=case.day.isoformat(), reason=written
        )
