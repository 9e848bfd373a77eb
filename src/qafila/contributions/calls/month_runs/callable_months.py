"""Which month may be called: the next one, as it comes; another only when it is asked for by name.

The fund's own report says what was owed before the books began. A month before it is never called:
everybody would owe what the fund knows to be paid.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Min

from qafila.contributions.calls.liabilities import last_report
from qafila.contributions.errors import (
    MonthBeingCounterPosted,
    MonthReportedByFund,
    MonthToBeNamed,
    MonthTooFarAhead,
)
from qafila.contributions.ledger.months import first_day, months_after, months_between
from qafila.contributions.models.calls_and_ledger import Run
from qafila.foundation.clock import day_of
from qafila.foundation.scope import reference_data
from qafila.foundation.wording.told import month_told

MONTHS_AHEAD_AS_IT_COMES = 1
MOST_MONTHS_AHEAD = 12
_State = Run.State


@reference_data
def callable_months(*, at: dt.datetime) -> list[dt.date]:
    """The months that can be called as they come, the next one first, then those counter-posted."""
    following, last = _next_month(at), _last_as_it_comes(at)
    reversed_ = Run.objects.filter(state=_State.REVERSED).order_by("month")
    again = [month for month in reversed_.values_list("month", flat=True) if month != following]
    return [*([following] if following <= last else []), *again]


def require_callable(month: dt.date, *, named: str, at: dt.datetime) -> None:
    """Raise unless `month` is to be called now, or `named` types its name.

    The name is 2027-03, or what the language in force calls the month.

    A run begun or posted already is its own matter. Errors: MonthReportedByFund, MonthTooFarAhead,
    MonthToBeNamed, MonthBeingCounterPosted.
    """
    run = Run.objects.filter(month=month).first()
    if run is not None and run.state == _State.REVERSING:
        raise MonthBeingCounterPosted(month=month)
    if run is not None:
        return
    begin = _books_begin()
    if begin is not None and month < begin:
        raise MonthReportedByFund(month=month, first=begin)
    furthest = months_after(first_day(day_of(at)), MOST_MONTHS_AHEAD)
    if month > furthest:
        raise MonthTooFarAhead(month=month, last=furthest)
    in_turn = month == _next_month(at) and month <= _last_as_it_comes(at)
    names = (f"{month:%Y-%m}", month_told(month).casefold())
    if not in_turn and named.strip().casefold() not in names:
        raise MonthToBeNamed(month=month, following=_next_month(at))


def _last_as_it_comes(at: dt.datetime) -> dt.date:
    return months_after(first_day(day_of(at)), MONTHS_AHEAD_AS_IT_COMES)


def _next_month(at: dt.datetime) -> dt.date:
    """The first month without a run after the first one that has one."""
    begun = list(Run.objects.order_by("month").values_list("month", flat=True))
    if not begun:
        return _books_begin() or first_day(day_of(at))
    missing = set(months_between(begun[0], months_after(begun[-1], 1))) - set(begun)
    return min(missing)


def _books_begin() -> dt.date | None:
    """The first month that the fund's report leaves to the books; None where it reported nothing.

    Later reports of the fund do not move it: the months called since then are the books' own.
    """
    with connection.cursor() as cursor:
        reported = last_report(cursor)
    if reported is None:
        return None
    first_run = Run.objects.aggregate(first=Min("month"))["first"]
    return min(first_run or first_day(reported), first_day(reported))
