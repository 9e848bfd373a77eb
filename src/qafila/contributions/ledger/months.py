"""Months of the books: each is the date of its first day."""

from __future__ import annotations

import datetime as dt


def first_day(day: dt.date) -> dt.date:
    """The month `day` lies in."""
    return dt.date(day.year, day.month, 1)


def months_after(month: dt.date, count: int) -> dt.date:
    """The month `count` months after (before, when negative) `month`."""
    year, index = divmod(month.year * 12 + month.month - 1 + count, 12)
    return dt.date(year, index + 1, 1)


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """Every month from `first` to `last`, both included; empty when `last` is earlier."""
    span = (last.year - first.year) * 12 + last.month - first.month
    return [months_after(first_day(first), step) for step in range(span + 1)]
