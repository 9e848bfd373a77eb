"""Numbers and days as people type them: read in one way, or refused with a code."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.tables.dates import DateRefused, read_day, read_day_column
from qafila.tables.numbers import (
    NumberRefused,
    read_centimes,
    read_centimes_column,
    read_number,
)

READ = {
    "163.52": "163.52", "163,52": "163.52", "150": "150", "1 560,50": "1560.50",
    "1\u202f560,50": "1560.50", "1.560,50": "1560.50", "1,560.50": "1560.50", "١٦٣٫٥٢": "163.52",
    "١٦٣,٥٢": "163.52", "1٬560٫5": "1560.5", "1.234.567": "1234567", "163,52 DH": "163.52",
    "163.5 MAD": "163.5", "20 درهم": "20", "+12": "12", "-163.52": "-163.52", "−3,5": "-3.5",
    "0": "0", "0,5": "0.5", "12 345": "12345",
}  # fmt: skip
REFUSED = {
    "150.000": "number_two_ways", "1,560": "number_two_ways", "1.560": "number_two_ways",
    "163.520": "number_two_ways", "١٫٥٦٠": "number_two_ways",
    "163.5200": "number_too_fine", "0.125": "number_too_fine", "1234.567": "number_too_fine",
    "1 234,567": "number_too_fine", "1.560,505": "number_too_fine",
    "1e5": "number_unreadable", "-0": "number_unreadable", "-0,00": "number_unreadable",
    "12-3": "number_unreadable", "": "number_unreadable", "cent": "number_unreadable",
    "1,2,3": "number_unreadable", "1 23": "number_unreadable", "0x10": "number_unreadable",
    "NaN": "number_unreadable", "12.": "number_unreadable", ".5": "number_unreadable",
    "1_000": "number_unreadable", "163,52 EUR": "number_unreadable", "9" * 16: "number_unreadable",
}  # fmt: skip


@pytest.mark.parametrize(("typed", "number"), READ.items())
def test_a_number_typed_in_one_sense_is_read(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(("typed", "code"), REFUSED.items())
def test_a_number_of_two_senses_or_none_is_refused(typed: str, code: str) -> None:
    with pytest.raises(NumberRefused) as refused:
        read_number(typed)
    assert refused.value.code == code


@given(st.lists(st.one_of(st.sampled_from([*READ, *REFUSED]), st.none(), st.text(max_size=8))))
def test_a_column_is_read_as_its_cells(cells: list[str | None]) -> None:
    centimes, codes = read_centimes_column(pl.Series("a", cells, dtype=pl.String))
    for cell, amount, code in zip(cells, centimes, codes, strict=True):
        assert (amount, code) == ((None, None) if cell is None else _one(cell))


def _one(cell: str) -> tuple[int | None, str | None]:
    try:
        return read_centimes(cell), None
    except NumberRefused as refused:
        return None, refused.code


DAY = dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    "written",
    ["2026-11-20", "20/11/2026", "20.11.2026", "20-11-2026", "2026/11/20", "2026-11-20 10:00:00",
     "20/11/2026 10:00", "٢٠/١١/٢٠٢٦", " 2026-11-20 ", "2026-11-20T10:00:00Z"],
)  # fmt: skip
def test_a_day_is_read_the_day_before_the_month(written: str) -> None:
    assert read_day(written) == DAY


@pytest.mark.parametrize(
    ("written", "code"),
    [("20/11/26", "date_two_digit_year"), ("20.11.26", "date_two_digit_year"),
     ("11/20/2026", "date_unreadable"), ("31/02/2026", "date_unreadable"),
     ("46345", "date_unreadable"), ("demain", "date_unreadable"), ("", "date_unreadable")],
)  # fmt: skip
def test_a_day_of_two_senses_or_none_is_refused(written: str, code: str) -> None:
    with pytest.raises(DateRefused) as refused:
        read_day(written)
    assert refused.value.code == code


def test_a_column_of_days_names_what_it_refuses() -> None:
    days, codes = read_day_column(pl.Series(["20/11/2026", None, "20/11/26"]))
    assert days.to_list() == [DAY, None, None]
    assert codes.to_list() == [None, None, "date_two_digit_year"]
