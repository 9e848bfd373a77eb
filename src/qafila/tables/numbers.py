"""Numbers as people type them, on a page, in a command or in a file: read one way, never guessed.

A point or comma followed by exactly three digits may be a mark of thousands or of decimals:
"150.000" is a hundred and fifty, or a hundred and fifty thousand. Such a number is refused with a
code of its own, so that the person is asked.
"""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

from qafila.tables.folding import western_digits

TWO_WAYS = "number_two_ways"
UNREADABLE = "number_unreadable"
TOO_FINE = "number_too_fine"

_LONGEST = 15
_SPACES = re.compile(r"\s+")
_UNIT = re.compile(r"(?i)(?:\s*(?:dhs?|mad|درهما|درهم|دراهم)\.?)$")
_SIGNED = re.compile(r"([+\-\u2212]?)\s*(.*)", re.S)
_PLAIN = re.compile(r"\d+")
# Thousands by space or by the Arabic mark cannot be taken for decimals.
_GROUPED = re.compile(r"\d{1,3}(?:[ ٬]\d{3})+")
_ONE_MARK = re.compile(r"(\d+(?:[ ٬]\d{3})*)([.,٫])(\d+)")
_BOTH_MARKS = re.compile(r"(\d{1,3}(?:\.\d{3})+),(\d+)|(\d{1,3}(?:,\d{3})+)\.(\d+)")
_SEVERAL_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}")
_REGULAR = r"^[0-9]{1,10}(?:[.,][0-9]{1,2})?$"


class NumberRefused(ValueError):
    """What was typed is no number that can be read in one way; `code` says why."""

    def __init__(self, code: str, typed: str) -> None:
        super().__init__(code)
        self.code, self.typed = code, typed


def read_number(typed: str, *, decimals: int = 2) -> Decimal:
    """The number typed, with at most `decimals` digits behind its mark, zeros included.

    Arabic digits, spaces between thousands and a unit (DH, MAD, درهم) are read. Raises
    :class:`NumberRefused` with `TWO_WAYS` ("150.000"), `TOO_FINE` ("163.529", "1.5200") or
    `UNREADABLE` ("1e5", "-0", "12-3").
    """
    text = _UNIT.sub("", _SPACES.sub(" ", western_digits(typed)).strip()).strip()
    signed = _SIGNED.fullmatch(text)
    sign, digits = signed.groups() if signed else ("", text)
    whole, fraction = _parts(digits, typed)
    if len(fraction) > decimals:
        raise NumberRefused(TOO_FINE, typed)
    if len(whole) > _LONGEST:
        raise NumberRefused(UNREADABLE, typed)
    number = Decimal(f"{whole}.{fraction}" if fraction else whole)
    if sign in ("-", "\u2212"):
        if not number:
            raise NumberRefused(UNREADABLE, typed)
        return -number
    return number


def _parts(text: str, typed: str) -> tuple[str, str]:
    if _PLAIN.fullmatch(text) or _GROUPED.fullmatch(text) or _SEVERAL_GROUPS.fullmatch(text):
        return _bare(text), ""
    if both := _BOTH_MARKS.fullmatch(text):
        whole, fraction = (both[1], both[2]) if both[1] else (both[3], both[4])
        return _bare(whole), fraction
    one = _ONE_MARK.fullmatch(text)
    if one is None:
        raise NumberRefused(UNREADABLE, typed)
    whole, fraction = _bare(one[1]), one[3]
    # Nobody writes a mark of thousands behind a zero, nor behind more than three digits.
    if len(fraction) == 3 and len(whole) <= 3 and not whole.startswith("0"):
        raise NumberRefused(TWO_WAYS, typed)
    return whole, fraction


def _bare(text: str) -> str:
    return re.sub(r"\D", "", text)


def read_centimes(typed: str) -> int:
    """An amount in dirhams as whole centimes; raises :class:`NumberRefused`."""
    return int(read_number(typed) * 100)


def read_centimes_column(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    """A column of amounts as centimes, and the code of each cell that was refused, else null."""
    regular = values.str.contains(_REGULAR)
    plain = values.set(~regular, None).str.replace(",", ".", literal=True)
    centimes = (plain.cast(pl.Decimal(15, 2), strict=False) * 100).cast(pl.Int64)
    if regular.fill_null(value=True).all():
        return centimes, pl.Series("code", [None], dtype=pl.String).new_from_index(0, len(values))
    odd = values.set(regular, None)
    distinct = odd.drop_nulls().unique()
    found = [_centimes_or_code(text) for text in distinct]
    amounts = pl.Series([one if isinstance(one, int) else None for one in found], dtype=pl.Int64)
    codes = pl.Series([one if isinstance(one, str) else None for one in found], dtype=pl.String)
    read = odd.replace_strict(distinct, amounts, default=None, return_dtype=pl.Int64)
    refused = odd.replace_strict(distinct, codes, default=None, return_dtype=pl.String)
    return centimes.zip_with(centimes.is_not_null(), read), refused


def _centimes_or_code(text: str) -> int | str:
    try:
        return read_centimes(text)
    except NumberRefused as refused:
        return refused.code
