"""Rows that are not data: blank, titles, headings again, totals, footers, section titles.

A row with something in a name column and in any other is a person, or rejected with a reason.
"""

from __future__ import annotations

import re

import polars as pl

from qafila.lists.reading.cells import lines
from qafila.lists.reading.cells.shifting import LOOKS
from qafila.lists.reading.columns.headings import meaning_of
from qafila.lists.reading.columns.layout import Layout
from qafila.lists.reading.schemas import SKIPPED_IN_SHEET
from qafila.tables.raw_sheet import Merged, RawSheet
from qafila.tables.synonyms import EXACT, IGNORED

NO_PERSON, NAME_ALONE = "not_a_person", "name_alone"
REFUSED = (NO_PERSON, NAME_ALONE)
"""Why a row is rejected although something stands where names do."""
_ONLY_COUNTS = re.compile(r"[\s\d.,%()+\-]{1,18}|[\d\s.,]{1,14}(?:dhs?|mad|درهم)?", re.I)
_WIDE_TITLE_COLUMNS = 3
_FEWEST_MERGED = 3
_FEWEST_WITH_MORE = 0.2
_FEWEST_SAID_AGAIN, _MOSTLY_SAID_AGAIN = 2, 0.6


def blank_rows(sheet: RawSheet) -> pl.DataFrame:
    """Stretches of blank rows, one record each."""
    rows = sheet.cells.get_column("row")
    before = pl.concat([pl.Series([0], dtype=pl.Int64), rows])
    after = pl.concat([rows, pl.Series([sheet.height + 1], dtype=pl.Int64)])
    gaps = pl.DataFrame({"row": before + 1, "last_row": after - 1})
    blank = (pl.col("row") <= pl.col("last_row")) & (not sheet.gathered)
    return gaps.filter(blank).with_columns(why=pl.lit("blank"))


def skipped(rows: pl.Series, why: str) -> pl.DataFrame:
    """Single skipped rows."""
    frame = pl.DataFrame({"row": rows, "last_row": rows})
    return frame.with_columns(why=pl.lit(why))


def rows_above(sheet: RawSheet, layout: Layout) -> pl.DataFrame:
    """Title rows above the headings, and the heading rows."""
    if not layout.header_rows:
        return pl.DataFrame(schema={n: SKIPPED_IN_SHEET[n] for n in ("row", "last_row", "why")})
    rows = sheet.cells.get_column("row")
    people = people_above(sheet, layout)
    above = rows.filter((rows < layout.header_rows[0]) & ~rows.is_in(people.implode()))
    titles = skipped(above, "title")
    return pl.concat([titles, skipped(pl.Series(layout.header_rows, dtype=pl.Int64), "header")])


def people_above(sheet: RawSheet, layout: Layout) -> pl.Series:
    """The rows above the headings that are people: a sorted sheet may have its headings anywhere.

    A name, and a card, phone or date in the column of its own.
    """
    every = {**layout.spare, **layout.fields}
    looks = [
        pl.col(c).str.contains(LOOKS[f]).fill_null(value=False)
        for c, f in every.items()
        if f in LOOKS
    ]
    named = [pl.col(c).is_not_null() for c in layout.name_columns]
    if not layout.header_rows or not looks or not named:
        return pl.Series("row", [], dtype=pl.Int64)
    above = sheet.cells.filter(pl.col("row") < layout.header_rows[0])
    return above.filter(pl.any_horizontal(*looks) & pl.any_horizontal(*named))["row"]


def reasons_to_skip(
    body: pl.DataFrame,
    layout: Layout,
    headings: list[int],
    *,
    merged: tuple[Merged, ...] = (),
    next_headings: int | None = None,
) -> pl.Series:
    """For each row of the body, why it is not data; null for data rows.

    ``headings`` are the rows that :func:`heading_rows_in` found, ``next_headings`` those of the
    table that follows. NO_PERSON marks a row to be rejected: beside other cells, its name is that
    of no person; NAME_ALONE one that holds part of a name and nothing else.
    """
    columns = [c for c in body.columns if c != "row"]
    reason = pl.Series("why", [None], dtype=pl.String).new_from_index(0, body.height)
    lone_names = _lone_names_are_rare(body, columns)
    suspects = body.filter(_suspicious(layout, columns, lone_names=lone_names))
    if suspects.height:
        found = pl.Series(
            [_kind_of_row(cells, layout, columns) for cells in suspects.drop("row").rows()],
            dtype=pl.String,
        )
        reason = _placed(reason, body, suspects.get_column("row"), found)
    wide = [top for top, left, _, right in merged if right - left + 1 >= _FEWEST_MERGED]
    lone = body.filter(pl.col("row").is_in(wide) & (_filled(columns) == 1)).get_column("row")
    reason = _placed(reason, body, lone, pl.Series([lines.TITLE] * len(lone), dtype=pl.String))
    rows = pl.Series(headings, dtype=pl.Int64)
    if not rows.is_empty():
        reason = reason.scatter(body.get_column("row").search_sorted(rows), "header_again")
    if lone_names:
        reason = _below_signatures(reason, body, columns)
    ends = [*headings, next_headings] if next_headings else headings
    return _titles_of_tables(reason, body, ends, columns) if ends else reason


def _placed(reason: pl.Series, body: pl.DataFrame, rows: pl.Series, found: pl.Series) -> pl.Series:
    known = found.is_not_null()
    if not known.any():
        return reason
    places = body.get_column("row").search_sorted(rows.filter(known))
    return reason.scatter(places, found.filter(known))


def _filled(columns: list[str]) -> pl.Expr:
    return pl.sum_horizontal(pl.col(c).is_not_null() for c in columns)


def _lone_names_are_rare(body: pl.DataFrame, columns: list[str]) -> bool:
    """Whether a name without any other cell is unusual in this list, hence worth a look."""
    if len(columns) == 1 or body.is_empty():
        return False
    more = body.select((_filled(columns) > 1).sum()).item()
    return bool(more > _FEWEST_WITH_MORE * body.height)


def _suspicious(layout: Layout, columns: list[str], *, lone_names: bool) -> pl.Expr:
    """Rows worth a look: a word of such lines, or a lone cell that is hardly a name."""
    names = layout.name_columns
    looked_at = dict.fromkeys([*names, *columns[:2]])
    worded = [pl.col(c).str.contains(lines.SUSPECTS) for c in looked_at]
    signs = [pl.any_horizontal(*worded).fill_null(value=False)]
    if lone_names:
        signs.append(_filled(columns) == 1)
    elif len(columns) > 1:
        nameless = pl.all_horizontal(pl.lit(value=True), *(pl.col(c).is_null() for c in names))
        long = [pl.col(c).str.len_chars() > lines.LONGEST_NAME // 2 for c in names]
        lone = nameless | pl.any_horizontal(pl.lit(value=False), *long).fill_null(value=False)
        signs.append((_filled(columns) == 1) & lone)
    return pl.any_horizontal(*signs)


def _kind_of_row(cells: tuple[str | None, ...], layout: Layout, columns: list[str]) -> str | None:
    filled = {c: cell for c, cell in zip(columns, cells, strict=True) if cell}
    names = [filled[c] for c in layout.name_columns if c in filled]
    others = [cell for c, cell in filled.items() if c not in layout.name_columns]
    if len(filled) == 1:
        return _kind_of_lone_cell(*next(iter(filled.items())), layout, len(columns))
    if all(map(_only_counts, names)):
        return _kind_of_nameless(list(filled.values()))
    kind = lines.kind_of_line(" ".join(names))
    if kind is None:
        parted = lines.kind_of_line(", ".join(filled.values())) == lines.FOOTER
        return NO_PERSON if parted else None
    if kind == lines.TOTAL and all(map(_only_counts, others)):
        return kind
    if all(lines.kind_of_line(cell) for cell in others):
        return kind
    return NO_PERSON


def _only_counts(cell: str) -> bool:
    return bool(_ONLY_COUNTS.fullmatch(cell)) and sum(c.isdigit() for c in cell) < 8


def _kind_of_lone_cell(column: str, cell: str, layout: Layout, width: int) -> str | None:
    kind = lines.kind_of_line(cell)
    if kind or width == 1:
        return kind
    if column in layout.name_columns:
        return _kind_of_lone_name(cell, layout, width)
    if lines.holds_a_number(cell):
        return None  # somebody's, perhaps: rejected, not skipped
    if layout.fields.get(column) == "serial":
        return "numbered_blank" if cell.isdigit() else lines.FOOTER
    unnamed = column not in layout.fields and column not in layout.headings
    return lines.FOOTER if unnamed and sum(c.isalpha() for c in cell) > 1 else None


def _kind_of_lone_name(cell: str, layout: Layout, width: int) -> str | None:
    if lines.too_long_for_a_name(cell) or lines.has_shape_of_a_note(cell):
        return lines.FOOTER
    if width < _WIDE_TITLE_COLUMNS:
        return None
    in_parts = {"family_name", "given_name"} <= set(layout.fields.values())
    return NAME_ALONE if in_parts or len(cell.split()) == 1 else None


def _below_signatures(reason: pl.Series, body: pl.DataFrame, columns: list[str]) -> pl.Series:
    """Lone cells below the first signature behind the last row of people are no people."""
    filled = body.select(_filled(columns)).to_series()
    people = (reason.is_null() & (filled > 1)).arg_true().to_list()
    start = people[-1] + 1 if people else 0
    signed = False
    for place in range(start, body.height):
        if reason[place] == lines.FOOTER:
            signed = True
        elif signed and filled[place] == 1 and reason[place] in (None, NAME_ALONE):
            reason = reason.scatter(place, lines.FOOTER)
    return reason


def _kind_of_nameless(cells: list[str]) -> str | None:
    """A total or a line of signatures that stands beside the columns of names."""
    worded = [cell for cell in cells if not _only_counts(cell)]
    kinds = [lines.kind_of_line(cell) for cell in worded]
    return kinds[0] if kinds and all(kinds) else None


def _titles_of_tables(
    reason: pl.Series, body: pl.DataFrame, ends: list[int], columns: list[str]
) -> pl.Series:
    """Lone cells between a blank row and the headings of the next table are its title."""
    rows = body.get_column("row").to_list()
    places = {row: place for place, row in enumerate(rows)}
    filled = body.select(_filled(columns)).to_series()
    wide = len(columns) >= _WIDE_TITLE_COLUMNS
    for end in ends:
        place = places.get(end, len(rows)) - 1
        titles: list[int] = []
        while wide and place >= 0 and reason[place] is None and filled[place] == 1:
            titles.append(place)
            if place == 0 or rows[place - 1] < rows[place] - 1:
                reason = reason.scatter(titles, lines.TITLE)
                break
            place -= 1
    return reason


def heading_rows_in(body: pl.DataFrame, layout: Layout) -> list[int]:
    """Numbers of rows in the body that are headings, the same as above or others."""
    columns = [c for c, f in layout.fields.items() if f.endswith("_name") or f == "card_number"]
    rows = set(_said_again(body, layout))
    for column in columns:
        suspects = _heading_like(body.get_column(column))
        if not suspects:
            continue
        for number, *cells in body.filter(pl.col(column).is_in(suspects)).iter_rows():
            if _fields_named(cells) >= min(2, max(1, len(layout.headings))):
                rows.add(int(number))
    return sorted(rows)


def _said_again(body: pl.DataFrame, layout: Layout) -> list[int]:
    """The rows most of whose cells say what the headings above them say."""
    same = [pl.col(c) == heading for c, heading in layout.headings.items() if c in body.columns]
    if len(same) < _FEWEST_SAID_AGAIN:
        return []
    again = pl.sum_horizontal(*same)
    filled = _filled([c for c in body.columns if c != "row"])
    names = [c for c in layout.name_columns if c in layout.headings]
    named = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(c) == layout.headings[c] for c in names)
    ).fill_null(value=False)
    most = named & (again >= _FEWEST_SAID_AGAIN) & (again > _MOSTLY_SAID_AGAIN * filled)
    return [int(row) for row in body.filter(most)["row"].to_list()]


def _heading_like(values: pl.Series) -> list[str]:
    """Distinct cells that are exactly a heading, looked for only among likely words."""
    distinct = values.drop_nulls().unique()
    likely = distinct.filter(distinct.str.contains(_HEADING_LETTERS))
    return [v for v in likely if (m := meaning_of(v)) and m.strength >= EXACT]


_HEADING_LETTERS = (
    r"(?i)nom|name|artisan|assur|cin|cni|carte|card|identi|ident|contribuable|b[ée]n[ée]fic|اسم|إسم"
    r"|نسب|لقب|صانع|بطاقة|ب\.و|ب\.ت|ب و"
)


def _fields_named(cells: list[str | None]) -> int:
    matches = (meaning_of(c) for c in cells if c and not re.search(r"\d", c))
    return len({m.field for m in matches if m and m.strength >= EXACT and m.field != IGNORED})
