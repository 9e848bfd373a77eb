"""Files of lists into canonical rows, with a balance and nothing dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from qafila.lists.reading.headings import list_synonyms
from qafila.lists.reading.kinds import kind_of_list
from qafila.lists.reading.layout import Layout, find_layout, layout_of, settle_names
from qafila.lists.reading.mapping import SheetMapping, check_mapping, mapping_for
from qafila.lists.reading.records import Records, make_records
from qafila.lists.reading.schemas import (
    CANONICAL,
    REJECTED,
    REPEATED,
    SKIPPED,
    SKIPPED_IN_SHEET,
)
from qafila.lists.reading.skipping import (
    blank_rows,
    heading_rows_in,
    reasons_to_skip,
    rows_above,
)
from qafila.places.gazetteer import find_province
from qafila.tables.merged_cells import fill_merged
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.opening import open_file
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

    @property
    def read(self) -> int:
        """Data rows: accepted + rejected + repeated."""
        return self.accepted + self.rejected + self.repeated


@dataclass(frozen=True)
class FileReading:
    """One file; its frames follow CANONICAL, REJECTED, REPEATED and SKIPPED.

    ``opened`` are its sheets as they stand in the file, where they were asked for.
    """

    name: str
    rows: pl.DataFrame
    rejected: pl.DataFrame
    repeated: pl.DataFrame
    skipped: pl.DataFrame
    sheets: tuple[SheetReading, ...] = ()
    problems: tuple[Notice, ...] = ()
    opened: tuple[RawSheet, ...] = ()

    @property
    def read(self) -> int:
        """Data rows of the file: accepted + rejected + repeated."""
        return self.accepted + self.rejected.height + self.repeated.height

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
        return _stacked((f.rows for f in self.files), CANONICAL)

    @cached_property
    def rejected(self) -> pl.DataFrame:
        """The rejected rows of all files."""
        return _stacked((f.rejected for f in self.files), REJECTED)

    @cached_property
    def repeated(self) -> pl.DataFrame:
        """The repeated rows of all files."""
        return _stacked((f.repeated for f in self.files), REPEATED)

    @cached_property
    def skipped(self) -> pl.DataFrame:
        """Rows that are not data, of all files."""
        return _stacked((f.skipped for f in self.files), SKIPPED)

    @property
    def problems(self) -> list[Notice]:
        """The problems of all files."""
        return [problem for file in self.files for problem in file.problems]

    @property
    def read(self) -> int:
        """Data rows of all files: accepted + rejected + repeated."""
        return sum(file.read for file in self.files)


def _stacked(frames: Iterable[pl.DataFrame], schema: pl.Schema) -> pl.DataFrame:
    filled = [frame for frame in frames if frame.height]
    return pl.concat(filled) if filled else pl.DataFrame(schema=schema)


def read_files(
    paths: Sequence[Path | str],
    *,
    mapping: Mapping[str, Any] | None = None,
    on_file: Callable[[FileReading], None] | None = None,
) -> Reading:
    """Reads every file; one that cannot be read has problems and no rows, the others go on.

    ``mapping`` is a parsed mapping file (see :func:`write_mapping`); ``on_file`` is called after
    each file, for progress. Raises :class:`MappingError` when the mapping is wrong.
    """
    check_mapping(mapping)
    readings: list[FileReading] = []
    taken: set[str] = set()
    for path in map(Path, paths):
        name = _free_name(path.name, taken)
        taken.add(name)
        readings.append(_read(path, name, mapping))
        if on_file:
            on_file(readings[-1])
    return Reading(tuple(readings))


def read_file(
    path: Path | str, *, mapping: Mapping[str, Any] | None = None, keep_opened: bool = False
) -> FileReading:
    """Reads one file; never raises for what is in the file: see ``problems``.

    ``keep_opened`` keeps every cell as it stands in the file beside what was understood.
    """
    check_mapping(mapping)
    return _read(Path(path), Path(path).name, mapping, keep_opened=keep_opened)


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{Path(name).stem} ({number}){Path(name).suffix}", number + 1
    return free


def _read(
    path: Path, name: str, mapping: Mapping[str, Any] | None, *, keep_opened: bool = False
) -> FileReading:
    renamed = [Notice("same_file_name", {"as": name})] if name != path.name else []
    try:
        raw = open_file(path, list_synonyms())
    except CannotRead as error:
        return _file_reading(name, [], [error.notice, *renamed])
    problems = [*renamed, *raw.problems]
    parts: list[_Part] = []
    for sheet in raw.sheets:
        problems += [_in_sheet(p, sheet.name) for p in sheet.problems]
        try:
            parts += _read_sheet(sheet, name, mapping_for(mapping, name, sheet.name), problems)
        except CannotRead as error:
            problems.append(_in_sheet(error.notice, sheet.name))
    if not parts:
        problems.insert(0, Notice("no_usable_sheet"))
    reading = _file_reading(name, parts, problems)
    return replace(reading, opened=raw.sheets) if keep_opened else reading


def _in_sheet(problem: Notice, sheet: str) -> Notice:
    return replace(problem, params={**problem.params, "sheet": sheet}) if sheet else problem


@dataclass(frozen=True)
class _Part:
    """What one layout of one sheet gave."""

    sheet: SheetReading
    records: Records
    skipped: pl.DataFrame


def _file_reading(name: str, parts: list[_Part], problems: list[Notice]) -> FileReading:
    located = [replace(p, params={**p.params, "file": name}) for p in problems]
    skipped = _stacked(
        (p.skipped.select(pl.lit(name).alias("file"), pl.lit(p.sheet.name).alias("sheet"),
                          *SKIPPED_IN_SHEET.names()) for p in parts),
        SKIPPED,
    )  # fmt: skip
    return FileReading(
        name,
        _stacked((p.records.rows for p in parts), CANONICAL),
        _stacked((p.records.rejected for p in parts), REJECTED),
        _stacked((p.records.repeated for p in parts), REPEATED),
        skipped,
        tuple(p.sheet for p in parts),
        tuple(located),
    )


def _read_sheet(
    sheet: RawSheet, file: str, mapping: SheetMapping | None, problems: list[Notice]
) -> list[_Part]:
    """Raises :class:`CannotRead` when the sheet holds nothing that speaks of persons."""
    if sheet.cells.is_empty():
        raise CannotRead("sheet_empty")
    layout = find_layout(sheet, mapping)
    problems += [_in_sheet(p, sheet.name) for p in layout.problems]
    _check_usable(sheet, layout)
    parts = []
    for number, piece in enumerate(_pieces(sheet, layout)):
        above = rows_above(piece.sheet, piece.layout)
        if number == 0:
            above = pl.concat([above, blank_rows(sheet)])
        parts.append(_read_piece(piece, file, mapping, above))
    hidden = sum(p.records.hidden_characters for p in parts)
    if hidden:
        problems.append(_in_sheet(Notice("hidden_characters", {"rows": hidden}), sheet.name))
    return parts


def _check_usable(sheet: RawSheet, layout: Layout) -> None:
    last = layout.header_rows[-1] if layout.header_rows else 0
    below = sheet.cells.filter(pl.col("row") > last).height
    if layout.has_name and below:
        return
    if below == 0 or (not layout.header_rows and sheet.cells.height <= 3):
        raise CannotRead("sheet_only_titles")
    listed = ", ".join(h[:40] for h in list(layout.headings.values())[:10])
    raise CannotRead("no_name_column", headings=listed)


@dataclass(frozen=True)
class _Piece:
    """Part of a sheet under one layout; ``headings`` are heading rows again inside it."""

    sheet: RawSheet
    layout: Layout
    headings: list[int]


def _pieces(sheet: RawSheet, layout: Layout) -> list[_Piece]:
    """The sheet, cut where other headings with other columns begin."""
    last = layout.header_rows[-1] if layout.header_rows else 0
    body = sheet.cells.filter(pl.col("row") > last)
    cuts: list[tuple[int, Layout]] = []
    headings = heading_rows_in(body, layout)
    for row in headings:
        cells = body.filter(pl.col("row") == row).select(sheet.columns).row(0)
        named = {c: v for c, v in zip(sheet.columns, cells, strict=True) if v}
        other = settle_names(layout_of((row,), named), body)
        if other.has_name and dict(other.fields) != _headed(layout):
            cuts.append((row, other))
    starts = [0, *(row for row, _ in cuts)]
    ends = [*(row for row, _ in cuts), sheet.height + 1]
    layouts = [layout, *(other for _, other in cuts)]
    return [
        _Piece(_cut(sheet, start, end), piece, [row for row in headings if start < row < end])
        for start, end, piece in zip(starts, ends, layouts, strict=True)
    ]


def _headed(layout: Layout) -> dict[str, str]:
    """The fields that headings gave, without those content gave."""
    return {c: f for c, f in layout.fields.items() if c in layout.headings}


def _cut(sheet: RawSheet, start: int, end: int) -> RawSheet:
    if start <= 1 and end > sheet.height:
        return sheet
    cells = sheet.cells.filter((pl.col("row") >= start) & (pl.col("row") < end))
    return replace(sheet, cells=cells)


def _read_piece(
    piece: _Piece, file: str, mapping: SheetMapping | None, above: pl.DataFrame
) -> _Part:
    sheet, layout = piece.sheet, piece.layout
    last = layout.header_rows[-1] if layout.header_rows else 0
    titles = sheet.cells.filter(pl.col("row") < (layout.header_rows or (0,))[0])
    body = fill_merged(sheet.cells.filter(pl.col("row") > last), sheet.merged, last)
    why = reasons_to_skip(body, layout, piece.headings)
    data = body.filter(why.is_null()) if why.null_count() < len(why) else body
    source = (mapping and mapping.source) or _source(sheet, layout, titles)
    province = _province(sheet.name, titles)
    records = make_records(
        data, layout, file=file, sheet=sheet.name, source=source, province=province
    )
    gone = body.filter(why.is_not_null()).select("row", last_row="row", why=why.drop_nulls())
    reading = SheetReading(
        sheet.name, source, layout.header_rows, _columns_found(layout), _unknown(sheet, layout),
        province, records.rows.height, records.rejected.height, records.repeated.height,
    )  # fmt: skip
    return _Part(reading, records, pl.concat([above, gone]))


def _source(sheet: RawSheet, layout: Layout, titles: pl.DataFrame) -> str:
    return kind_of_list(set(layout.fields.values()), [*_texts(titles), sheet.name])


def _texts(titles: pl.DataFrame) -> list[str]:
    return [cell for row in titles.drop("row").rows() for cell in row if cell]


def _province(sheet_name: str, titles: pl.DataFrame) -> str | None:
    """The province a sheet is of: its name, else a title that ends with one."""
    if sheet_name and find_province(sheet_name):
        return sheet_name
    for text in _texts(titles)[:10]:
        for part in (text.rpartition(" - ")[2], text.rpartition(":")[2]):
            if part != text and part.strip() and find_province(part):
                return part.strip()
    return None


def _columns_found(layout: Layout) -> dict[str, str]:
    return {
        layout.headings.get(c) or f"#{int(c) + 1}": f
        for c, f in sorted({**layout.spare, **layout.fields}.items(), key=lambda item: int(item[0]))
    }


def _unknown(sheet: RawSheet, layout: Layout) -> tuple[str, ...]:
    return tuple(
        layout.headings.get(c) or f"#{int(c) + 1}"
        for c in sheet.columns
        if c not in layout.fields and c not in layout.spare and c in layout.headings
    )
