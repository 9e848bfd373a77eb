"""Months and days: every month is the date of its first day; days are plain dates."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import TypeAlias

from qafila_law.errors import BadDateError, BadMonthError

Month: TypeAlias = date | str

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_MONTH_TYPED = re.compile(r"(\d{1,2})/(\d{4})")
_DAY_TYPED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_EARLIEST, _LATEST = 1900, 2200


def month_of(month: Month) -> date:
    """The first day of `month`, given as '2026-01', '01/2026' or any date in it.

    BadMonthError otherwise.
    """
    if isinstance(month, date):
        return date(month.year, month.month, 1)
    year, number = 0, 0
    if match := _MONTH.fullmatch(month.strip()):
        year, number = int(match[1]), int(match[2])
    elif match := _MONTH_TYPED.fullmatch(month.strip()):
        number, year = int(match[1]), int(match[2])
    if not (_EARLIEST <= year <= _LATEST and 1 <= number <= 12):
        raise BadMonthError(month=month)
    return date(year, number, 1)


def day_of(day: date | str) -> date:
    """`day` as a date, given as one, as '2026-01-31' or '31/01/2026'; BadDateError otherwise."""
    if isinstance(day, date):
        return date(day.year, day.month, day.day)
    try:
        if match := _DAY_TYPED.fullmatch(day.strip()):
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(day.strip())
    except ValueError:
        raise BadDateError(day=day) from None


def months_later(day: date, months: int) -> date:
    """The same day `months` later (or earlier), or the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_later(day: date, years: int) -> date:
    """The birthday `years` later; 29 February becomes 1 March in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_day(month: date) -> date:
    """The last day of the month `month` falls in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> int:
    """Whole calendar months from the month of `first` to the month of `last`."""
    return (last.year - first.year) * 12 + last.month - first.month
