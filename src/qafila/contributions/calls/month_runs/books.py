"""The months of the books as those who close and prepare them look at them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qafila.contributions.ledger.closed_months import last_closed_month
from qafila.contributions.ledger.months import first_day, months_after, months_between
from qafila.contributions.ledger.partitions import prepared_months
from qafila.contributions.models.calls_and_ledger import ClosedMonth, Run
from qafila.foundation.clock import day_of
from qafila.foundation.scope import reference_data
from qafila.institutions.actor_told import actor_told

MONTHS_AHEAD = 12


@dataclass(frozen=True)
class MonthOfBooks:
    """A month: how far its run is ('' none), who closed it and when, whether room is made for it.

    `over`: its last day is past. `closed`: it, or a month after it, was closed.
    """

    month: dt.date
    run: str
    closed: bool
    closed_by: str
    closed_at: dt.datetime | None
    prepared: bool
    over: bool

    @property
    def may_close(self) -> bool:
        """Called, over and still open."""
        return self.over and self.run == Run.State.POSTED and not self.closed


@reference_data
def months_of_books(*, at: dt.datetime) -> list[MonthOfBooks]:
    """Every month from the first run to a year ahead, the latest first. Four statements."""
    this = first_day(day_of(at))
    runs = dict(Run.objects.order_by("month").values_list("month", "state"))
    closings = ClosedMonth.objects.select_related("closed_by__account").order_by("month")
    closed = {one.month: one for one in closings}
    last, prepared = last_closed_month(), prepared_months()
    first = min([this, *runs, *closed])
    return [
        MonthOfBooks(
            month,
            runs.get(month, ""),
            last is not None and month <= last,
            actor_told(closed[month].closed_by) if month in closed else "",
            closed[month].closed_at if month in closed else None,
            month in prepared,
            months_after(month, 1) <= day_of(at),
        )
        for month in reversed(months_between(first, months_after(this, MONTHS_AHEAD)))
    ]
