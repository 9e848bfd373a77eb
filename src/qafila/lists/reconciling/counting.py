"""The figures of a reconciliation: per file, between files, and of the links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from qafila.lists.reconciling.running import ROW_KEY, Reconciliation


@dataclass(frozen=True)
class FileFigures:
    """One file's balance (read = accepted + rejected + repeated + skipped) and its persons.

    ``remarked``: accepted rows of which something was not understood.
    """

    file: str
    sources: tuple[str, ...]
    read: int
    accepted: int
    rejected: int
    repeated: int
    skipped: int
    remarked: int
    persons: int
    only_here: int
    several_times: int


def figures_by_file(done: Reconciliation) -> list[FileFigures]:
    """One entry per file, those that could not be read included."""
    persons = dict(_counted(persons_in_files(done)))
    only = dict(_counted(only_here(done)))
    several = dict(_counted(several_times(done)))
    return [
        FileFigures(
            file.name,
            tuple(dict.fromkeys(s.source for s in file.sheets)),
            file.read,
            file.accepted,
            file.rejected.height,
            file.repeated.height,
            file.left_out.height,
            file.remarked,
            persons.get(file.name, 0),
            only.get(file.name, 0),
            several.get(file.name, 0),
        )
        for file in done.reading.files
    ]


def _counted(frame: pl.DataFrame) -> list[tuple[str, int]]:
    return frame.group_by("file").agg(pl.col("person").n_unique()).rows()


def persons_in_files(done: Reconciliation) -> pl.DataFrame:
    """Distinct pairs of file and person."""
    return done.rows.select("file", "person").drop_nulls("person").unique(maintain_order=True)


def only_here(done: Reconciliation) -> pl.DataFrame:
    """Persons (file, person) who are in one file and in none of the others."""
    return persons_in_files(done).filter(pl.len().over("person") == 1)


def several_times(done: Reconciliation) -> pl.DataFrame:
    """Persons (file, person, times) on more than one row of a file, repeated rows counted."""
    rows = done.rows.drop_nulls("person").group_by("file", "person", maintain_order=True)
    return rows.agg(times=pl.len()).filter(pl.col("times") > 1)


def problems_by_kind(done: Reconciliation) -> pl.DataFrame:
    """``outcome``, ``code``, ``rows``, ``files``: what was not understood or left out, by kind."""
    reading = done.reading
    parts = [
        reading.remarks.select("file", "sheet", "row", "code", outcome=pl.lit("accepted")),
        reading.rejected.select("file", "sheet", "row", code="reason", outcome=pl.lit("rejected")),
        reading.repeated.select(
            "file", "sheet", "row", code=pl.lit("repeats_row"), outcome=pl.lit("repeated")
        ),
        reading.left_out.select("file", "sheet", "row", code="why", outcome=pl.lit("skipped")),
    ]
    every = pl.concat(parts).unique(["file", "sheet", "row", "code", "outcome"])
    counted = every.group_by("outcome", "code").agg(rows=pl.len(), files=pl.col("file").n_unique())
    return counted.sort("outcome", "rows", "code", descending=[False, True, False])


def overlaps(done: Reconciliation) -> pl.DataFrame:
    """``left``, ``right``, ``persons`` for every two files, and each file with itself."""
    pairs = persons_in_files(done)
    met = pairs.join(pairs, on="person", suffix="_right")
    counts = met.group_by(left="file", right="file_right").agg(persons=pl.len())
    names = pl.DataFrame({"left": [f.name for f in done.reading.files if f.usable]})
    every = names.join(names.rename({"left": "right"}), how="cross")
    return every.join(counts, on=["left", "right"], how="left").fill_null(0)


def lists_per_person(done: Reconciliation) -> pl.DataFrame:
    """``lists``, ``persons``: how many persons are on one list, on two, and so on."""
    per_person = persons_in_files(done).group_by("person").agg(lists=pl.len())
    return per_person.group_by("lists").agg(persons=pl.len()).sort("lists")


def weights(done: Reconciliation) -> pl.DataFrame:
    """``weight`` (whole bits), ``band``, ``pairs``: how sure the links are."""
    bits = done.pairs.select(pl.col("weight").clip(-10, 60).floor().cast(pl.Int64), "band")
    return bits.group_by("weight", "band").agg(pairs=pl.len()).sort("weight", "band")


def sample_pairs(done: Reconciliation) -> list[dict[str, Any]]:
    """Up to four telling pairs with evidence: surest, across scripts, barely sure, to decide."""
    explained = done.pairs.filter(pl.col("evidence").list.len() > 0)
    automatic = explained.filter(pl.col("band") == "automatic")
    codes = pl.col("evidence").list.eval(pl.element().struct.field("code")).list
    across = automatic.filter(codes.contains("family_same_other_script"))
    chosen = [
        automatic.head(1),
        across.head(1),
        automatic.tail(1),
        explained.filter(pl.col("band") == "review").head(1),
    ]
    together = pl.concat(chosen).unique(subset=_PAIR_KEY, maintain_order=True)
    return with_names(together, done).to_dicts()


_PAIR_KEY = [f"{side}_{name}" for side in ("left", "right") for name in ROW_KEY]


def with_names(pairs: pl.DataFrame, done: Reconciliation) -> pl.DataFrame:
    """Adds ``left_name`` and ``right_name`` as written."""
    named = done.reading.rows.select(*ROW_KEY, name=written_name())
    for side in ("left", "right"):
        keys = [f"{side}_{name}" for name in ROW_KEY]
        pairs = pairs.join(
            named.rename({"name": f"{side}_name"}),
            left_on=keys,
            right_on=ROW_KEY,
            how="left",
            maintain_order="left",
        )
    return pairs


def written_name() -> pl.Expr:
    """Family and given name, or the full name, as one text."""
    parts = ("family_name", "given_name", "full_name")
    return pl.concat_str(parts, separator=" ", ignore_nulls=True)
