"""Small numbers that stand for values, from which follows cheaply that two values differ too much.

A name becomes the set of its letters, a number its digits. The conditions are DuckDB's SQL over the
numbers of two rows (`Level.possible`).
"""

from functools import reduce
from operator import or_

import polars as pl

LETTERS_OF = ("family_key", "family_spelling", "given_key", "given_spelling", "place_key")
"""The columns whose set of letters is asked for."""

DIGITS_OF = ("birth_day", "phone")
"""The columns whose digits are asked for."""

_BITS = 63


def letters_apart(column: str) -> str:
    """Characters that only one of two values has; an edit makes two at most."""
    return f"bit_count(xor({column}_set_l, {column}_set_r))"


def one_digit_apart(column: str) -> str:
    """Whether two numbers of equal length differ in one digit (half-byte)."""
    apart = f"xor({column}_digits_l, {column}_digits_r)"
    wrong = f"(({apart} | ({apart} >> 1) | ({apart} >> 2) | ({apart} >> 3)) & {0x111111111111111})"
    return f"{wrong} & ({wrong} - 1) = 0"


def signature_columns(frame: pl.DataFrame) -> list[pl.Series]:
    """The columns that the conditions ask for, in the rows' order."""
    digits = frame.select(_digits(name) for name in DIGITS_OF)
    return [*(_letters(frame, name) for name in LETTERS_OF), *digits.get_columns()]


def _digits(name: str) -> pl.Expr:
    """Digits as a hexadecimal number, so that one wrong digit is one wrong half-byte."""
    digits = pl.col(name).str.replace_all(r"[^0-9]", "")
    return digits.str.to_integer(base=16, dtype=pl.Int64).alias(f"{name}_digits")


def _letters(frame: pl.DataFrame, name: str) -> pl.Series:
    """The set of each value's characters, a bit for each; one edit changes two bits at most."""
    values = frame.select(pl.col(name).unique().drop_nulls())
    characters = values[name].str.split("").explode().unique().drop_nulls().to_list()
    bits = (_bit(name, one) for one in sorted(characters) if one)
    sets = values.with_columns(bits=reduce(or_, bits, pl.lit(0, pl.Int64)))
    joined = frame.select(name).join(sets, on=name, how="left", maintain_order="left")
    return joined["bits"].alias(f"{name}_set")


def _bit(name: str, character: str) -> pl.Expr:
    # Characters that share a bit make sets more alike, never less: nothing is lost by it.
    there = pl.col(name).str.contains(character, literal=True)
    return pl.when(there).then(pl.lit(1 << ord(character) % _BITS, pl.Int64)).otherwise(0)
