"""The waiting period (stage) of whoever enters, or comes back after too long: its months, its pay.

It lasts a number of months from the first month owed, and until its months are paid: the first
ones called from that month on, as many as it lasts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from qafila_law.contributions.calls import Call
from qafila_law.months import Month, day_of, month_of, months_later
from qafila_law.parameter_tree import earliest_or_at, get_parameter, value_at
from qafila_law.rights.timelines import FOREVER, Span

WAITING = "rights.waiting_months"
MUST_BE_PAID = "rights.waiting_months_must_be_paid"
CONTINUED = "rights.continued_after_activity_months"


class Wait(NamedTuple):
    """A waiting period: entry, first day after its months, day its months are paid, its end."""

    entered: date
    over_on: date
    paid_on: date
    ended_on: date

    @property
    def calendar(self) -> Span:
        """The days on which its months are not over."""
        return self.entered, min(self.over_on, self.ended_on)

    @property
    def unpaid(self) -> Span:
        """The days on which its months are not all paid."""
        return self.entered, min(self.paid_on, self.ended_on)


def waiting_months(on: Month) -> int:
    """Months between the first month owed and the opening of rights, by the first month owed."""
    entered = day_of(on) if not isinstance(on, str) or len(on) > len("2026-01") else month_of(on)
    return int(earliest_or_at(WAITING, entered).number)


def longest_wait(since: date) -> int:
    """The longest waiting period, in months, of any first month owed from `since` on."""
    later = [value for value in get_parameter(WAITING).values if value.since > since]
    return max(int(value.number) for value in [value_at(WAITING, since), *later])


def continued_until(ended_on: date) -> date:
    """The first day after the months of cover that follow the end of activity."""
    return months_later(ended_on, int(earliest_or_at(CONTINUED, ended_on).number))


def waits(
    active: tuple[Span, ...], months: Iterable[Call], relieved_on: date | None
) -> tuple[Wait, ...]:
    """The waiting periods of stretches of activity, in order.

    One at the first entry, and at a return after more than the months of continued cover. What a
    relief covers follows the waiting period of its own law from `relieved_on` on.
    """
    entries, reached = [], date.min
    for since, until in active:
        if since > reached:
            entries.append(since)
        reached = max(reached, FOREVER if until == FOREVER else continued_until(until))
    paid = paid_months(months)
    ends = [*entries[1:], FOREVER]
    return tuple(
        _wait(entered, end, paid, relieved_on) for entered, end in zip(entries, ends, strict=False)
    )


def _wait(entered: date, ended_on: date, paid: dict[date, date], relieved_on: date | None) -> Wait:
    count = waiting_months(entered)
    paid_on = entered
    if earliest_or_at(MUST_BE_PAID, entered).value is True:
        first = [day for month, day in sorted(paid.items()) if month >= entered][:count]
        paid_on = max(first, default=FOREVER) if len(first) == count else FOREVER
    if relieved_on is not None:
        paid_on = min(paid_on, relieved_on)
    return Wait(entered, months_later(entered, count), paid_on, ended_on)


def paid_months(months: Iterable[Call]) -> dict[date, date]:
    """The day from which each month called is paid in full (FOREVER: not yet); a month of nothing
    is not there."""
    paid: dict[date, date] = {}
    for call in months:
        if call.amount_centimes:
            day = call.settled_on or FOREVER
            month = month_of(call.month)
            paid[month] = max(day, paid.get(month, date.min))
    return paid
