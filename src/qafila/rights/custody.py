"""Rights of children whose custody changed: each stretch by the law, put end to end.

The law's batch knows one custody of a child. Between two changes it holds, so that a child with n
changes is asked about n + 1 times, and of each answer the stretch is kept in which it is true.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

import qafila_law

_ORDER = ("dependant_id", "since")


def periods_by_custody(
    members: pa.Table, spells: pa.Table, periods: pa.Table, custody: pa.Table
) -> pa.Table:
    """Rows (dependant_id, status, reason, since, until) of all members.

    `custody`: dependant, since and custody of each change, by dependant and day; of two on one day
    the later counts. The other tables are those of `qafila_law.dependants_batch`.
    """
    rows = _rows(qafila_law.dependants_batch(members, spells, periods))
    if not custody.num_rows:
        return rows
    changes = _stretches(pl.DataFrame(custody))
    moved = changes["dependant_id"].unique()
    frame, known = pl.DataFrame(rows), pl.DataFrame(members)
    before = changes.filter(pl.col("place") == 0).select(
        "dependant_id", first=pl.lit(None, pl.Date), last="since"
    )
    pieces = [_clipped(frame, before)]
    for place in changes["place"].unique().sort().to_list():
        now = changes.filter(pl.col("place") == place)
        asked = known.drop("custody").join(
            now.select("custody", dependant="dependant_id"), on="dependant", maintain_order="left"
        )
        told = asked.select(known.columns).to_arrow().cast(members.schema)
        found = pl.DataFrame(_rows(qafila_law.dependants_batch(told, spells, periods)))
        within = now.select("dependant_id", first="since", last="until")
        pieces.append(_clipped(found, within))
    unmoved = frame.filter(~pl.col("dependant_id").is_in(moved.implode()))
    return pl.concat([unmoved, _joined(pl.concat(pieces))]).sort(_ORDER).to_arrow()


def _rows(periods: pa.Table) -> pa.Table:
    texts = {name: periods[name].cast(pa.string()) for name in ("status", "reason")}
    days = {name: periods[name] for name in ("since", "until")}
    return pa.table({"dependant_id": periods["dependant"]} | texts | days)


def _stretches(changes: pl.DataFrame) -> pl.DataFrame:
    """The changes of each dependant with their place and the day of the next one."""
    one = changes.rename({"dependant": "dependant_id"})
    one = one.unique(["dependant_id", "since"], keep="last", maintain_order=True)
    return one.sort(_ORDER).with_columns(
        place=pl.int_range(pl.len()).over("dependant_id"),
        until=pl.col("since").shift(-1).over("dependant_id"),
    )


def _clipped(rows: pl.DataFrame, stretches: pl.DataFrame) -> pl.DataFrame:
    """The parts of the periods that lie within each dependant's stretch."""
    within = rows.join(stretches, on="dependant_id").with_columns(
        since=pl.max_horizontal("since", "first"), until=pl.min_horizontal("until", "last")
    )
    real = pl.col("until").is_null() | (pl.col("since") < pl.col("until"))
    return within.filter(real).select(rows.columns)


def _joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Neighbours that say the same are one period."""
    rows = rows.sort(_ORDER)
    same = (
        (pl.col("dependant_id") == pl.col("dependant_id").shift())
        & (pl.col("status") == pl.col("status").shift())
        & (pl.col("reason") == pl.col("reason").shift())
        & (pl.col("since") == pl.col("until").shift())
    )
    numbered = rows.with_columns(period=(~same.fill_null(False)).cum_sum())
    joined = numbered.group_by("period", maintain_order=True).agg(
        pl.col("dependant_id", "status", "reason", "since").first(), pl.col("until").last()
    )
    return joined.select(rows.columns)
