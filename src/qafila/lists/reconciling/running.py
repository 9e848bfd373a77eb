"""Reads the files, links their rows, and gives every data row its person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from qafila.linkage.engines import Engine
from qafila.linkage.linking import LinkageResult, link_rows
from qafila.lists.reading.reading import read_files
from qafila.lists.reading.results import FileReading, Reading
from qafila.lists.reading.schemas import CANONICAL
from qafila.lists.reading.sentences import problem_sentence

EXPLAIN_ALL_UP_TO_ROWS = 200_000
"""Beyond this, only pairs that wait for a human carry their evidence, unless all is asked for."""

ROW_KEY = ["file", "sheet", "row"]


class NothingReadable(Exception):
    """No file could be read; ``sentences`` say why, at least one for each file."""

    def __init__(self, reading: Reading) -> None:
        self.sentences = [problem_sentence(problem) for problem in reading.problems]
        super().__init__(" ".join(self.sentences))

    def sentence(self) -> str:
        """All the reasons, one a line."""
        return "\n".join(self.sentences)


@dataclass(frozen=True)
class Reconciliation:
    """``rows``: file, sheet, row, person, probability, decision of every data row.

    Decisions: ``linked``, ``single``, ``review`` (waits for a human), ``repeated`` (repeats a row
    above it and has its person) and ``rejected`` (no person). ``pairs`` as the linkage gives them;
    ``explained`` when automatic links carry their evidence too.
    """

    reading: Reading
    rows: pl.DataFrame
    pairs: pl.DataFrame
    explained: bool

    @property
    def links(self) -> pl.DataFrame:
        """Pairs linked automatically, surest first."""
        return self.pairs.filter(pl.col("band") == "automatic")

    @property
    def review(self) -> pl.DataFrame:
        """Pairs a human should decide, best first."""
        return self.pairs.filter(pl.col("band") == "review")

    @property
    def persons(self) -> int:
        """How many persons the rows speak of."""
        return self.rows.get_column("person").drop_nulls().n_unique()


def reconcile_files(
    paths: Sequence[Path | str],
    *,
    engine: Engine = "duckdb",
    mapping: Mapping[str, Any] | None = None,
    explain: bool | None = None,
    on_file: Callable[[FileReading], None] | None = None,
    on_linking: Callable[[int], None] | None = None,
) -> Reconciliation:
    """Reads ``paths`` and links all their rows.

    ``on_file`` is called after each file and ``on_linking`` with the number of rows before
    linking. ``explain`` says whether automatic links carry their evidence too; unless told, they
    do up to EXPLAIN_ALL_UP_TO_ROWS. Raises :class:`NothingReadable` when no file holds a list,
    MappingError for a wrong mapping.
    """
    reading = read_files(paths, mapping=mapping, on_file=on_file)
    if not any(file.usable for file in reading.files):
        raise NothingReadable(reading)
    if on_linking:
        on_linking(reading.rows.height)
    everything = reading.rows.height <= EXPLAIN_ALL_UP_TO_ROWS if explain is None else explain
    result = _linked(reading.rows, engine, everything)
    rows = _every_row(reading, result.assignments)
    return Reconciliation(reading, rows, result.pairs, explained=everything)


def _linked(rows: pl.DataFrame, engine: Engine, everything: bool) -> LinkageResult:
    columns = [name for name in CANONICAL if name != "warnings"]
    return link_rows(rows.select(columns), engine=engine, explain="all" if everything else "review")


def _every_row(reading: Reading, assignments: pl.DataFrame) -> pl.DataFrame:
    columns = [*ROW_KEY, "person", "probability", "decision"]
    linked = assignments.select(columns)
    firsts = linked.select("file", "sheet", "person", "probability", first_row="row")
    repeated = reading.repeated.join(firsts, on=["file", "sheet", "first_row"], how="left")
    rejected = reading.rejected.select(ROW_KEY).with_columns(
        pl.lit(None, pl.String).alias("person"), pl.lit(None, pl.Float64).alias("probability")
    )
    together = pl.concat(
        [
            linked,
            repeated.with_columns(decision=pl.lit("repeated")).select(columns),
            rejected.with_columns(decision=pl.lit("rejected")).select(columns),
        ]
    )
    return _in_reading_order(together, reading)


def _in_reading_order(rows: pl.DataFrame, reading: Reading) -> pl.DataFrame:
    places = [
        {"file": file.name, "sheet": name, "place": number}
        for number, (file, name) in enumerate(
            (f, n) for f in reading.files for n in dict.fromkeys(s.name for s in f.sheets)
        )
    ]
    order = pl.DataFrame(places, schema={"file": pl.String, "sheet": pl.String, "place": pl.Int64})
    ordered = rows.join(order, on=["file", "sheet"], how="left").sort("place", "row")
    return ordered.drop("place")
