"""Cells merged downwards: the value written once counts for every row it spans."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from qafila.tables.raw_sheet import Merged


def fill_merged(body: pl.DataFrame, merged: Iterable[Merged], header_row: int) -> pl.DataFrame:
    """Repeats the value of cells merged over several rows in each of their rows below headings."""
    spans = [m for m in merged if m[2] > m[0] > header_row]
    if not spans:
        return body
    position = {row: i for i, row in enumerate(body.get_column("row"))}
    columns: dict[str, list[str | None]] = {}
    for top, left, bottom, _ in spans:
        name = str(left)
        if name not in body.columns or top not in position:
            continue
        values = columns.setdefault(name, body.get_column(name).to_list())
        for row in range(top + 1, bottom + 1):
            if row in position:
                values[position[row]] = values[position[top]]
    return body.with_columns(pl.Series(n, v, dtype=pl.String) for n, v in columns.items())
