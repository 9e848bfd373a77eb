"""Where a sheet's headings are and what each column holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from qafila.lists.reading.contents import (
    field_by_content,
    looks_like,
    name_columns_by_content,
    sample_of,
)
from qafila.lists.reading.headings import (
    NAME_FIELDS,
    list_synonyms,
    meaning_of,
)
from qafila.lists.reading.mapping import SheetMapping
from qafila.tables.folding import fold, heading_words
from qafila.tables.limits import HEADER_SEARCH_ROWS
from qafila.tables.notices import Notice
from qafila.tables.raw_sheet import RawSheet
from qafila.tables.synonyms import ABBREVIATED, IGNORED, HeadingMatch

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class Layout:
    """``fields``: column → field; ``spare``: further columns of a field already taken."""

    header_rows: tuple[int, ...]
    headings: Mapping[str, str]
    fields: Mapping[str, str]
    spare: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Notice, ...] = ()

    def column_of(self, name: str) -> str | None:
        """The column mapped to a field, or None."""
        return next((c for c, f in self.fields.items() if f == name), None)

    @property
    def has_name(self) -> bool:
        """Whether some column holds names."""
        return not NAME_FIELDS.isdisjoint(self.fields.values())


def find_layout(sheet: RawSheet, mapping: SheetMapping | None = None) -> Layout:
    """The layout of a sheet: as the mapping says, else by headings, else by content."""
    columns = sheet.columns
    top = sheet.cells.head(HEADER_SEARCH_ROWS)
    rows = dict(zip(top.get_column("row").to_list(), top.select(columns).rows(), strict=True))
    header_row = mapping.header_row if mapping and mapping.header_row else _best_row(rows)
    if mapping and mapping.header_row and header_row not in rows:
        rows |= _row_numbered(sheet, header_row or 0)
    headings, header_rows = _headings(sheet, rows, header_row)
    layout = layout_of(header_rows, headings)
    if mapping and mapping.columns:
        layout = _overridden(layout, mapping.columns, columns)
    else:
        layout = _completed_by_content(layout, sheet, rows)
    return settle_names(layout, sheet.cells)


def _row_numbered(sheet: RawSheet, number: int) -> dict[int, Row]:
    found = sheet.cells.filter(pl.col("row") == number).select(sheet.columns).rows()
    return {number: found[0]} if found else {}


def _best_row(rows: Mapping[int, Row]) -> int | None:
    scores = {number: header_score(cells) for number, cells in rows.items()}
    best = max(scores, key=lambda number: (scores[number], -number), default=None)
    return best if best is not None and scores[best] > 0 else None


def header_score(cells: Iterable[str | None]) -> float:
    """How much a row looks like headings: 0 for not at all. Names weigh most."""
    filled = [cell for cell in cells if cell]
    matches = [m for m in map(meaning_of, filled) if m and m.strength >= ABBREVIATED]
    fields = {m.field for m in matches if m.field != IGNORED}
    named = bool(fields & NAME_FIELDS)
    if len(fields) < 2 and not (named and len(filled) <= 3):
        return 0.0
    return len(fields) + 2 * named + len(matches) / max(len(filled), 1)


def _headings(
    sheet: RawSheet, rows: Mapping[int, Row], header_row: int | None
) -> tuple[dict[str, str], tuple[int, ...]]:
    if header_row is None or header_row not in rows:
        return {}, ()
    single = _named(sheet.columns, rows[header_row])
    below = rows.get(header_row + 1)
    if below is None:
        return single, (header_row,)
    double = _named(sheet.columns, _two_lines(sheet, header_row, rows[header_row], below))
    if _fields_known(double) > _fields_known(single) and not _has_digits(below):
        return double, (header_row, header_row + 1)
    return single, (header_row,)


def _named(columns: list[str], cells: Row) -> dict[str, str]:
    return {c: cell for c, cell in zip(columns, cells, strict=True) if cell}


def _two_lines(sheet: RawSheet, number: int, top: Row, below: Row) -> Row:
    """Headings of two lines, the upper ones stretched over the cells they were merged with."""
    upper = list(top)
    for first, left, _, right in sheet.merged:
        if first == number and right > left:
            upper[left : right + 1] = [top[left]] * (min(right + 1, len(top)) - left)
    lines = zip(upper, below, strict=True)
    return tuple(" ".join(filter(None, pair)) or None for pair in lines)


def _fields_known(headings: Mapping[str, str]) -> int:
    return list_synonyms().fields_named(headings.values())


def _has_digits(cells: Row) -> bool:
    return any(c.isdigit() for cell in cells if cell for c in cell)


def layout_of(header_rows: tuple[int, ...], headings: Mapping[str, str]) -> Layout:
    """The layout that a row of headings gives, content not looked at."""
    matches = {c: m for c, h in headings.items() if (m := meaning_of(h))}
    fields: dict[str, str] = {}
    spare: dict[str, str] = {}
    twice: list[Notice] = []
    for column in sorted(matches, key=lambda c: (-matches[c].strength, int(c))):
        _take(column, matches[column], fields, spare)
    for column, name in spare.items():
        if matches[column].strength >= ABBREVIATED:
            twice.append(Notice("heading_twice", {"heading": headings[column], "field": name}))
    return Layout(header_rows, dict(headings), fields, spare, tuple(twice))


def _take(column: str, match: HeadingMatch, fields: dict[str, str], spare: dict[str, str]) -> None:
    if match.field != IGNORED and match.field in fields.values():
        if match.strength >= ABBREVIATED:
            spare[column] = match.field
    else:
        fields[column] = match.field


def _overridden(layout: Layout, wanted: Mapping[str, str], columns: list[str]) -> Layout:
    fields: dict[str, str] = {}
    for column in columns:
        heading = layout.headings.get(column, "")
        name = wanted.get(position_name(column)) or wanted.get(heading)
        name = name or {fold(k): v for k, v in wanted.items()}.get(fold(heading) or "\x00")
        if name and (name == IGNORED or name not in fields.values()):
            fields[column] = name
    return replace(layout, fields=fields, spare={}, problems=())


def position_name(column: str) -> str:
    """A column without heading, in a mapping file: ``#3`` is the third."""
    return f"#{int(column) + 1}"


def _completed_by_content(layout: Layout, sheet: RawSheet, rows: Mapping[int, Row]) -> Layout:
    fields = dict(layout.fields)
    body = sheet.cells
    if layout.header_rows:
        body = body.filter(pl.col("row") > layout.header_rows[-1])
    unknown = [c for c in sheet.columns if c not in fields and c not in layout.spare]
    samples = {c: sample_of(body, c) for c in unknown}
    for column, values in samples.items():
        found = field_by_content(values)
        if found and found not in fields.values() and not _excluded(found, fields):
            fields[column] = found
    if NAME_FIELDS.isdisjoint(fields.values()):
        rest = {c: values for c, values in samples.items() if c not in fields}
        fields |= name_columns_by_content(rest)
    layout = replace(layout, fields=fields)
    if not layout.header_rows:
        layout = _with_unworded_header(layout, sheet, rows)
    return _with_notices(layout)


def _with_unworded_header(layout: Layout, sheet: RawSheet, rows: Mapping[int, Row]) -> Layout:
    """Headings that mean nothing to us still are headings: the row above the first data row."""
    above: tuple[int, Row] | None = None
    for number, cells in rows.items():
        pairs = zip(sheet.columns, cells, strict=True)
        if any(cell and looks_like(layout.fields.get(column, ""), cell) for column, cell in pairs):
            break
        above = (number, cells)
    else:
        return layout
    if above is None:
        return layout
    return replace(layout, header_rows=(above[0],), headings=_named(sheet.columns, above[1]))


def _excluded(found: str, fields: Mapping[str, str]) -> bool:
    return found == "birth_date" and "birth_year" in fields.values()


def _with_notices(layout: Layout) -> Layout:
    problems = list(layout.problems)
    if not layout.header_rows:
        if layout.has_name:
            problems.append(Notice("no_heading_row"))
        return replace(layout, problems=tuple(problems))
    unknown = [
        h
        for c, h in layout.headings.items()
        if c not in layout.fields and c not in layout.spare and heading_words(h)
    ]
    if unknown:
        listed = ", ".join(h[:40] for h in unknown[:10])
        problems.append(Notice("unknown_headings", {"headings": listed, "count": len(unknown)}))
    return replace(layout, problems=tuple(problems))


def settle_names(layout: Layout, cells: pl.DataFrame) -> Layout:
    """``name`` and a lone ``family_name`` become what the other columns leave them to be."""
    fields = dict(layout.fields)
    values = set(fields.values())
    for column, name in list(fields.items()):
        if name == "name":
            fields[column] = _name_beside(values)
        elif name == "family_name" and not values & {"given_name", "name"}:
            fields[column] = "full_name" if "full_name" not in values else IGNORED
    return replace(layout, fields=fields)


def _name_beside(values: set[str]) -> str:
    if "family_name" in values and "given_name" not in values:
        return "given_name"
    if "given_name" in values and "family_name" not in values:
        return "family_name"
    return "full_name" if "full_name" not in values and "given_name" not in values else IGNORED
