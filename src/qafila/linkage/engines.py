"""Where Splink runs: DuckDB in this process, or Spark (local or a cluster)."""

import logging
import tempfile
from typing import Any, Literal

import duckdb
import polars as pl
from splink import DuckDBAPI, Linker

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import ELSE, Comparison, Level
from qafila.linkage.comparisons.signatures import signature_columns
from qafila.linkage.model import rarity_columns
from qafila.linkage.pairs import named_pairs

Engine = Literal["duckdb", "spark"]

_SCORED = "uid_l, uid_r, match_weight, match_probability"

logging.getLogger("splink").setLevel(logging.ERROR)


MEMORY = "7GB"
"""What DuckDB may hold in memory before it writes to the disk's temporary folder."""


def open_duckdb(threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """A private in-memory DuckDB that spills beyond `MEMORY`."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": tempfile.gettempdir(),
        "preserve_insertion_order": False,
    }
    if threads is not None:
        config["threads"] = threads
    return duckdb.connect(":memory:", config=config)


def compared_part(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns Splink needs: those compared, and the frequencies of their values."""
    return frame.drop(
        "file", "sheet", "row", "card_head", "card_tail", "family_words", "given_words"
    )


def frame_of(connection: duckdb.DuckDBPyConnection, sql: str) -> pl.DataFrame:
    found = pl.from_arrow(connection.sql(sql).to_arrow_table())
    if not isinstance(found, pl.DataFrame):
        raise TypeError("DuckDB gave back no table.")
    return found


def _level_number(comparison: Comparison, *, signed: bool = False) -> str:
    """SQL for Splink's number of the level two joined rows fall into; -1 when absent.

    `signed` says that the rows have their signatures: what cannot be so is not measured.
    """
    cases = "".join(
        f" WHEN {_condition(level, signed)} THEN {number}"
        for number, level in comparison.vector_values.items()
        if level.sql != ELSE
    )
    return f"CASE WHEN {comparison.absent} THEN -1{cases} ELSE 0 END AS {comparison.name}"


def _condition(level: Level, signed: bool) -> str:
    if not signed or level.possible is None:
        return level.sql
    return f"({level.possible}) AND ({level.sql})"


def _sides(frame: pl.DataFrame, where: str) -> str:
    columns = [name for name in frame.columns if name != "uid"]
    sides = ", ".join(f"l.{name} AS {name}_l, r.{name} AS {name}_r" for name in columns)
    return f"SELECT l.uid AS uid_l, r.uid AS uid_r, {sides} FROM frame l {where}"


def _rows_of(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The rows that stand in a pair; frequencies of values are columns and stay those of all."""
    rows = pl.concat([pairs["uid_l"], pairs["uid_r"]]).unique().to_frame("uid")
    return frame.join(rows, on="uid", how="semi", maintain_order="left")


def levels_of_pairs(frame: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The level of each comparison for given pairs (uid_l, uid_r), in their order."""
    numbers = ", ".join(_level_number(one) for one in COMPARISONS)
    joined = _sides(frame, "JOIN pairs p ON p.uid_l = l.uid JOIN frame r ON r.uid = p.uid_r")
    with open_duckdb() as connection:
        connection.register("frame", _rows_of(frame, pairs).to_arrow())
        connection.register("pairs", pairs.select("uid_l", "uid_r").to_arrow())
        found = frame_of(connection, f"SELECT uid_l, uid_r, {numbers} FROM ({joined})")
    return pairs.select("uid_l", "uid_r").join(
        found, on=["uid_l", "uid_r"], how="left", maintain_order="left"
    )


def count_patterns(frame: pl.DataFrame, on: str | None = None) -> pl.DataFrame:
    """How many pairs of rows fall into each combination of levels (`pairs`).

    A column per comparison holds the number of the level, -1 where absent. All pairs are counted,
    or those that share a value of `on`.
    """
    numbers = ", ".join(_level_number(one, signed=True) for one in COMPARISONS)
    shared = f" AND l.{on} = r.{on}" if on else ""
    signed = frame.hstack(signature_columns(frame))
    joined = _sides(signed, f"JOIN frame r ON l.uid < r.uid{shared}")
    with open_duckdb() as connection:
        connection.register("frame", signed.to_arrow())
        sql = f"SELECT *, count(*) AS pairs FROM (SELECT {numbers} FROM ({joined})) GROUP BY ALL"
        return frame_of(connection, sql).sort(pl.all())


def score_pairs(
    frame: pl.DataFrame,
    pairs: pl.DataFrame,
    model: dict[str, Any],
    least: float,
    engine: Engine = "duckdb",
) -> pl.DataFrame:
    """The pairs (uid_l, uid_r) that have at least the match weight `least` (bits), in order.

    Columns: uid_l, uid_r, match_weight (bits), match_probability.
    """
    if engine == "spark":
        from qafila.linkage.spark_engine import score_pairs_on_spark

        scored = score_pairs_on_spark(compared_part(frame), pairs, model, least)
    else:
        scored = _score_pairs_on_duckdb(frame, pairs, model, least)
    # Engines add floats in different orders: rounded, they give the same order of pairs.
    return scored.with_columns(pl.col("match_weight").round(3)).sort("uid_l", "uid_r")


def _score_pairs_on_duckdb(
    frame: pl.DataFrame, pairs: pl.DataFrame, model: dict[str, Any], least: float
) -> pl.DataFrame:
    with open_duckdb() as connection:
        api = DuckDBAPI(connection=connection)
        compared = api.register(compared_part(_rows_of(frame, pairs)).to_arrow())
        linker = Linker(compared, model, log_level=None, validate_settings=False)
        for name in rarity_columns():  # the rows have them: else Splink counts them again
            linker.table_management.register_term_frequency_lookup(compared, name)
        linker.table_management.register_blocked_pairs_for_predict(
            api.register(named_pairs(pairs).to_arrow())
        )
        scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        return frame_of(connection, f"SELECT {_SCORED} FROM {scored.physical_name}")
