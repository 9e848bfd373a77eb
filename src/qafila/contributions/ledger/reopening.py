"""A closed month opened again with four eyes: asked for by one person, confirmed by another.

Months are closed in order, so only the latest closed one is opened: those before it stay closed.
Nothing of the month's postings changes; what is booked from now on may be booked in it again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting
from qafila.contributions.errors import ReopeningNotPossible
from qafila.contributions.ledger.closed_months import last_closed_month
from qafila.contributions.ledger.months import first_day, months_after
from qafila.contributions.models.calls_and_ledger import ClosedMonth
from qafila.contributions.models.reopenings import MonthReopening
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.journal import EntryType, write
from qafila.foundation.scope import reference_data
from qafila.foundation.trail import acting
from qafila.institutions.actor_told import actor_told

LONGEST_REASON = 500
_State = MonthReopening.State


@dataclass(frozen=True)
class ReopeningTold:
    """A reopening as it stands: who asked and why, and who decided."""

    month: dt.date
    state: str
    reason: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None


@reference_data
def reopenings() -> list[ReopeningTold]:
    """Every reopening, the latest first; those that wait have the state `asked`."""
    rows = MonthReopening.objects.select_related(
        "asked_by__account", "decided_by__account"
    ).order_by("-pk")
    return [
        ReopeningTold(
            one.month,
            one.state,
            one.reason,
            actor_told(one.asked_by),
            one.asked_by_id,
            one.asked_at,
            actor_told(one.decided_by) if one.decided_by else "",
            one.decided_at,
        )
        for one in rows
    ]


@reference_data
def latest_closed() -> dt.date | None:
    """The month that may be opened again; None while nothing is closed."""
    return last_closed_month()


def ask_reopening(month: dt.date, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Ask that the latest closed month be opened again; nothing is opened yet.

    Errors: NotAllowed, ReopeningNotPossible.
    """
    require_posting(actor)
    month, reason = first_day(month), typed_text.line(reason, most=LONGEST_REASON)
    with acting(actor, at=at):
        _require_latest(month)
        if not reason:
            raise ReopeningNotPossible(problem="reason", month=month)
        try:
            with transaction.atomic():
                asked = MonthReopening.objects.create(
                    month=month, reason=reason, asked_at=at, asked_by_id=actor.id
                )
        except IntegrityError as known:
            raise ReopeningNotPossible(problem="asked", month=month) from known
        _journal(entries.REOPENING_ASKED, asked, actor, at, reason=reason)


def refuse_reopening(month: dt.date, *, actor: Actor, at: dt.datetime) -> None:
    """Refuse a reopening that waits, or withdraw one's own.

    Errors: NotAllowed, ReopeningNotPossible.
    """
    require_posting(actor)
    with acting(actor, at=at):
        asked = _waiting(first_day(month))
        _decide(asked, _State.REFUSED, actor, at)
        _journal(entries.REOPENING_REFUSED, asked, actor, at)


def confirm_reopening(month: dt.date, *, actor: Actor, at: dt.datetime) -> None:
    """Open the month again, as a second person; those before it stay closed.

    Errors: NotAllowed, ReopeningNotPossible.
    """
    require_posting(actor)
    month = first_day(month)
    with acting(actor, at=at):
        asked = _waiting(month)
        if asked.asked_by_id == actor.id:
            raise ReopeningNotPossible(problem="same_person", month=month)
        closed = _require_latest(month)
        _decide(asked, _State.CONFIRMED, actor, at)
        ClosedMonth.objects.get_or_create(
            month=months_after(month, -1),
            defaults={"closed_at": closed.closed_at, "closed_by_id": closed.closed_by_id},
        )
        closed.delete()
        _journal(entries.MONTH_REOPENED, asked, actor, at)


def _require_latest(month: dt.date) -> ClosedMonth:
    latest = ClosedMonth.objects.select_for_update().order_by("-month").first()
    if latest is None or latest.month < month:
        raise ReopeningNotPossible(problem="not_closed", month=month)
    if latest.month > month:
        raise ReopeningNotPossible(problem="later_closed", month=month, later=latest.month)
    return latest


def _waiting(month: dt.date) -> MonthReopening:
    waiting = MonthReopening.objects.select_for_update().filter(month=month, state=_State.ASKED)
    asked = waiting.first()
    if asked is None:
        raise ReopeningNotPossible(problem="not_asked", month=month)
    return asked


def _decide(asked: MonthReopening, state: str, actor: Actor, at: dt.datetime) -> None:
    moved = MonthReopening.objects.filter(pk=asked.pk, state=_State.ASKED).update(
        state=state, decided_at=at, decided_by_id=actor.id
    )
    if not moved:
        raise SomeoneElseActed


def _journal(
    entry: EntryType, asked: MonthReopening, actor: Actor, at: dt.datetime, **told: Any
) -> None:
    write(entry, asked, actor=actor, at=at, month=f"{asked.month:%Y-%m}", **told)
