"""Columns of raw text into canonical columns: regular cells by Polars, the others one by one.

Each function takes a text series (null where blank) and returns a series of the same length,
null where the cell holds nothing usable. Distinct irregular values are read once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

import polars as pl

from qafila.linkage.values.dates import PartialDate, parse_date
from qafila.linkage.values.identifiers import (
    normalise_card_number,
    normalise_fund_number,
)
from qafila.linkage.values.phones import normalise_phone
from qafila.lists.reading.vocabulary import CATEGORIES, MONTHS, SEXES, YES_NO
from qafila.tables.folding import decoded_once, fold, western_digits, without_hidden

_PLAIN = r"^[!-~]+(?: [!-~]+)*$"
_SPACES = re.compile(r"\s+")
_DATE_INSIDE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}|(?<!\d)(?:19|20)\d{2}(?!\d)")
_NAMED_MONTH = re.compile(r"(\d{1,2})?(?:er)?[\s\-/.]*([^\W\d_]+)\.?[\s\-/.]*(\d{4}|\d{2})")
_SEVERAL = re.compile(r"\s*(?:[/;,]|\s-\s|\bou\b|\bet\b|\n)\s*")
_NOT_NUMBER = re.compile(r"[^\d,.\-]")


def read_each(values: pl.Series, read: Callable[[str], object], dtype: pl.DataType) -> pl.Series:
    """``read`` applied to each distinct value once."""
    distinct = values.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series(values.name, [None], dtype=dtype).new_from_index(0, len(values))
    read_values = pl.Series([read(v) for v in distinct], dtype=dtype)
    return values.replace_strict(distinct, read_values, default=None, return_dtype=dtype)


def _regular_or_read(
    values: pl.Series, regular: pl.Series, read: Callable[[str], str | None]
) -> pl.Series:
    """``regular`` where it is filled, else the cell read by itself."""
    left = values.set(regular.is_not_null(), None)
    if left.null_count() == len(left):
        return regular
    return regular.zip_with(regular.is_not_null(), read_each(left, read, pl.String()))


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
    text = without_hidden(_SPACES.sub(" ", decoded_once(text)))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip() or None


def read_cards(values: pl.Series) -> pl.Series:
    """National card numbers by :func:`normalise_card_number`."""
    compact = values.str.replace_all(r"[ .\-]", "").str.to_uppercase()
    plain = compact.str.extract(r"^([A-Z][A-HJ-NPR-Z]?[0-9]{1,7})$")
    return _regular_or_read(values, plain, _card)


def _card(text: str) -> str | None:
    found = normalise_card_number(text)
    return str(found) if found else None


def read_phones(values: pl.Series) -> pl.Series:
    """Moroccan numbers in E.164; of several in one cell, the first that is one."""
    compact = values.str.replace_all(r"[ .\-]", "")
    local = compact.str.extract(r"^(?:\+212|00212|0)?([5-7][0-9]{8})$")
    regular = pl.select("+212" + local).to_series()
    return _regular_or_read(values, regular, _phone)


def _phone(text: str) -> str | None:
    whole = normalise_phone(text)
    if whole:
        return whole
    return next((p for part in _SEVERAL.split(text) if (p := normalise_phone(part))), None)


def read_fund_numbers(values: pl.Series) -> pl.Series:
    """Fund numbers of nine digits."""
    return _regular_or_read(values, values.str.extract("^([1-9][0-9]{8})$"), normalise_fund_number)


def read_dates(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Dates and their precisions (``day``, ``month``, ``year``)."""
    distinct = values.drop_nulls().unique()
    found = [read_date(v) for v in distinct]
    days = pl.Series([f.date if f else None for f in found], dtype=pl.Date)
    precisions = pl.Series([f.precision if f else None for f in found], dtype=pl.String)
    return (
        values.replace_strict(distinct, days, default=None, return_dtype=pl.Date),
        values.replace_strict(distinct, precisions, default=None, return_dtype=pl.String),
    )


def read_date(text: str) -> PartialDate | None:
    """A date in any form: numbers, named months, or inside a longer text ("né le … à Settat")."""
    found = parse_date(text)
    if found:
        return found
    tidied = tidy(text) or ""
    found = parse_date(tidied) or _named_month(tidied)
    if found:
        return found
    inside = _DATE_INSIDE.search(western_digits(tidied))
    return parse_date(inside[0]) if inside else None


def _named_month(text: str) -> PartialDate | None:
    match = _NAMED_MONTH.search(western_digits(text))
    month = MONTHS.get(fold(match[2])) if match else None
    if match is None or month is None:
        return None
    year = match[3]
    if match[1]:
        return parse_date(f"{match[1]}/{month}/{year}")
    return parse_date(f"{month}/{year}") if len(year) == 4 else None


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


def read_numbers_as_text(values: pl.Series) -> pl.Series:
    """Register, tax and auto-entrepreneur numbers: cleaned, ``.0`` of Excel dropped, upper case."""
    plain = values.str.contains("^[0-9A-Z]+$")
    if plain.all():
        return values
    return read_each(values, _number_as_text, pl.String())


def _number_as_text(text: str) -> str | None:
    bare = western_digits(tidy(text) or "").upper()
    return re.sub(r"\.0+$", "", bare) or None
