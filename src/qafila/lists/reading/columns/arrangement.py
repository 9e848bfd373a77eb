"""How tables lie in a sheet: one below its headings, several side by side, on its side, as forms.

Each becomes a sheet of its own with its headings in one row, where that can be done in one way
only; whatever could be read in two ways is left as it is, to be refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from qafila.lists.reading.cells.lines import kind_of_line
from qafila.lists.reading.cells.vocabulary import SEXES
from qafila.lists.reading.columns.contents import counts_up, sample_of
from qafila.lists.reading.columns.heading_rows import Row, find_headings, header_score
from qafila.lists.reading.columns.headings import NAME_FIELDS, list_synonyms, meaning_of
from qafila.places.gazetteer import find_candidates, find_province
from qafila.tables.folding import fold
from qafila.tables.limits import HEADER_SEARCH_ROWS
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.raw_sheet import RawSheet, column_letters
from qafila.tables.synonyms import ABBREVIATED

_MOST_FIELDS_DOWN = 40
_MOSTLY_HEADINGS = 0.6
_MOST_TABLES = 4
_LISTED = 10


def arranged(sheet: RawSheet) -> tuple[list[RawSheet], list[Notice]]:
    """The tables of a sheet, each as a sheet of its own, and what must be said of that.

    Raises :class:`CannotRead` where headings stand below each other in a way that can be read
    in more than one way.
    """
    top = sheet.cells.head(HEADER_SEARCH_ROWS)
    rows = dict(zip(top["row"].to_list(), top.select(sheet.columns).rows(), strict=True))
    labels = _labels(sheet, rows)
    if labels and len({fold(label) for label in labels.values()}) == len(labels):
        return [_turned_over(sheet)], [Notice("turned_over", {"headings": _listed(labels)})]
    if labels:
        return [_forms(sheet, labels)], [Notice("forms_read", {"headings": _listed(labels)})]
    parts = _side_by_side(sheet, rows)
    if parts:
        listed = ", ".join(part.name for part in parts)
        return parts, [Notice("tables_parted", {"count": len(parts), "sheets": listed})]
    return [sheet], []


def _listed(labels: Mapping[int, str]) -> str:
    return ", ".join(list(dict.fromkeys(labels.values()))[:_LISTED])


def _labels(sheet: RawSheet, rows: Mapping[int, Row]) -> dict[int, str]:
    """Row → heading where headings stand below each other in the first column, else nothing."""
    if len(sheet.columns) < 2:
        return {}
    first = {row: cells[0] for row, cells in rows.items() if cells[0]}
    distinct = list(dict.fromkeys(first.values()))
    matches = {label: meaning_of(label) for label in distinct}
    sure = {label: m.field for label, m in matches.items() if m and m.strength >= ABBREVIATED}
    mostly = sum(label in sure for label in first.values()) >= _MOSTLY_HEADINGS * len(first)
    if not 2 <= len(distinct) <= _MOST_FIELDS_DOWN or not mostly:
        return {}
    if list_synonyms().fields_named(distinct) < 2 or NAME_FIELDS.isdisjoint(sure.values()):
        return {}
    best = max((header_score(cells) for cells in rows.values()), default=0.0)
    if header_score(distinct) <= best:
        return {}
    everywhere = zip(sheet.cells["row"].to_list(), sheet.cells["0"].to_list(), strict=True)
    return {row: label for row, label in everywhere if label}


def _turned_over(sheet: RawSheet) -> RawSheet:
    """The table with its columns as rows; a row has the number of its column (A is 1)."""
    columns = sheet.cells.select(sheet.columns)
    turned = pl.DataFrame(
        {str(place): cells for place, cells in enumerate(columns.rows())},
        schema=dict.fromkeys(map(str, range(columns.height)), pl.String),
    )
    numbered = turned.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))
    return _of_cells(sheet, numbered, columns.width)


def _of_cells(sheet: RawSheet, cells: pl.DataFrame, height: int) -> RawSheet:
    names = [name for name in cells.columns if name != "row"]
    filled = cells.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in names))
    return replace(sheet, cells=filled, height=height, merged=())


def _forms(sheet: RawSheet, labels: Mapping[int, str]) -> RawSheet:
    """Forms one below another as rows, each under the number of its form's last row."""
    others = [c for c in sheet.columns[1:] if sheet.cells[c].null_count() < sheet.cells.height]
    values = dict(zip(sheet.cells["row"], sheet.cells[others[0]], strict=True)) if others else {}
    begins = fold(next(iter(labels.values())))
    headings = list({fold(label): label for label in labels.values()}.values())
    forms: list[dict[str, str | None]] = []
    ends: list[int] = []
    for row, label in labels.items():
        if fold(label) == begins:
            forms.append({})
            ends.append(row)
        if len(others) != 1 or fold(label) in forms[-1]:
            raise CannotRead("headings_in_first_column", headings=_listed(labels))
        forms[-1][fold(label)] = values[row]
        ends[-1] = row
    columns = {
        str(place): [heading, *(form.get(fold(heading)) for form in forms)]
        for place, heading in enumerate(headings)
    }
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    cells = frame.insert_column(0, pl.Series("row", [1, *ends]))
    return replace(_of_cells(sheet, cells, sheet.height), gathered=True)


def _side_by_side(sheet: RawSheet, rows: Mapping[int, Row]) -> list[RawSheet]:
    """The tables that stand side by side under the same headings, each with a blank column before
    it or order numbers of its own; empty where there is one table."""
    found = find_headings(sheet, rows)
    columns = sorted(found.headings, key=int)
    for count in range(_MOST_TABLES, 1, -1):
        width, rest = divmod(len(columns), count)
        starts = columns[::width] if width and not rest else []
        if starts and _same_fields(columns, found.headings, width) and _apart(sheet, starts):
            above = {row: cells for row, cells in rows.items() if row < found.rows[0]}
            if _titles_of_one_list(above, int(starts[1])):
                return _parted(sheet, list(map(int, starts)), found.headings)
    return []


def _same_fields(columns: Sequence[str], headings: Mapping[str, str], width: int) -> bool:
    meant = [meaning_of(headings[c]) for c in columns]
    told = [m.field if m else fold(headings[c]) for c, m in zip(columns, meant, strict=True)]
    blocks = [told[start : start + width] for start in range(0, len(told), width)]
    return all(block == blocks[0] for block in blocks) and not NAME_FIELDS.isdisjoint(blocks[0])


def _apart(sheet: RawSheet, starts: Sequence[str]) -> bool:
    """Whether each further table has a blank column before it, or begins with order numbers."""
    return all(
        _blank(sheet, int(start) - 1) or counts_up(sample_of(sheet.cells, start)[1:])
        for start in starts[1:]
    )


def _blank(sheet: RawSheet, column: int) -> bool:
    cells = sheet.cells[str(column)]
    return cells.null_count() == len(cells)


def _titles_of_one_list(above: Mapping[int, Row], start: int) -> bool:
    """Whether titles over the further tables say where or of which sex their people are.

    Those that say anything else (spouse, children, employer) may be of other people.
    """
    titles = (cell for cells in above.values() for cell in cells[start:] if cell)
    return all(
        fold(title) in SEXES or kind_of_line(title) or find_province(title)
        or bool(find_candidates(title))
        for title in titles
    )  # fmt: skip


def _parted(sheet: RawSheet, starts: Sequence[int], headings: Mapping[str, str]) -> list[RawSheet]:
    parts = []
    for first, end in zip([0, *starts[1:]], [*starts[1:], len(sheet.columns)], strict=True):
        last = max(int(c) for c in headings if first <= int(c) < end)
        name = f"{sheet.name} ({column_letters(first + 1)}:{column_letters(last + 1)})".strip()
        merged = tuple(
            (top, left - first, bottom, min(right, end - 1) - first)
            for top, left, bottom, right in sheet.merged
            if first <= left < end
        )
        wanted = [pl.col(str(c)).alias(str(c - first)) for c in range(first, end)]
        cells = sheet.cells.select("row", *wanted)
        part = replace(_of_cells(sheet, cells, sheet.height), name=name, merged=merged)
        parts.append(part if first == 0 else replace(part, problems=()))
    return parts
