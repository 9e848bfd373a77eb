"""Days as people write them in tables: 2026-11-30, 30/11/2026, 30.11.2026, with or without time."""

from __future__ import annotations

import datetime as dt
import re

import polars as pl

from qafila.tables.folding import western_digits

UNREADABLE = "date_unreadable"
TWO_DIGIT_YEAR = "date_two_digit_year"

_TIME = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}")
_DAY_FIRST = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_TIME}")
_SHORT_YEAR = re.compile(rf"\d{{1,2}}([-/.])\d{{1,2}}\1\d{{2}}{_TIME}")


class DateRefused(ValueError):
    """What was written is no day that can be read in one way; `code` says why."""

    def __init__(self, code: str, written: str) -> None:
        super().__init__(code)
        self.code, self.written = code, written


def read_day(written: str) -> dt.date:
    """The day written, the day before the month. Raises :class:`DateRefused`.

    A year of two digits is asked about (`TWO_DIGIT_YEAR`): the reader of a file of payments cannot
    know the century, nor whether the year stands first.
    """
    text = western_digits(written).strip()
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = found[1], found[3], found[4]
    elif found := _DAY_FIRST.fullmatch(text):
        day, month, year = found[1], found[3], found[4]
    else:
        raise DateRefused(TWO_DIGIT_YEAR if _SHORT_YEAR.fullmatch(text) else UNREADABLE, written)
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        raise DateRefused(UNREADABLE, written) from None


def read_day_column(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """A column of days, and the code of each cell that was refused, else null."""
    distinct = values.drop_nulls().unique()
    found = [_day_or_code(text) for text in distinct]
    days = pl.Series([one if isinstance(one, dt.date) else None for one in found], dtype=pl.Date)
    codes = pl.Series([one if isinstance(one, str) else None for one in found], dtype=pl.String)
    return (
        values.replace_strict(distinct, days, default=None, return_dtype=pl.Date),
        values.replace_strict(distinct, codes, default=None, return_dtype=pl.String),
    )


def _day_or_code(text: str) -> dt.date | str:
    try:
        return read_day(text)
    except DateRefused as refused:
        return refused.code
