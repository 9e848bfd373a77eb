"""Days as columns: counted from 1970-01-01, with `NO_DAY` for those that are not there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qafila_law.contributions.rules import Flags, Integers
from qafila_law.parameter_tree import get_parameter

if TYPE_CHECKING:
    import pyarrow as pa

Days = NDArray[np.int64]

NO_DAY = np.iinfo(np.int64).max
# Days are packed in 20 bits, to the year 4840.
DAY_BITS = 20
END = (1 << DAY_BITS) - 1
_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def dated(path: str, days: Days) -> Integers:
    """The value of a parameter on each day (its first value before its first date)."""
    values = get_parameter(path).values
    starts = np.array([day_number(value.since) for value in values[1:]], np.int64)
    numbers = np.array([int(value.number) for value in values], np.int64)
    if numbers.size == 1:
        return np.broadcast_to(numbers, days.shape)
    return numbers[np.searchsorted(starts, days, side="right")]


def dated_flag(path: str, days: Days) -> Flags:
    """Whether a parameter that is true or false is true on each day, as `dated`."""
    values = get_parameter(path).values
    told = np.array([value.value is True for value in values])
    starts = np.array([day_number(value.since) for value in values[1:]], np.int64)
    found: Flags = told[np.searchsorted(starts, days, side="right")]
    return found


def months_later(days: Days, months: Integers | int) -> Days:
    """The same day of the month some months later, or the last day of a shorter month."""
    real = days < END
    dates = np.where(real, days, 0).astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    moved = month + np.asarray(months, "timedelta64[M]")
    day_in_month = (dates - month.astype("datetime64[D]")).astype(np.int64)
    first = moved.astype("datetime64[D]").astype(np.int64)
    length = (moved + 1).astype("datetime64[D]").astype(np.int64) - first
    return np.where(real, first + np.minimum(day_in_month, length - 1), NO_DAY)


def numbers_of(table: pa.Table, name: str) -> Integers:
    """A column of whole numbers."""
    numbers: Integers = table[name].to_numpy().astype(np.int64, copy=False)
    return numbers


def days_of(table: pa.Table | None, name: str) -> Days:
    """A column of dates (null: NO_DAY); no table, no rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if table is None:
        return np.zeros(0, np.int64)
    numbers = table[name].cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
    days: Days = pc.fill_null(numbers, int(NO_DAY)).to_numpy()
    return days


def dates_of(days: Days) -> Any:
    """Days as an Arrow array of dates."""
    import pyarrow as pa

    absent = days == NO_DAY
    numbers = np.where(absent, 0, days).astype(np.int32)
    return pa.array(numbers, pa.int32(), mask=absent).cast(pa.date32())
