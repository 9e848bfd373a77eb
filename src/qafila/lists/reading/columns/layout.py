"""Where a sheet's headings are and what each column holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from qafila.lists.reading.columns.contents import (
    counts_up,
    field_by_content,
    looks_like,
    name_columns_by_content,
    name_share,
    sample_of,
)
from qafila.lists.reading.columns.heading_rows import (
    FoundHeadings,
    Row,
    find_headings,
    named,
)
from qafila.lists.reading.columns.headings import NAME_FIELDS, meaning_of
from qafila.lists.reading.columns.mapping import SheetMapping
from qafila.lists.reading.columns.names import birth_parts, name_parts, without_letters
from qafila.tables.folding import fold, heading_words
from qafila.tables.limits import HEADER_SEARCH_ROWS
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.raw_sheet import RawSheet
from qafila.tables.synonyms import ABBREVIATED, EXACT, IGNORED, HeadingMatch

_MOSTLY_FILLED = 0.95
_MOSTLY_NAMES = 0.7
HEADINGS_SHIFTED = Notice("headings_shifted")


@dataclass(frozen=True)
class Layout:
    """``fields``: column → field; ``spare``: further columns of a field already taken.

    ``parts`` are the columns that together hold the full name, left to right; ``birth_parts`` those
    of the day, the month and the year of birth; any other spare column only fills the gaps of the
    first of its field. ``beyond``: filled columns under no heading.
    """

    header_rows: tuple[int, ...]
    headings: Mapping[str, str]
    fields: Mapping[str, str]
    spare: Mapping[str, str] = field(default_factory=dict)
    parts: tuple[str, ...] = ()
    birth_parts: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    problems: tuple[Notice, ...] = ()

    def column_of(self, name: str) -> str | None:
        """The column mapped to a field, or None."""
        return next((c for c, f in self.fields.items() if f == name), None)

    def heading_of(self, column: str) -> str:
        """What stands above a column, else its position."""
        return self.headings.get(column) or position_name(column)

    @property
    def has_name(self) -> bool:
        """Whether some column holds names."""
        return not NAME_FIELDS.isdisjoint(self.fields.values())

    @property
    def name_columns(self) -> list[str]:
        """The columns that hold names, spare ones and parts of full names included."""
        every = {**self.fields, **self.spare, **dict.fromkeys(self.parts, "full_name")}
        return sorted((c for c, f in every.items() if f in NAME_FIELDS), key=int)


def find_layout(sheet: RawSheet, mapping: SheetMapping | None = None) -> Layout:
    """The layout of a sheet: as the mapping says, else by headings, else by content.

    Raises :class:`CannotRead` where two tables stand side by side.
    """
    columns = sheet.columns
    top = sheet.cells.head(HEADER_SEARCH_ROWS)
    rows = dict(zip(top.get_column("row").to_list(), top.select(columns).rows(), strict=True))
    if mapping and mapping.header_row is not None and mapping.header_row not in rows:
        rows |= _row_numbered(sheet, mapping.header_row)
    found = find_headings(
        sheet,
        rows,
        row=mapping.header_row if mapping else None,
        lines=mapping.header_lines if mapping else None,
    )
    layout = layout_of(found)
    if mapping and mapping.columns:
        layout = _overridden(layout, mapping.columns, columns)
    else:
        _refuse_side_by_side(sheet, layout)
        layout = _without_side_table(sheet, layout)
        layout = _completed_by_content(layout, sheet, rows)
    return settle_names(layout, sheet.cells, found.merged)


def _row_numbered(sheet: RawSheet, number: int) -> dict[int, Row]:
    found = sheet.cells.filter(pl.col("row").is_in([number, number + 1]))
    return dict(
        zip(found.get_column("row").to_list(), found.select(sheet.columns).rows(), strict=True)
    )


def layout_of(found: FoundHeadings) -> Layout:
    """The layout that headings give, content not looked at."""
    headings = found.headings
    matches = {c: m for c, h in headings.items() if (m := meaning_of(h))}
    fields: dict[str, str] = {}
    spare: dict[str, str] = {}
    for column in _surest_first(matches):
        _take(column, matches[column], fields, spare)
    twice = [
        Notice("heading_twice", {"heading": headings[column], "field": name})
        for column, name in sorted(spare.items(), key=lambda item: int(item[0]))
        if matches[column].strength >= ABBREVIATED and column not in found.merged
    ]
    moved = [HEADINGS_SHIFTED] if found.shifted else []
    return Layout(found.rows, dict(headings), fields, spare, problems=(*moved, *twice))


def _take(column: str, match: HeadingMatch, fields: dict[str, str], spare: dict[str, str]) -> None:
    if match.field != IGNORED and match.field in fields.values():
        if match.strength >= ABBREVIATED:
            spare[column] = match.field
    else:
        fields[column] = match.field


def _refuse_side_by_side(sheet: RawSheet, layout: Layout) -> None:
    """Two lists side by side: names and another field said again further right."""
    every = {**layout.fields, **layout.spare}
    names = [c for c, f in every.items() if f in NAME_FIELDS]
    if len(names) < 2:
        return
    start = _second_list(sheet, layout, every)
    if start is not None:
        heading = layout.headings.get(start, "")
        raise CannotRead("side_by_side", heading=heading, column=position_name(start))


def _second_list(sheet: RawSheet, layout: Layout, every: Mapping[str, str]) -> str | None:
    """The first column of a second list: all its fields stand further left too, a name among them.

    Columns of names alone may be the same names in another script; then they are no second list.
    """
    spare = sorted(layout.spare, key=int)
    if not spare:
        return _list_behind_a_gap(sheet, every)
    start = spare[0]
    block = {every[c] for c in every if int(c) >= int(start) and every[c] != IGNORED}
    before = {every[c] for c in every if int(c) < int(start)}
    if block <= before and block & NAME_FIELDS and (block - NAME_FIELDS):
        return start
    return _list_behind_a_gap(sheet, every)


def _list_behind_a_gap(sheet: RawSheet, every: Mapping[str, str]) -> str | None:
    gaps = [
        c
        for c in sheet.columns[1:-1]
        if sheet.cells.get_column(c).null_count() == sheet.cells.height
    ]
    for gap in gaps:
        left = {f for c, f in every.items() if int(c) < int(gap)}
        right = {c: f for c, f in every.items() if int(c) > int(gap)}
        names = NAME_FIELDS & set(right.values())
        parted = {*(left & NAME_FIELDS), *names} == {"family_name", "given_name"}
        if left & NAME_FIELDS and names and not (parted and left.isdisjoint(names)):
            return min((c for c, f in right.items() if f in NAME_FIELDS), key=int)
    return None


def _without_side_table(sheet: RawSheet, layout: Layout) -> Layout:
    """A table of counts beside the list, behind a blank column, fills no gaps of the list."""
    blank = [int(c) for c in sheet.columns if sheet.cells[c].null_count() == sheet.cells.height]
    beside = {c for c in layout.spare if any(int(c) > gap for gap in blank)}
    if not beside:
        return layout
    headings = {layout.headings.get(c) for c in beside}
    return replace(
        layout,
        spare={c: f for c, f in layout.spare.items() if c not in beside},
        problems=tuple(
            p
            for p in layout.problems
            if p.code != "heading_twice" or p.params["heading"] not in headings
        ),
    )


def _overridden(layout: Layout, wanted: Mapping[str, str], columns: list[str]) -> Layout:
    """Columns as a person said; a field said again fills the gaps of the first."""
    folded = {fold(heading): name for heading, name in wanted.items()}
    fields: dict[str, str] = {}
    spare: dict[str, str] = {}
    told: dict[str, HeadingMatch] = {}
    for column in columns:
        heading = layout.headings.get(column, "")
        name = wanted.get(position_name(column)) or wanted.get(heading)
        name = name or folded.get(fold(heading) or "\x00")
        if name:
            told[column] = _as_sure_as_the_heading(name, heading)
    for column in _surest_first(told):
        name = told[column].field
        if name != IGNORED and name in fields.values():
            spare[column] = name
        else:
            fields[column] = name
    return replace(layout, fields=fields, spare=spare, problems=())


def _as_sure_as_the_heading(name: str, heading: str) -> HeadingMatch:
    """What a person said of a column: as sure as its heading where that says the same."""
    found = meaning_of(heading) if heading else None
    return found if found and found.field == name else HeadingMatch(name, EXACT)


def _surest_first(matches: Mapping[str, HeadingMatch]) -> list[str]:
    return sorted(matches, key=lambda c: (-matches[c].strength, int(c)))


def position_name(column: str) -> str:
    """A column without heading, in a mapping file: ``#3`` is the third."""
    return f"#{int(column) + 1}"


def _completed_by_content(layout: Layout, sheet: RawSheet, rows: Mapping[int, Row]) -> Layout:
    fields = dict(layout.fields)
    body = sheet.cells
    if layout.header_rows:
        body = body.filter(pl.col("row") > layout.header_rows[-1])
    unknown = [c for c in sheet.columns if c not in fields and c not in layout.spare]
    unknown = [c for c in unknown if not _overflows(layout, body, c)]
    samples = {c: sample_of(body, c) for c in unknown}
    for column, values in samples.items():
        counted = column not in layout.headings and counts_up(values)
        found = "serial" if counted else field_by_content(values)
        if found and found not in fields.values() and not _excluded(found, fields):
            fields[column] = found
    if layout.problems[:1] == (HEADINGS_SHIFTED,) and _lacks_family_names(fields, samples):
        fields["0"] = "family_name"
    if NAME_FIELDS.isdisjoint(fields.values()):
        rest = {c: values for c, values in samples.items() if c not in fields}
        fields |= name_columns_by_content(rest)
    layout = replace(layout, fields=fields)
    if not layout.header_rows:
        layout = _with_unworded_header(layout, sheet, rows)
    return _with_notices(layout)


def _lacks_family_names(fields: Mapping[str, str], samples: Mapping[str, list[str]]) -> bool:
    """Whether the first column holds what stands before the given names: family names."""
    beside = fields.get("1") == "given_name" and "family_name" not in fields.values()
    return beside and bool(samples.get("0")) and name_share(samples["0"]) >= _MOSTLY_NAMES


def _overflows(layout: Layout, body: pl.DataFrame, column: str) -> bool:
    """Whether a column right of the last heading holds what only some rows have too many."""
    last = max(map(int, layout.headings), default=10_000)
    if int(column) <= last or body.is_empty():
        return False
    return body.height - body.get_column(column).null_count() < _MOSTLY_FILLED * body.height


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
    return replace(layout, header_rows=(above[0],), headings=named(sheet.columns, above[1]))


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


def settle_names(
    layout: Layout, cells: pl.DataFrame, merged: Mapping[str, str] | None = None
) -> Layout:
    """What columns of names leave each other to be, and which of them hold one name together."""
    last = layout.header_rows[-1] if layout.header_rows else 0
    body = cells.filter(pl.col("row") > last)
    fields = without_letters(dict(layout.fields), layout.headings, body)
    spare = dict(layout.spare)
    _settle_whole_names(fields, spare)
    birth = birth_parts(layout.headings)
    if birth:
        fields = {c: f for c, f in fields.items() if f != "birth_date" and c not in birth}
        spare = {c: f for c, f in spare.items() if f != "birth_date" and c not in birth}
        fields[birth[0]] = "birth_date"
        spare |= dict.fromkeys(birth[1:], "birth_date")
    fields, spare, parts = name_parts(fields, spare, layout.headings, body, merged or {})
    taken = {*fields, *spare, *parts}
    beyond = tuple(
        c
        for c in body.columns
        if c != "row"
        and c not in taken
        and c not in layout.headings
        and layout.header_rows
        and body.get_column(c).null_count() < body.height
    )
    told = {layout.headings.get(c) for c in (*parts, *birth)}
    problems = tuple(
        p for p in layout.problems if p.code != "heading_twice" or p.params["heading"] not in told
    )
    return replace(
        layout,
        fields=fields,
        spare=spare,
        parts=parts,
        birth_parts=birth,
        beyond=beyond,
        problems=problems,
    )


def _settle_whole_names(fields: dict[str, str], spare: dict[str, str]) -> None:
    """``name``, and a family name or given name without the other, become what they must be."""
    values = set(fields.values())
    for column, name in list(fields.items()):
        if name == "name":
            fields[column] = _name_beside(values)
        elif name == "family_name" and not values & {"given_name", "name"}:
            fields[column] = "full_name" if "full_name" not in values else IGNORED
    known = set(fields.values())
    for column, name in list(spare.items()):
        if name not in known:
            spare[column] = "full_name"
            if "full_name" not in known:
                fields[column] = spare.pop(column)
                known.add("full_name")


def _name_beside(values: set[str]) -> str:
    if "family_name" in values and "given_name" not in values:
        return "given_name"
    if "given_name" in values and "family_name" not in values:
        return "family_name"
    return "full_name" if "full_name" not in values and "given_name" not in values else IGNORED
