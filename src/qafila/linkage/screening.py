"""Put aside, cheaply, the pairs that could not even reach the review queue.

Of the pairs that share a block, nine in ten are strangers. Weighing a pair in full means measuring
edit distances of names and numbers; telling that it is far too light needs less. Every row gets a
signature of small numbers: a value becomes a hash, a number its digits, a name the set of its
letters. From two signatures follows the most that each comparison can give (`Level.possible`), and
the sum of these is never below the pair's weight. Only pairs whose sum reaches the wanted weight
are weighed in full, so nothing that would be kept is lost.
"""

import math

import polars as pl

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import ELSE, Comparison, Level
from qafila.linkage.comparisons.signatures import signature_columns
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
    "birth_exact",
    "birth_day",
    "birth_exchanged",
    "phone",
)
_AS_IT_IS = ("birth_year", "first_january")


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
        *signature_columns(frame),
        *(_rare_weight(level, chances) for level in rare),
    )


def _hash(name: str) -> pl.Expr:
    short = (pl.col(name).hash(_SEED) // 2**32).cast(pl.UInt32)
    return pl.when(pl.col(name).is_not_null()).then(short).alias(name)


def _rare_weight(level: Level, chances: Chances) -> pl.Expr:
    """The most of a level for the value of one side: the other's can only be more frequent."""
    share = pl.max_horizontal(f"tf_{level.rarity_column}", pl.lit(level.rarity_floor))
    u = chances[level.code][1]
    weight = _weight(level, chances) + math.log2(u) - share.log(2)
    return (weight * _UNITS).ceil().cast(pl.Int32).alias(f"{level.code}_weight")
