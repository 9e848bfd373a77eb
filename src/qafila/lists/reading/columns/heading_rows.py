"""Which rows of a sheet are its headings: one or two lines, merged over columns or not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from qafila.lists.reading.cells.shifting import LOOKS
from qafila.lists.reading.columns.headings import NAME_FIELDS, meaning_of
from qafila.lists.reading.columns.names import birth_parts
from qafila.tables.limits import CONTENT_SAMPLE_ROWS
from qafila.tables.raw_sheet import RawSheet
from qafila.tables.synonyms import ABBREVIATED, EXACT, IGNORED, HeadingMatch

Row = tuple[str | None, ...]
_MOSTLY_SHIFTED = 0.7
_SHIFT_PROOFS = 2


@dataclass(frozen=True)
class FoundHeadings:
    """The rows of headings and what stands above each column.

    ``merged``: columns whose heading is that of another column, merged over both → that column.
    ``shifted``: the headings stood one column to the left of theirs.
    """

    rows: tuple[int, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    shifted: bool = False


def find_headings(
    sheet: RawSheet, rows: Mapping[int, Row], *, row: int | None = None, lines: int | None = None
) -> FoundHeadings:
    """The headings among the first ``rows``; ``row`` and ``lines`` where a person said them."""
    best = row if row is not None else _best_row(rows)
    if best is None or best not in rows:
        return FoundHeadings()
    options = [(best,), (best, best + 1)]
    if row is None:
        options.append((best - 1, best))
    if lines:
        options = [option for option in options if len(option) == lines and {*option} <= {*rows}]
    else:
        options = [option for option in options if _may_be(rows, option, best)]
    found = [_of_rows(sheet, rows, option) for option in options]
    chosen = max(found, key=lambda one: _worth(one, rows, best), default=FoundHeadings())
    return _moved_right(chosen) if _one_column_left(sheet, chosen) else chosen


def _one_column_left(sheet: RawSheet, found: FoundHeadings) -> bool:
    """Whether a first column without a heading pushed all the others: each cell proves it."""
    beyond = str(max(map(int, found.headings), default=10_000) + 1)
    if beyond not in sheet.columns or "0" not in found.headings:
        return False
    body = sheet.cells.filter(pl.col("row") > found.rows[-1]).head(CONTENT_SAMPLE_ROWS)
    if body.is_empty() or body[beyond].null_count() > (1 - _MOSTLY_SHIFTED) * body.height:
        return False
    proofs = 0
    for column, heading in found.headings.items():
        match = meaning_of(heading)
        if match and match.field in LOOKS:
            own, beside = (
                body[c].drop_nulls().str.contains(LOOKS[match.field]).mean() or 0.0
                for c in (column, str(int(column) + 1))
            )
            if float(str(own)) > 1 - _MOSTLY_SHIFTED:
                return False
            proofs += float(str(beside)) >= _MOSTLY_SHIFTED
    return proofs >= _SHIFT_PROOFS


def _moved_right(found: FoundHeadings) -> FoundHeadings:
    headings = {str(int(c) + 1): heading for c, heading in found.headings.items()}
    return replace(found, headings=headings, merged={}, shifted=True)


def _worth(found: FoundHeadings, rows: Mapping[int, Row], best: int) -> tuple[int, bool]:
    """How many fields are known; and whether a line below the best one is headings itself."""
    below = found.rows == (best, best + 1) and _fields_known(filter(None, rows[best + 1])) > 1
    births = bool(birth_parts(found.headings))
    return _fields_known(found.headings.values()) + births, below or births


def _may_be(rows: Mapping[int, Row], option: tuple[int, ...], best: int) -> bool:
    """A second line of headings holds no digits, and none but the best names people."""
    for number in option:
        if number != best and (number not in rows or _has_digits(rows[number])):
            return False
    return True


def _has_digits(cells: Row) -> bool:
    return any(c.isdigit() for cell in cells if cell for c in cell)


def _of_rows(sheet: RawSheet, rows: Mapping[int, Row], numbers: tuple[int, ...]) -> FoundHeadings:
    upper, merged = _stretched(sheet, numbers, rows[numbers[0]])
    if len(numbers) == 1:
        return FoundHeadings(numbers, named(sheet.columns, upper), merged)
    lower = rows[numbers[1]]
    combined = tuple(
        _of_two_lines(above, below)
        for above, below in zip(_spread(upper, lower), lower, strict=True)
    )
    own = {c: m for c, m in merged.items() if not lower[sheet.columns.index(c)]}
    return FoundHeadings(numbers, named(sheet.columns, combined), own)


def named(columns: list[str], cells: Row) -> dict[str, str]:
    """The cells of a row of headings by their column."""
    return {c: cell for c, cell in zip(columns, cells, strict=True) if cell}


def _stretched(sheet: RawSheet, numbers: tuple[int, ...], cells: Row) -> tuple[Row, dict[str, str]]:
    """The headings of the first line, repeated over the columns they are merged with."""
    upper, merged = list(cells), {}
    columns = sheet.columns
    for first, left, _, right in sheet.merged:
        if first == numbers[0] and right > left and left < len(cells) and cells[left]:
            for place in range(left + 1, min(right + 1, len(cells))):
                upper[place] = cells[left]
                merged[columns[place]] = columns[left]
    return tuple(upper), merged


def _spread(upper: Row, lower: Row) -> Row:
    """The upper headings, each over the blank cells to its right that have a heading below."""
    spread: list[str | None] = []
    for above, below in zip(upper, lower, strict=True):
        spread.append(above or (spread[-1] if spread and below else None))
    return tuple(spread)


def _of_two_lines(above: str | None, below: str | None) -> str | None:
    """What the two lines say together where that is a heading, else the lower line."""
    if not above or not below:
        return above or below
    both = f"{above} {below}"
    together, alone = meaning_of(both), meaning_of(below)
    if together and together.strength >= EXACT:
        return both
    if _sure(alone) and alone and alone.field != IGNORED:
        return below
    return both if _sure(together) or not alone else below


def _sure(match: HeadingMatch | None) -> bool:
    return match is not None and match.strength >= ABBREVIATED


def _best_row(rows: Mapping[int, Row]) -> int | None:
    scores = {number: header_score(cells) for number, cells in rows.items()}
    best = max(scores, key=lambda number: (scores[number], -number), default=None)
    return best if best is not None and scores[best] > 0 else None


def header_score(cells: Iterable[str | None]) -> float:
    """How much a row looks like headings: 0 for not at all. Names weigh most."""
    filled = [cell for cell in cells if cell]
    matches = [m for m in map(meaning_of, filled) if m and m.strength >= ABBREVIATED]
    fields = {m.field for m in matches if m.field != IGNORED}
    has_name = bool(fields & NAME_FIELDS)
    if len(fields) < 2 and not (has_name and len(filled) <= 3):
        return 0.0
    return len(fields) + 2 * has_name + len(matches) / max(len(filled), 1)


def _fields_known(headings: Iterable[str]) -> int:
    matches = (meaning_of(heading) for heading in headings)
    return len({m.field for m in matches if m and _sure(m) and m.field != IGNORED})
