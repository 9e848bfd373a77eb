"""Rights of children whose custody changed or whose disability ended: each stretch by the law.

The law's batch knows one custody and one beginning of a disability. Between two changes they hold,
so that a child with n changes is asked about n + 1 times, and of each answer the stretch is kept in
which it is true; the stretches are put end to end.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

import qafila_law

_ORDER = ("dependant_id", "since")
_CHANGING = ("custody", "disabled_since")


def periods_by_change(
    members: pa.Table, spells: pa.Table, periods: pa.Table, changes: pa.Table
) -> pa.Table:
    """Rows (dependant_id, status, reason, since, until) of all members.

    `changes`: dependant, since, and the custody and the beginning of the disability from that day
    on, by dependant and day. The other tables are those of `qafila_law.dependants_batch`.
    """
    rows = _rows(qafila_law.dependants_batch(members, spells, periods))
    if not changes.num_rows:
        return rows
    days = _stretches(pl.DataFrame(changes))
    moved = days["dependant_id"].unique()
    frame, known = pl.DataFrame(rows), pl.DataFrame(members)
    before = days.filter(pl.col("place") == 0).select(
        "dependant_id", first=pl.lit(None, pl.Date), last="since"
    )
    pieces = [_clipped(frame, before)]
    for place in days["place"].unique().sort().to_list():
        now = days.filter(pl.col("place") == place)
        held = now.select(*_CHANGING, dependant="dependant_id")
        asked = known.drop(_CHANGING).join(held, on="dependant", maintain_order="left")
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
