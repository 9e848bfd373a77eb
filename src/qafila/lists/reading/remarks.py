"""What was not understood of accepted rows: which cell, what stands in it, what was done."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from qafila.lists.reading.columns.layout import Layout
from qafila.lists.reading.schemas import REMARKS

_IN_SHEET = [name for name in REMARKS.names() if name not in ("file", "sheet")]


@dataclass
class Remarks:
    """Collects the remarks on the data rows ``rows`` of one table."""

    layout: Layout
    rows: pl.Series
    parts: list[pl.DataFrame] = field(default_factory=list)

    def add(
        self, name: str, codes: pl.Series, cells: pl.Series, taken: pl.Series | None = None
    ) -> None:
        """Where ``codes`` is filled, a remark on the cell of the field ``name``.

        ``taken`` is what was understood instead, null where the row is kept without it.
        """
        if codes.null_count() == len(codes):
            return
        column = self.layout.column_of(name)
        heading = self.layout.heading_of(column) if column else ""
        self.add_under(heading, name, codes, cells, taken)

    def add_under(
        self,
        heading: str,
        name: str,
        codes: pl.Series,
        cells: pl.Series,
        taken: pl.Series | None = None,
    ) -> None:
        """As :meth:`add`, for a column that is the field's second one, or of no field."""
        if codes.null_count() == len(codes):
            return
        found = pl.DataFrame(
            [
                self.rows.alias("row"),
                codes.alias("code"),
                cells.cast(pl.String).str.slice(0, 200).alias("cell"),
                (
                    pl.Series("taken", [None], dtype=pl.String).new_from_index(0, len(codes))
                    if taken is None
                    else taken.cast(pl.String).alias("taken")
                ),
            ]
        )
        self.parts.append(
            found.filter(pl.col("code").is_not_null()).select(
                "row",
                "code",
                pl.lit(name).alias("field"),
                pl.lit(heading).alias("heading"),
                pl.col("cell").fill_null(""),
                "taken",
            )
        )

    def add_where(self, name: str, mask: pl.Series, code: str, cells: pl.Series) -> None:
        """A remark of one code where ``mask`` is true."""
        if mask.any():
            self.add(name, pl.select(pl.when(mask).then(pl.lit(code))).to_series(), cells)

    def frame(self) -> pl.DataFrame:
        """All of them, by row."""
        if not self.parts:
            return pl.DataFrame(schema={name: REMARKS[name] for name in _IN_SHEET})
        return pl.concat(self.parts).select(_IN_SHEET).sort("row", maintain_order=True)


def codes_by_row(remarks: pl.DataFrame, rows: pl.Series) -> pl.Series:
    """The list of codes of each row, empty where nothing is to be said."""
    if remarks.is_empty():
        return pl.Series("warnings", [[]], dtype=pl.List(pl.String)).new_from_index(0, len(rows))
    grouped = remarks.group_by("row", maintain_order=True).agg(pl.col("code").alias("warnings"))
    joined = rows.to_frame("row").join(grouped, on="row", how="left", maintain_order="left")
    return joined.get_column("warnings").fill_null(pl.lit([], dtype=pl.List(pl.String)))
