"""One way to open a foreign file of rows: sheets, the headings found by synonyms, typed columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from qafila.tables.dates import read_day_column
from qafila.tables.limits import HEADER_SEARCH_ROWS
from qafila.tables.merged_cells import fill_merged
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.numbers import read_centimes_column
from qafila.tables.opening import open_content, open_file
from qafila.tables.raw_sheet import RawSheet
from qafila.tables.synonyms import IGNORED, Synonyms

_FEWEST_HEADINGS = 2


@dataclass(frozen=True)
class Sheet:
    """A sheet below its headings.

    ``rows``: column ``row`` (1-based, as a person sees it in the file) and one text column per
    field found, null where the cell is blank; rows that are blank all over are absent. ``beyond``:
    the numbers of rows with a cell under no heading. ``headings``: field → heading as written;
    ``twice``: fields that several headings claim, with those headings, so that none was chosen.
    """

    name: str
    header_row: int
    headings: Mapping[str, str]
    rows: pl.DataFrame
    beyond: pl.Series
    unknown: tuple[str, ...] = ()
    twice: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def text(self, name: str) -> pl.Series:
        """The cells of a field as text; nulls where no column holds it."""
        if name in self.rows.columns:
            return self.rows.get_column(name)
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, self.rows.height)

    def days(self, name: str) -> tuple[pl.Series, pl.Series]:
        """The days of a field, and the code of each cell refused (see :mod:`.dates`)."""
        return read_day_column(self.text(name))

    def centimes(self, name: str) -> tuple[pl.Series, pl.Series]:
        """Amounts of a field in centimes, and the code of each cell refused (:mod:`.numbers`)."""
        return read_centimes_column(self.text(name))


@dataclass(frozen=True)
class Opened:
    """The sheets with headings; ``unheaded`` names the filled sheets where none were found."""

    sheets: tuple[Sheet, ...]
    unheaded: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()


def open_tables(
    source: Path | bytes, *, synonyms: Synonyms, name: str = "", fewest: int = _FEWEST_HEADINGS
) -> Opened:
    """The tables of any csv, workbook or archive of a workbook, by what it holds.

    A row that names at least ``fewest`` fields is the row of headings; titles above it are passed
    over. ``name`` is the file's when its content comes in ``source``. Raises :class:`CannotRead`.
    """
    if isinstance(source, bytes):
        raw = open_content(source, name, synonyms)
    else:
        raw = open_file(source, synonyms)
    sheets: list[Sheet] = []
    unheaded: list[str] = []
    for one in raw.sheets:
        sheet = _headed(one, synonyms, fewest)
        if sheet:
            sheets.append(sheet)
        elif one.cells.height:
            unheaded.append(one.name)
    notices = [*raw.problems, *(n for one in raw.sheets for n in one.problems)]
    if not sheets and not unheaded:
        raise CannotRead("file_empty")
    return Opened(tuple(sheets), tuple(unheaded), tuple(notices))


def _headed(raw: RawSheet, synonyms: Synonyms, fewest: int) -> Sheet | None:
    top = raw.cells.head(HEADER_SEARCH_ROWS)
    cells = top.select(raw.columns).rows()
    scores = [synonyms.fields_named(row) for row in cells]
    best = max(range(len(scores)), key=lambda place: (scores[place], -place), default=None)
    if best is None or scores[best] < fewest:
        return None
    return _sheet(raw, int(top.get_column("row")[best]), cells[best], synonyms)


def _sheet(
    raw: RawSheet, header_row: int, cells: tuple[str | None, ...], synonyms: Synonyms
) -> Sheet:
    written = {c: h for c, h in zip(raw.columns, cells, strict=True) if h}
    columns: dict[str, list[str]] = {}
    for column, heading in written.items():
        columns.setdefault(synonyms.surely(heading) or "", []).append(column)
    unknown = tuple(written[c] for c in columns.pop("", []))
    columns.pop(IGNORED, None)
    body = raw.cells.filter(pl.col("row") > header_row)
    body = fill_merged(body, raw.merged, header_row)
    single = {name: found[0] for name, found in columns.items() if len(found) == 1}
    return Sheet(
        raw.name,
        header_row,
        {name: written[column] for name, column in single.items()},
        body.select("row", *(pl.col(column).alias(name) for name, column in single.items())),
        _beyond(body, [c for c in raw.columns if c not in written]),
        unknown,
        {
            name: tuple(written[c] for c in found)
            for name, found in columns.items()
            if len(found) > 1
        },
    )


def _beyond(body: pl.DataFrame, unheaded: list[str]) -> pl.Series:
    filled = pl.any_horizontal(pl.lit(value=False), *(pl.col(c).is_not_null() for c in unheaded))
    return body.filter(filled).get_column("row")
