"""Put aside, cheaply, the pairs that could not even reach the review queue.

Of the pairs that share a block, nine in ten are strangers. Weighing a pair in full means measuring
edit distances of names and numbers; telling that it is far too light needs less. Every row gets a
signature of small numbers: a value becomes a hash, a number its digits, a name the set of its
letters. From two signatures follows the most that each comparison can give (`Level.possible`), and
the sum of these is never below the pair's weight. Only pairs whose sum reaches the wanted weight
are weighed in full, so nothing that would be kept is lost.
"""

import math
from functools import reduce
from operator import or_

import polars as pl

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import ELSE, Comparison, Level
from qafila.linkage.engines import frame_of, open_duckdb
from qafila.linkage.model import Chances

_UNITS = 1000
"""Weights are summed as whole thousandths of a bit, rounded up."""

_SLACK = 20
_SEED = 29
_HASHED = (
    "card_number",
    "card_letters",
    "card_head",
    "card_tail",
    "fund_number",
    "register_number",
    "tax_number",
    "ae_number",
    "family_spelling",
    "family_key",
    "family_core",
    "given_spelling",
    "given_key",
    "given_first",
    "place",
    "place_key",
    "province",
    "craft",
    "sex",
)
_AS_DIGITS = ("birth_exact", "birth_day", "birth_exchanged", "phone")
_AS_IT_IS = ("birth_year", "first_january")
_LETTERS_OF = ("family_key", "family_spelling", "given_key", "given_spelling", "place_key")
_BITS = 63


def screened_pairs(
    frame: pl.DataFrame,
    pairs: pl.DataFrame,
    chances: Chances,
    prior: float,
    least: float,
) -> pl.DataFrame:
    """The pairs (uid_l, uid_r) whose match weight may be `least` bits or more, in their order.

    `frame` holds the compared columns and the frequencies of their values; `prior` is the chance
    that two random rows are one person.
    """
    signatures = _signatures(frame, chances)
    columns = [name for name in signatures.columns if name != "uid"]
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in columns)
    most = " + ".join(_most(comparison, chances) for comparison in COMPARISONS)
    start = _units(math.log2(prior / (1 - prior)))
    sql = (
        f"SELECT uid_l, uid_r FROM (SELECT uid_l, uid_r, {sides} FROM pairs"
        " JOIN signatures l ON l.uid = uid_l JOIN signatures r ON r.uid = uid_r)"
        f" WHERE {most} + {start} >= {math.floor(least * _UNITS) - _SLACK}"
    )
    with open_duckdb() as connection:
        connection.register("signatures", signatures.to_arrow())
        connection.register("pairs", pairs.to_arrow())
        return frame_of(connection, sql).sort("uid_l", "uid_r")


def _units(weight: float) -> int:
    return math.ceil(weight * _UNITS)


def _most(comparison: Comparison, chances: Chances) -> str:
    """SQL for the most a comparison can give two signatures."""
    most = ""
    for level in reversed(comparison.levels):
        weight = _weight_column(level) or str(_units(_weight(level, chances)))
        if level.sql == ELSE:
            most = weight
        elif level.possible is None:
            most = f"CASE WHEN {level.sql} THEN {weight} ELSE {most} END"
        else:
            most = f"greatest(CASE WHEN {level.possible} THEN {weight} END, {most})"
    return f"(CASE WHEN {comparison.absent} THEN 0 ELSE {most} END)"


def _weight(level: Level, chances: Chances) -> float:
    m, u = chances[level.code]
    return math.log2(m / u)


def _weight_column(level: Level) -> str | None:
    return None if level.rarity_column is None else f"{level.code}_weight_l"


def _signatures(frame: pl.DataFrame, chances: Chances) -> pl.DataFrame:
    """Per row the columns that `possible` and plain equality ask for, as small numbers."""
    rare = [level for one in COMPARISONS for level in one.levels if level.rarity_column]
    return frame.select(
        "uid",
        *_AS_IT_IS,
        *(_hash(name) for name in _HASHED),
        *(_digits(name) for name in _AS_DIGITS),
        *(_letters(frame, name) for name in _LETTERS_OF),
        *(_rare_weight(level, chances) for level in rare),
    )


def _hash(name: str) -> pl.Expr:
    short = (pl.col(name).hash(_SEED) // 2**32).cast(pl.UInt32)
    return pl.when(pl.col(name).is_not_null()).then(short).alias(name)


def _digits(name: str) -> pl.Expr:
    """Digits as a hexadecimal number, so that one wrong digit is one wrong half-byte."""
    digits = pl.col(name).str.replace_all(r"[^0-9]", "")
    return digits.str.to_integer(base=16, dtype=pl.Int64).alias(name)


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


def _rare_weight(level: Level, chances: Chances) -> pl.Expr:
    """The most of a level for the value of one side: the other's can only be more frequent."""
    share = pl.max_horizontal(f"tf_{level.rarity_column}", pl.lit(level.rarity_floor))
    u = chances[level.code][1]
    weight = _weight(level, chances) + math.log2(u) - share.log(2)
    return (weight * _UNITS).ceil().cast(pl.Int32).alias(f"{level.code}_weight")
