"""Preparing and closing months of the books."""

from __future__ import annotations

import datetime as dt

from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.errors import MonthNotOver, MonthNotRun
from qafila.contributions.ledger.months import first_day, months_after, months_between
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import ClosedMonth, Run
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.journal import write
from qafila.foundation.trail import acting


def prepare_months(first: dt.date, last: dt.date, *, actor: Actor, at: dt.datetime) -> int:
    """Make the partitions of every month from `first` to `last`; returns how many were missing."""
    require_posting_everywhere(actor)
    with acting(actor, at=at):
        return make_partitions(months_between(first_day(first), first_day(last)))


def close_month(month: dt.date, *, actor: Actor, at: dt.datetime) -> None:
    """Close the books of `month` and of everything before it. Repeating it changes nothing.

    MonthNotRun when the month's calls are not posted yet, MonthNotOver while payments of the month
    can still come.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    if months_after(month, 1) > day_of(at):
        raise MonthNotOver(month=f"{month:%Y-%m}")
    with acting(actor, at=at):
        run = Run.objects.select_for_update().filter(month=month, state=Run.State.POSTED).first()
        if run is None:
            raise MonthNotRun(month=month)
        _, created = ClosedMonth.objects.get_or_create(
            month=month, defaults={"closed_at": at, "closed_by_id": actor.id}
        )
        if created:
            write(entries.MONTH_CLOSED, run, actor=actor, at=at, month=f"{month:%Y-%m}")
