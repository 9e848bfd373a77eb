"""Columns of raw text into canonical columns: regular cells by Polars, the others one by one.

Each function takes a text series (null where blank) and returns a series of the same length,
null where the cell holds nothing usable. Distinct irregular values are read once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import polars as pl

from qafila.linkage.values.dates import parse_date
from qafila.lists.reading.cells.vocabulary import CATEGORIES, SEXES, YES_NO
from qafila.tables.folding import decoded_once, fold, tidied, western_digits

_PLAIN = r"^[!-~]+(?: [!-~]+)*$"
_NOT_NUMBER = re.compile(r"[^\d,.\-]")


def read_each(values: pl.Series, read: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    """``read`` applied to each distinct value once."""
    distinct = values.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series(values.name, [None], dtype=dtype).new_from_index(0, len(values))
    read_values = pl.Series([read(v) for v in distinct], dtype=dtype)
    return values.replace_strict(distinct, read_values, default=None, return_dtype=dtype)


def clean_text(values: pl.Series) -> pl.Series:
    """As written, in NFC, without control and bidi characters, spaces collapsed."""
    irregular = values.filter(~values.str.contains(_PLAIN))
    if irregular.null_count() == len(irregular):
        return values
    distinct = irregular.drop_nulls().unique()
    cleaned = pl.Series([tidy(v) for v in distinct], dtype=pl.String)
    changed = distinct != cleaned.fill_null("")
    if not changed.any():
        return values
    return values.replace(distinct.filter(changed), cleaned.filter(changed))


def tidy(text: str) -> str | None:
    """One cell as :func:`clean_text` leaves it; None when nothing remains."""
    return tidied(decoded_once(text)) or None


def read_whole_numbers(values: pl.Series) -> pl.Series:
    """Whole numbers; decimals are rounded half up, thousands separators and units dropped."""
    plain = values.str.extract("^([0-9]{1,15})$").cast(pl.Int64)
    left = values.set(plain.is_not_null(), None)
    if left.null_count() == len(left):
        return plain
    return plain.zip_with(plain.is_not_null(), read_each(left, _whole_number, pl.Int64()))


def _whole_number(text: str) -> int | None:
    digits = _NOT_NUMBER.sub("", western_digits(text).replace("٫", ",").replace("٬", ""))
    digits = digits.replace(",", ".").strip(".")
    if digits.count(".") > 1 or re.fullmatch(r"-?\d{1,3}\.\d{3}", digits):
        digits = digits.replace(".", "")
    try:
        number = Decimal(digits).quantize(Decimal(1), rounding="ROUND_HALF_UP")
    except InvalidOperation:
        return None
    return int(number) if 0 <= number < 10**15 else None


def read_sexes(values: pl.Series) -> pl.Series:
    """``F`` or ``M``."""
    return read_each(values, lambda v: SEXES.get(fold(v)), pl.String())


def read_categories(values: pl.Series) -> pl.Series:
    """``craftworker``, ``cpu``, ``auto_entrepreneur`` or ``accounts``."""
    return read_each(values, lambda v: CATEGORIES.get(fold(v)), pl.String())


def read_yes_no(values: pl.Series) -> pl.Series:
    """True for yes in any language; a date ("struck off on …") is a yes too."""
    return read_each(values, _yes_or_no, pl.Boolean())


def _yes_or_no(text: str) -> bool | None:
    word = YES_NO.get(fold(text))
    if word:
        return word == "yes"
    return True if parse_date(text) else None
