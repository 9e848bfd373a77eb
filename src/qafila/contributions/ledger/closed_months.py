"""The months of the books: which are closed, and which one takes a posting today."""

from __future__ import annotations

import datetime as dt

from qafila.contributions.errors import MonthClosed
from qafila.contributions.ledger.months import first_day, months_after
from qafila.contributions.models.calls_and_ledger import ClosedMonth


def require_open(month: dt.date) -> None:
    """MonthClosed when `month` or a later one is closed."""
    if ClosedMonth.objects.filter(month__gte=month).exists():
        raise MonthClosed(month=month)


def last_closed_month() -> dt.date | None:
    """The latest closed month; months are closed in order, so all before it count as closed."""
    latest = ClosedMonth.objects.order_by("-month").first()
    return latest.month if latest else None


def books_month(day: dt.date) -> dt.date:
    """The month of the books for something posted on `day`: its own, or the first open after."""
    closed = last_closed_month()
    month = first_day(day)
    return month if closed is None or closed < month else months_after(closed, 1)
