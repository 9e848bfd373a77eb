"""Dates in every form lists use: numbers, named months, inside a longer text; nothing invented.

Whether the day or the month comes first is asked of the whole column: one cell such as 25/02/1980
proves it for all the others.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import polars as pl

from qafila.linkage.values.dates import PartialDate
from qafila.lists.reading.cells.told import says_nothing
from qafila.lists.reading.cells.values import tidy
from qafila.lists.reading.cells.vocabulary import MONTHS
from qafila.tables.folding import fold, western_digits

FIRST_YEAR, LAST_YEAR = 1900, 2100
DAY_FIRST, MONTH_FIRST, MIXED, NOT_PROVEN = "day_first", "month_first", "mixed", "not_proven"
_EPOCH, _EPOCH_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_LATEST_SHORT_YEAR = 30
_TIME = r"(?:[T\s]+\d{1,2}:\d{2}.*)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/. ](\d{{1,2}})[-/. ](\d{{1,2}}){_TIME}")
_DAY_MONTH_YEAR = re.compile(rf"(\d{{1,2}})([-/. ])(\d{{1,2}})[-/. ](\d{{4}}|\d{{2}}){_TIME}")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_JOINED = re.compile(r"(\d{8})(?:\.0+)?")
_SERIAL = re.compile(r"(\d{4,5})(?:\.\d+)?")
_NAMED = re.compile(r"(\d{1,2})?\s*(?:er)?[\s\-/.]*([^\W\d_]+)\.?[\s\-/.,]*(\d{4}|\d{2})(?!\d)")
_MONTH_NAME_FIRST = re.compile(
    r"([^\W\d_]+)\.?[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?[,\s]+(\d{4})(?!\d)"
)
_DATE_INSIDE = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?!\d)"
)
_YEAR_INSIDE = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_UNKNOWN_PART = re.compile(r"(?<![\w/.\-?*])[-?xX_*]{1,2}(?=[/.])|(?<=[/.])[-?xX_*]{1,2}(?=[/.])")
_NUMBERS_ONLY = re.compile(r"[\dOoIl\s/.\-:]+")
_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—−ـ", "-"), "\\": "/", "⁄": "/", "∕": "/", "⁠": None})
_LETTERS_FOR_DIGITS = str.maketrans("OoIl", "0011")


@dataclass(frozen=True)
class Dates:
    """Days, how much of each was written, what must be said of a cell, and the column's order."""

    days: pl.Series
    precisions: pl.Series
    codes: pl.Series
    order: str


@dataclass(frozen=True)
class _Column:
    order: str
    latest: dt.date | None
    from_1904: bool

    @property
    def month_first(self) -> bool:
        return self.order == MONTH_FIRST


def read_dates(
    values: pl.Series, *, latest: dt.date | None = None, from_1904: bool = False
) -> Dates:
    """Dates of a column; with ``latest`` (of births), later ones and those before 1900 go."""
    distinct = values.drop_nulls().unique()
    texts = [_tidied(text) for text in distinct]
    column = _Column(_order_of(texts), latest, from_1904)
    found = [_read(text, column) for text in texts]
    days = pl.Series([one.date if one else None for one, _ in found], dtype=pl.Date)
    precisions = pl.Series([one.precision if one else None for one, _ in found], dtype=pl.String)
    codes = pl.Series([code for _, code in found], dtype=pl.String)

    def placed(results: pl.Series, dtype: pl.DataType) -> pl.Series:
        return values.replace_strict(distinct, results, default=None, return_dtype=dtype)

    return Dates(
        placed(days, pl.Date()),
        placed(precisions, pl.String()),
        placed(codes, pl.String()),
        column.order,
    )


def _tidied(text: str) -> str:
    """Western digits, plain signs; spaces around signs and letters typed for digits mended."""
    text = western_digits(tidy(text) or "").translate(_SIGNS).strip(" .,;'’")
    text = _UNKNOWN_PART.sub("00", text)
    if _NUMBERS_ONLY.fullmatch(text) and any(c.isdigit() for c in text):
        text = text.translate(_LETTERS_FOR_DIGITS)
        text = re.sub(r"\s*([/.\-])\s*", r"\1", text)
    return text


def _order_of(texts: list[str]) -> str:
    pairs = [(int(m[1]), int(m[3])) for t in texts if (m := _DAY_MONTH_YEAR.fullmatch(t))]
    day_first = any(first > 12 >= second for first, second in pairs)
    month_first = any(second > 12 >= first for first, second in pairs)
    if day_first and month_first:
        return MIXED
    if month_first:
        return MONTH_FIRST
    return DAY_FIRST if day_first or not pairs else NOT_PROVEN


def _read(text: str, column: _Column) -> tuple[PartialDate | None, str | None]:
    if not text or says_nothing(text):
        return None, None
    found, code = _as_written(text, column)
    if found is None:
        return None, code or "date_unreadable"
    outside = not FIRST_YEAR <= found.date.year <= LAST_YEAR
    if outside or (column.latest and found.date > column.latest):
        return None, "birth_impossible" if column.latest else "date_unreadable"
    return found, code


def _as_written(text: str, column: _Column) -> tuple[PartialDate | None, str | None]:
    if _NUMBERS_ONLY.fullmatch(text):
        return _numbers(text, column)
    named = _with_named_month(text, column)
    if named:
        return named, None
    inside = _DATE_INSIDE.search(text)
    if inside:
        return _numbers(inside[0], column)
    year = _YEAR_INSIDE.search(text)
    if not year:
        return None, None
    more = sum(c.isdigit() for c in text) > 4
    return _year_alone(int(year[0])), "date_only_year" if more else None


def _year_alone(year: int) -> PartialDate:
    return PartialDate(dt.date(year, 1, 1), "year")


def _numbers(text: str, column: _Column) -> tuple[PartialDate | None, str | None]:
    if found := _YEAR_FIRST.fullmatch(text):
        return _from_parts(int(found[1]), int(found[2]), int(found[3]), swapped_code=None)
    if found := _DAY_MONTH_YEAR.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _whole_year(found[4], column)
        day, month = (second, first) if column.month_first else (first, second)
        return _from_parts(year, month, day, swapped_code="date_exchanged")
    if found := _MONTH_YEAR.fullmatch(text):
        return _from_parts(int(found[2]), int(found[1]), None, swapped_code=None)
    if found := _JOINED.fullmatch(text):
        return _from_eight_digits(found[1]), None
    if found := _SERIAL.fullmatch(text):
        return _from_number(int(found[1]), column), None
    return None, None


def _whole_year(text: str, column: _Column) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    latest = column.latest.year % 100 if column.latest else _LATEST_SHORT_YEAR
    return year + (2000 if year <= min(latest, _LATEST_SHORT_YEAR) else 1900)


def _from_parts(
    year: int, month: int, day: int | None, *, swapped_code: str | None
) -> tuple[PartialDate | None, str | None]:
    """00 for a day or a month means that it is not known: said, and no day is made up for it."""
    code = None
    if day is not None and month > 12 >= day > 0:
        month, day, code = day, month, swapped_code
    if month == 0:
        return _checked(year, 1, 1, "year"), "date_only_year"
    if day == 0 or day is None:
        lowered = None if day is None else "date_only_month"
        return _checked(year, month, 1, "month"), lowered
    return _checked(year, month, day, "day"), code


def _checked(year: int, month: int, day: int, precision: str) -> PartialDate | None:
    try:
        return PartialDate(dt.date(year, month, day), precision)  # type: ignore[arg-type]
    except ValueError:
        return None


def _from_eight_digits(digits: str) -> PartialDate | None:
    """19800201, else 01021980."""
    year = int(digits[:4])
    if FIRST_YEAR <= year <= LAST_YEAR:
        found = _checked(year, int(digits[4:6]), int(digits[6:]), "day")
        if found:
            return found
    return _checked(int(digits[4:]), int(digits[2:4]), int(digits[:2]), "day")


def _from_number(number: int, column: _Column) -> PartialDate | None:
    """A year such as 1974, else a workbook's number of a day such as 27273."""
    if number < 10_000:
        return _year_alone(number) if number >= 1000 else None
    epoch = _EPOCH_1904 if column.from_1904 else _EPOCH
    return PartialDate(epoch + dt.timedelta(days=number), "day")


def _with_named_month(text: str, column: _Column) -> PartialDate | None:
    for found in _MONTH_NAME_FIRST.finditer(text):
        if month := MONTHS.get(fold(found[1])):
            return _checked(int(found[3]), month, int(found[2]), "day")
    for found in _NAMED.finditer(text):
        month = MONTHS.get(fold(found[2]))
        if month:
            year = _whole_year(found[3], column)
            first = "فاتح" in text[: found.start(2)]
            day = found[1] or ("1" if first else "")
            return _checked(year, month, int(day or 1), "day" if day else "month")
    return None
