"""The new waiting period after a long time without payment, and what excuses it."""

from __future__ import annotations

from datetime import date, timedelta

from qafila_law.contributions.calls import Call
from qafila_law.contributions.relief import ReliefCourse, last_month_erased
from qafila_law.months import month_of, months_later
from qafila_law.parameter_tree import earliest_or_at
from qafila_law.rights.rights_facts import Excuse
from qafila_law.rights.timelines import FOREVER, Span

LONGEST = "rights.interruption.longest_months"
WAITING = "rights.interruption.waiting_months"
EXCUSED_BY = "rights.interruption.excused_by"


def interruption_waits(
    months: tuple[Call, ...], relief: ReliefCourse | None, excuses: tuple[Excuse, ...]
) -> tuple[Span, ...]:
    """The waiting periods that follow the payment of months left unpaid too long."""
    found = (_wait_after(call, relief, excuses) for call in months)
    return tuple(span for span in found if span is not None)


def _wait_after(
    call: Call, relief: ReliefCourse | None, excuses: tuple[Excuse, ...]
) -> Span | None:
    paid_on = call.settled_on
    if paid_on is None or under_relief(call, relief, paid_on):
        return None
    overdue = call.due_on + timedelta(days=1)
    longest = int(earliest_or_at(LONGEST, paid_on).number)
    if paid_on <= months_later(overdue, longest) or excused(overdue, paid_on, excuses):
        return None
    wait = int(earliest_or_at(WAITING, paid_on).number)
    return (paid_on, months_later(month_of(paid_on), 1 + wait)) if wait else None


def under_relief(call: Call, relief: ReliefCourse | None, paid_on: date) -> bool:
    """Whether the month was covered by a running relief when it was paid."""
    if relief is None or call.month > last_month_erased():
        return False
    return relief.first_payment_on <= paid_on < (relief.lost_on or FOREVER)


def excused(overdue: date, paid_on: date, excuses: tuple[Excuse, ...]) -> bool:
    """Whether an excuse the law knows held on a day between."""
    known = excuses_known(paid_on)
    return any(
        one.kind in known and one.since < paid_on and overdue < (one.until or FOREVER)
        for one in excuses
    )


def excuses_known(on: date) -> frozenset[str]:
    """The kinds of excuse the law knows on `on`."""
    told = str(earliest_or_at(EXCUSED_BY, on).value)
    return frozenset(kind.strip() for kind in told.split(","))
