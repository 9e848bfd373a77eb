"""One sheet read: its tables found, their rows told from titles, totals and signatures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from qafila.lists.reading.cells.shifting import put_back
from qafila.lists.reading.columns.heading_rows import FoundHeadings
from qafila.lists.reading.columns.layout import (
    Layout,
    find_layout,
    layout_of,
    position_name,
    settle_names,
)
from qafila.lists.reading.columns.mapping import SheetMapping
from qafila.lists.reading.kinds import kind_of_list
from qafila.lists.reading.records import Context, Records, make_records
from qafila.lists.reading.results import SheetReading
from qafila.lists.reading.skipping import (
    REFUSED,
    blank_rows,
    heading_rows_in,
    people_above,
    reasons_to_skip,
    rows_above,
)
from qafila.places.gazetteer import find_province
from qafila.tables.folding import fold
from qafila.tables.merged_cells import fill_merged
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.raw_sheet import RawSheet
from qafila.tables.synonyms import IGNORED


def in_sheet(problem: Notice, sheet: str) -> Notice:
    """The problem, said of a sheet where sheets have names."""
    return replace(problem, params={**problem.params, "sheet": sheet}) if sheet else problem


@dataclass(frozen=True)
class TableRead:
    """What one table of one sheet gave."""

    sheet: SheetReading
    records: Records
    skipped: pl.DataFrame


def read_sheet(
    sheet: RawSheet,
    file: str,
    mapping: SheetMapping | None,
    problems: list[Notice],
    today: dt.date,
) -> list[TableRead]:
    """Raises :class:`CannotRead` when the sheet holds nothing that speaks of persons."""
    if sheet.cells.is_empty():
        raise CannotRead("sheet_empty")
    layout = find_layout(sheet, mapping)
    problems += [in_sheet(p, sheet.name) for p in layout.problems]
    _check_usable(sheet, layout)
    parts: list[TableRead] = []
    for number, piece in enumerate(_pieces(sheet, layout)):
        above = rows_above(piece.sheet, piece.layout).with_columns(counted=pl.lit(number > 0))
        if number == 0:
            blank = blank_rows(sheet).with_columns(counted=pl.lit(value=False))
            above = pl.concat([above, blank])
        # One sheet is one list, whatever headings its later tables have.
        source = parts[0].sheet.source if parts else mapping.source if mapping else None
        part = _read_piece(piece, file, source, above, today)
        problems += [in_sheet(p, sheet.name) for p in part.records.notices]
        parts.append(part)
    hidden = sum(p.records.hidden_characters for p in parts)
    if hidden:
        problems.append(in_sheet(Notice("hidden_characters", {"rows": hidden}), sheet.name))
    return parts


def _check_usable(sheet: RawSheet, layout: Layout) -> None:
    last = layout.header_rows[-1] if layout.header_rows else 0
    below = sheet.cells.filter(pl.col("row") > last).height
    if layout.has_name and below:
        return
    if below == 0 or (not layout.header_rows and sheet.cells.height <= 3):
        raise CannotRead("sheet_only_titles")
    if not layout.headings:
        raise CannotRead("no_names")
    listed = ", ".join(h[:40] for h in list(layout.headings.values())[:10])
    raise CannotRead("no_name_column", headings=listed)


@dataclass(frozen=True)
class _Piece:
    """Part of a sheet under one layout; ``headings`` are heading rows again inside it."""

    sheet: RawSheet
    layout: Layout
    headings: list[int]
    next_headings: int | None = None


def _pieces(sheet: RawSheet, layout: Layout) -> list[_Piece]:
    """The sheet, cut where other headings with other columns begin."""
    last = layout.header_rows[-1] if layout.header_rows else 0
    body = sheet.cells.filter(pl.col("row") > last)
    cuts: list[tuple[int, Layout]] = []
    headings = heading_rows_in(body, layout)
    for row in headings:
        cells = body.filter(pl.col("row") == row).select(sheet.columns).row(0)
        named = {c: v for c, v in zip(sheet.columns, cells, strict=True) if v}
        if _said_again(named, layout):
            continue
        below = body.filter(pl.col("row") > row)
        other = settle_names(layout_of(FoundHeadings((row,), named)), below)
        if other.has_name and _meant(other.fields) != _meant(_headed(layout)):
            cuts.append((row, other))
    starts = [0, *(row for row, _ in cuts)]
    ends = [*(row for row, _ in cuts), sheet.height + 1]
    layouts = [layout, *(other for _, other in cuts)]
    return [
        _Piece(
            _cut(sheet, start, end),
            piece,
            [row for row in headings if start < row < end],
            end if end <= sheet.height else None,
        )
        for start, end, piece in zip(starts, ends, layouts, strict=True)
    ]


def _said_again(named: Mapping[str, str], layout: Layout) -> bool:
    """Whether a row of headings says the same as those above it, whatever they were mapped to."""
    return {c: fold(h) for c, h in named.items()} == {
        c: fold(h) for c, h in layout.headings.items()
    }


def _meant(fields: Mapping[str, str]) -> dict[str, str]:
    return {c: f for c, f in fields.items() if f != IGNORED}


def _headed(layout: Layout) -> dict[str, str]:
    """The fields that headings gave, without those content gave."""
    return {c: f for c, f in layout.fields.items() if c in layout.headings}


def _cut(sheet: RawSheet, start: int, end: int) -> RawSheet:
    if start <= 1 and end > sheet.height:
        return sheet
    cells = sheet.cells.filter((pl.col("row") >= start) & (pl.col("row") < end))
    return replace(sheet, cells=cells)


def _read_piece(
    piece: _Piece, file: str, source: str | None, above: pl.DataFrame, today: dt.date
) -> TableRead:
    sheet, layout = piece.sheet, piece.layout
    last = layout.header_rows[-1] if layout.header_rows else 0
    people = people_above(sheet, layout)
    higher = pl.col("row") < (layout.header_rows or (0,))[0]
    titles = sheet.cells.filter(higher & ~pl.col("row").is_in(people.implode()))
    own = (pl.col("row") > last) | pl.col("row").is_in(people.implode())
    body = fill_merged(sheet.cells.filter(own), sheet.merged, last)
    every = {**layout.spare, **layout.fields}
    headed = max(map(int, layout.headings or every))
    body, shifted = put_back(body, every, layout.name_columns, headed)
    why = reasons_to_skip(
        body, layout, piece.headings, merged=sheet.merged, next_headings=piece.next_headings
    )
    data = why.is_null() | why.is_in(REFUSED)
    source = source or _source(sheet, layout, titles)
    province = _province(sheet.name, titles)
    records = make_records(
        body.filter(data),
        layout,
        Context(file, sheet.name, source, province, today, sheet.serials_from_1904),
        shifted=shifted.filter(data),
        refused=why.filter(data),
    )
    gone = _with_cells(body.filter(~data), why.filter(~data))
    skipped = pl.concat([_with_cells_of(above, sheet), gone])
    return TableRead(
        _sheet_reading(sheet, layout, records, skipped, source, province), records, skipped
    )


def _with_cells(rows: pl.DataFrame, why: pl.Series) -> pl.DataFrame:
    """Skipped rows with their cells, left to right."""
    cells = pl.concat_list(pl.all().exclude("row").fill_null(""))
    return rows.select(
        "row",
        pl.col("row").alias("last_row"),
        why.alias("why"),
        pl.lit(value=True).alias("counted"),
        cells.alias("cells"),
    )


def _with_cells_of(above: pl.DataFrame, sheet: RawSheet) -> pl.DataFrame:
    cells = sheet.cells.filter(pl.col("row").is_in(above["row"].implode())).select(
        "row", pl.concat_list(pl.all().exclude("row").fill_null("")).alias("cells")
    )
    return above.join(cells, on="row", how="left", maintain_order="left")


def _sheet_reading(
    sheet: RawSheet,
    layout: Layout,
    records: Records,
    skipped: pl.DataFrame,
    source: str,
    province: str | None,
) -> SheetReading:
    orders = {
        layout.heading_of(column): order
        for name, order in records.date_orders.items()
        if (column := layout.column_of(name))
    }
    return SheetReading(
        sheet.name,
        source,
        layout.header_rows,
        _columns_found(layout),
        _unknown(sheet, layout),
        province,
        records.rows.height,
        records.rejected.height,
        records.repeated.height,
        skipped.filter("counted").height,
        records.remarks.get_column("row").n_unique(),
        orders,
        len(layout.header_rows),
    )


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
    """Heading → field; columns of one heading go by their position, so that none is lost."""
    every = {**layout.spare, **dict.fromkeys(layout.parts, "full_name"), **layout.fields}
    times = Counter(fold(heading) for heading in layout.headings.values())
    return {
        position_name(c) if times[fold(layout.headings.get(c, ""))] > 1 else layout.heading_of(c): f
        for c, f in sorted(every.items(), key=lambda item: int(item[0]))
    }


def _unknown(sheet: RawSheet, layout: Layout) -> tuple[str, ...]:
    return tuple(
        layout.heading_of(c)
        for c in sheet.columns
        if c not in layout.fields
        and c not in layout.spare
        and c not in layout.parts
        and (c in layout.headings or c in layout.beyond)
    )
