"""Births of a table, from a date, its parts or a year, no more precise than they were written."""

from __future__ import annotations

import datetime as dt

import polars as pl

from qafila.lists.reading.cells.dates import read_dates
from qafila.lists.reading.remarks import Remarks

Columns = dict[str, pl.Series]


def joined_births(parts: pl.DataFrame) -> pl.Series:
    """Day, month and year of three columns as one date, as far as they are filled."""
    day, month, year = map(pl.col, parts.columns)
    known = pl.concat_str(day.fill_null("00"), month.fill_null("00"), year, separator="/")
    alone = day.is_null() & month.is_null()
    return parts.select(pl.when(alone).then(year).otherwise(known).alias("birth_date")).to_series()


def read_births(
    raw: Columns, columns: Columns, remarks: Remarks, today: dt.date, *, from_1904: bool
) -> dict[str, str]:
    """Adds ``birth_date`` and ``birth_precision``; returns how the days of each column were read.

    A date goes before a year; nobody is born after ``today``.
    """
    orders: dict[str, str] = {}
    for name in ("birth_date", "birth_year"):
        if name not in raw:
            continue
        read = read_dates(raw[name], latest=today, from_1904=from_1904)
        orders[name] = read.order
        remarks.add(name, read.codes, raw[name], _as_precise(read.days, read.precisions))
        days, precisions = read.days, read.precisions
        if "birth_date" in columns:
            known = columns["birth_date"].is_not_null()
            days = columns["birth_date"].zip_with(known, days)
            precisions = columns["birth_precision"].zip_with(known, precisions)
        columns["birth_date"], columns["birth_precision"] = days, precisions
    if "age" in raw:
        unused: pl.Series = raw["age"].is_not_null()
        if "birth_date" in columns:
            unused &= columns["birth_date"].is_null()
        remarks.add_where("age", unused, "age_not_used", raw["age"])
    return orders


def _as_precise(days: pl.Series, precisions: pl.Series) -> pl.Series:
    """Days as text, no more of each than was written."""
    return pl.select(precise_text(pl.lit(days), pl.lit(precisions))).to_series()


def precise_text(days: pl.Expr, precisions: pl.Expr) -> pl.Expr:
    """A date as text: 1980-02-01, 1980-02 or 1980, by what is known of it."""
    text = days.cast(pl.String)
    return (
        pl.when(precisions == "year")
        .then(text.str.slice(0, 4))
        .when(precisions == "month")
        .then(text.str.slice(0, 7))
        .otherwise(text)
    )
