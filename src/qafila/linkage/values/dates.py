"""Dates of birth in every form lists use, with the precision they really have."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from qafila.linkage.names.transliteration import ARABIC_DIGITS

Precision = Literal["day", "month", "year"]

_EXCEL_EPOCH = date(1899, 12, 30)
_EARLIEST_YEAR = 1890
_TWO_DIGIT_PIVOT = 30
"""Two-digit years up to this one are read 20xx: beneficiaries' children are born after 2000."""

_YEAR_FIRST = re.compile(r"^(\d{4})[-/.\s](\d{1,2})[-/.\s](\d{1,2})(?:[T\s].*)?$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/.\s](\d{1,2})[-/.\s](\d{4}|\d{2})(?:\s.*)?$")
_MONTH_YEAR = re.compile(r"^(\d{1,2})[-/.](\d{4})$")
_NUMBER = re.compile(r"^(\d{4,5})(?:\.0+)?$")


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date and how much of it was written; missing parts are set to the first."""

    date: date
    precision: Precision


def parse_date(value: object) -> PartialDate | None:
    """The date in a cell, or None when it holds none.

    Read: dates, Excel serials (1 January 1900 system), a year alone, dd/mm/yyyy with / - . or
    spaces, yyyy-mm-dd, two-digit years (00-30 → 2000s), mm/yyyy, Arabic-Indic digits. A month
    above 12 means day and month were exchanged; 00 as day or month lowers the precision.
    """
    if isinstance(value, datetime):
        return PartialDate(value.date(), "day")
    if isinstance(value, date):
        return PartialDate(value, "day")
    if value is None or isinstance(value, bool):
        return None
    return _parse_text(str(value).translate(ARABIC_DIGITS).strip())


def _parse_text(text: str) -> PartialDate | None:
    if match := _YEAR_FIRST.match(text):
        return _from_parts(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.match(text):
        return _from_parts(_whole_year(match[3]), int(match[2]), int(match[1]))
    if match := _MONTH_YEAR.match(text):
        return _from_parts(int(match[2]), int(match[1]), 0)
    if match := _NUMBER.match(text):
        return _from_number(int(match[1]))
    return None


def _whole_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year <= _TWO_DIGIT_PIVOT else 1900)


def _from_parts(year: int, month: int, day: int) -> PartialDate | None:
    if month > 12 >= day:
        month, day = day, month
    if month == 0:
        return _checked(year, 1, 1, "year")
    if day == 0:
        return _checked(year, month, 1, "month")
    return _checked(year, month, day, "day")


def _checked(year: int, month: int, day: int, precision: Precision) -> PartialDate | None:
    if not _EARLIEST_YEAR <= year <= 2100:
        return None
    try:
        return PartialDate(date(year, month, day), precision)
    except ValueError:
        return None


def _from_number(number: int) -> PartialDate | None:
    """A year such as 1974, else an Excel serial such as 27273."""
    if _EARLIEST_YEAR <= number <= 2100:
        return PartialDate(date(number, 1, 1), "year")
    if number < 10_000:
        return None
    return PartialDate(_EXCEL_EPOCH + timedelta(days=number), "day")


def day_and_month_exchanged(left: date, right: date) -> bool:
    """Whether the two differ only by day and month taken for each other."""
    same_year = left.year == right.year
    return same_year and left != right and (left.day, left.month) == (right.month, right.day)
