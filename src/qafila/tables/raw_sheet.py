"""A sheet as it stands in the file: every cell as text, nothing understood yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from qafila.tables.notices import Notice

Merged = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows 1-based as seen, columns 0-based."""


@dataclass(frozen=True)
class RawSheet:
    """``cells``: column ``row`` (1-based, as a person sees it) and text columns "0", "1", …

    Blank cells are null and wholly blank rows are absent; ``height`` is the last row's number.
    """

    name: str
    cells: pl.DataFrame
    height: int
    merged: tuple[Merged, ...] = ()
    problems: tuple[Notice, ...] = ()
    serials_from_1904: bool = False
    """Whether bare numbers of days are counted as old Macintosh workbooks do."""
    gathered: bool = False
    """Whether a row here was gathered from several of the file: absent ones are not blank."""

    @property
    def columns(self) -> list[str]:
        """The names of the cell columns, left to right."""
        return [name for name in self.cells.columns if name != "row"]


@dataclass(frozen=True)
class RawFile:
    """The sheets of one file, and what was noticed while opening it."""

    sheets: tuple[RawSheet, ...]
    problems: tuple[Notice, ...] = field(default=())


def without_blanks(cells: pl.DataFrame, *, first_row: int = 1) -> pl.DataFrame:
    """Strips cells, turns blank ones into null, numbers the rows and drops the blank ones."""
    loose = cells.select(_loose(pl.col(name)).any() for name in cells.columns).row(0)
    names = [name for name, found in zip(cells.columns, loose, strict=True) if found]
    cells = cells.with_columns(_stripped(pl.col(name)) for name in names)
    return numbered(cells, first_row=first_row)


def numbered(cells: pl.DataFrame, *, first_row: int = 1) -> pl.DataFrame:
    """Numbers the rows as a person sees them and drops those whose cells are all null."""
    names = cells.columns
    cells = cells.with_row_index("row", offset=first_row).with_columns(pl.col("row").cast(pl.Int64))
    return cells.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in names))


def _loose(cell: pl.Expr) -> pl.Expr:
    """Cells that are blank or begin or end with white space."""
    return (cell == "") | cell.str.contains(r"^\s|\s$")


def _stripped(cell: pl.Expr) -> pl.Expr:
    bare = cell.str.strip_chars()
    return pl.when(bare != "").then(bare)


def text_of(value: object) -> str | None:
    """A workbook's cell as the text a person sees: no ``.0``, dates as ``YYYY-MM-DD``."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return None if value is None else str(value)


def column_of_text(values: Sequence[object], name: str) -> pl.Series:
    """A column of workbook cells as a text series."""
    if set(map(type, values)) <= {str}:
        return pl.Series(name, values, dtype=pl.String)
    return pl.Series(name, [v if type(v) is str else text_of(v) for v in values], dtype=pl.String)


def column_letters(number: int) -> str:
    """The letters a spreadsheet program writes above a column, the first one being 1."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
