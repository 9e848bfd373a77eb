"""Quotation marks in delimited text: what they hold together, and the stray ones, read as letters.

A mark that opens a cell is stray when the one that closes it stands before a letter, when none
closes it, or when the cell holds whole rows: lines with as many delimiters as the others. Where
every cell is quoted, as some programs do, an address of several lines and commas is a cell.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from qafila.tables.limits import MAX_CELL_CHARACTERS

_SAMPLE_LINES = 2_000
_MOST_MENDED = 200
_FEWEST_DELIMITERS = 2
_FIRST_LINES = 10
_MANY = 0.4


class _Opener(NamedTuple):
    """The mark that opens cell ``cell`` of a record; ``sound``: its cell ends where it closes."""

    cell: int
    line: int
    at: int
    sound: bool


def records_of(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The records of a text, and the numbers of those whose quotation marks are letters."""
    csv.field_size_limit(2**31 - 1)
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    lines = [line + "\n" for line in lines]
    width = 0 if _every_cell_quoted(lines, separator) else _width(lines, separator)
    records: list[list[str]] = []
    mended: list[int] = []
    start = 0
    while start < len(lines):
        start, stray = _read_on(lines, start, separator, width, records)
        if stray is None:
            continue
        if mended[-1:] != [len(records) + 1]:
            mended.append(len(records) + 1)
        if len(mended) > _MOST_MENDED:
            return records + list(_unquoted(lines[start:], separator)), mended
        line = lines[stray.line]
        lines[stray.line] = line[: stray.at] + line[stray.at + 1 :]
    return records, mended


def _read_on(
    lines: list[str], start: int, separator: str, width: int, records: list[list[str]]
) -> tuple[int, _Opener | None]:
    """Adds records up to the first with a stray mark: where that begins, and its mark."""
    reader = csv.reader(itertools.islice(lines, start, None), delimiter=separator, strict=True)
    first = start
    try:
        for record in reader:
            place = _swallowing(record, separator, width)
            if place is not None:
                return first, next(o for o in _openers(lines, first, separator) if o.cell == place)
            records.append(record)
            first = start + reader.line_num
    except csv.Error:
        stray = next((o for o in _openers(lines, first, separator) if not o.sound), None)
        if stray:
            return first, stray
        records += _unquoted(lines[first : first + 1], separator)
        return first + 1, None
    return len(lines), None


def _openers(lines: list[str], first: int, separator: str) -> Iterator[_Opener]:
    """The marks that open cells of the record that begins with a line."""
    cell, begins, inside = 0, True, False
    line_number = at = first
    for number in range(first, len(lines)):
        line = lines[number]
        place = 0
        while place < len(line):
            sign = line[place]
            if inside and sign == '"' and line[place + 1 : place + 2] == '"':
                place += 1
            elif inside and sign == '"':
                inside = False
                sound = line[place + 1 : place + 2] in (separator, "\n", "\r", "")
                yield _Opener(cell, line_number, at, sound)
            elif not inside and sign == separator:
                cell, begins = cell + 1, True
            elif not inside:
                inside = begins and sign == '"'
                line_number, at = (number, place) if inside else (line_number, at)
                begins = False
            place += 1
        if not inside:
            return
    yield _Opener(cell, line_number, at, sound=False)


def _width(lines: list[str], separator: str) -> int:
    """How many cells most lines have, those without quotation marks first."""
    sample = lines[:_SAMPLE_LINES]
    plain = [line for line in sample if '"' not in line and line.strip()] or sample
    counts = Counter(line.count(separator) + 1 for line in plain)
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))[0]


def _every_cell_quoted(lines: list[str], separator: str) -> bool:
    """Whether the file was written by a program that puts every cell in quotation marks."""
    sample = [line.strip() for line in lines[:_SAMPLE_LINES] if line.strip()]
    mark = f'"{separator}"'
    whole = [
        line[:1] == line[-1:] == '"' and line.count(mark) == line.count(separator) > 0
        for line in sample[:_FIRST_LINES]
    ]
    begun = sum(line.startswith('"') for line in sample)
    return any(whole) and begun > _MANY * len(sample)


def _swallowing(record: list[str], separator: str, width: int) -> int | None:
    """The cell of this record that holds rows, if any; with ``width`` 0 only by its length."""
    for place, cell in enumerate(record):
        if "\n" in cell and (
            len(cell) > MAX_CELL_CHARACTERS or _holds_rows(record, place, separator, width)
        ):
            return place
    return None


def _holds_rows(record: list[str], place: int, separator: str, width: int) -> bool:
    """Whether lines of a cell are rows as wide as the others: two of them are no chance."""
    cell = record[place]
    if not width or cell.count(separator) < max(width - 1, _FEWEST_DELIMITERS):
        return False
    counts = [line.count(separator) for line in cell.rstrip("\n").split("\n")]
    counts[0] += place
    counts[-1] += len(record) - 1 - place
    return sum(count == width - 1 for count in counts) > 1


def _unquoted(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Quotation marks around a whole cell, or left over at its edge, say nothing of the person."""
    for record in csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE):
        yield [cell.strip('"') if cell.count('"') <= 2 else cell for cell in record]
