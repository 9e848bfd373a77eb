"""What reading gives: files, their sheets, rows, and everything that was left out and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from qafila.lists.reading.schemas import CANONICAL, REJECTED, REMARKS, REPEATED, SKIPPED
from qafila.tables.notices import Notice
from qafila.tables.raw_sheet import RawSheet


@dataclass(frozen=True)
class SheetReading:
    """One sheet as understood. ``columns`` goes from heading (or ``#3``) to field."""

    name: str
    source: str
    header_rows: tuple[int, ...]
    columns: Mapping[str, str]
    unknown_columns: tuple[str, ...]
    province: str | None
    accepted: int
    rejected: int
    repeated: int
    skipped: int = 0
    remarked: int = 0
    date_orders: Mapping[str, str] = field(default_factory=dict)
    header_lines: int = 1

    @property
    def read(self) -> int:
        """Filled rows below the headings: accepted + rejected + repeated + skipped."""
        return self.accepted + self.rejected + self.repeated + self.skipped


@dataclass(frozen=True)
class FileReading:
    """One file; its frames follow CANONICAL, REJECTED, REPEATED, SKIPPED and REMARKS.

    ``opened`` are its sheets as they stand in the file, where they were asked for.
    """

    name: str
    rows: pl.DataFrame
    rejected: pl.DataFrame
    repeated: pl.DataFrame
    skipped: pl.DataFrame
    remarks: pl.DataFrame
    sheets: tuple[SheetReading, ...] = ()
    problems: tuple[Notice, ...] = ()
    opened: tuple[RawSheet, ...] = ()

    @property
    def read(self) -> int:
        """Filled rows below headings: accepted + rejected + repeated + skipped."""
        return sum(sheet.read for sheet in self.sheets)

    @property
    def left_out(self) -> pl.DataFrame:
        """The skipped rows that count as read: filled, and below the first headings."""
        return self.skipped.filter("counted")

    @property
    def remarked(self) -> int:
        """Accepted rows with a remark."""
        return self.remarks.select("sheet", "row").n_unique() if self.remarks.height else 0

    @property
    def accepted(self) -> int:
        """Rows that speak of a person."""
        return self.rows.height

    @property
    def usable(self) -> bool:
        """Whether some sheet could be read."""
        return bool(self.sheets)


@dataclass(frozen=True)
class Reading:
    """Several files read together."""

    files: tuple[FileReading, ...]

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The accepted rows of all files."""
        return stacked((f.rows for f in self.files), CANONICAL)

    @cached_property
    def rejected(self) -> pl.DataFrame:
        """The rejected rows of all files."""
        return stacked((f.rejected for f in self.files), REJECTED)

    @cached_property
    def repeated(self) -> pl.DataFrame:
        """The repeated rows of all files."""
        return stacked((f.repeated for f in self.files), REPEATED)

    @cached_property
    def skipped(self) -> pl.DataFrame:
        """Rows that are not data, of all files."""
        return stacked((f.skipped for f in self.files), SKIPPED)

    @cached_property
    def remarks(self) -> pl.DataFrame:
        """What was not understood of accepted rows, of all files."""
        return stacked((f.remarks for f in self.files), REMARKS)

    @cached_property
    def left_out(self) -> pl.DataFrame:
        """The skipped rows that count as read, of all files."""
        return self.skipped.filter("counted")

    @property
    def problems(self) -> list[Notice]:
        """The problems of all files."""
        return [problem for file in self.files for problem in file.problems]

    @property
    def read(self) -> int:
        """Filled rows of all files: accepted + rejected + repeated + skipped."""
        return sum(file.read for file in self.files)


def stacked(frames: Iterable[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    """The frames one below another; empty in the schema where none has rows."""
    filled = [frame for frame in frames if frame.height]
    return pl.concat(filled) if filled else pl.DataFrame(schema=schema)
