"""Quotation marks in delimited text: what they hold together, and the stray ones, read as letters.

A cell that spans lines and holds the delimiter as often as a row has cells is no cell but rows
behind a quotation mark never closed: its first line is read without quoting, and reading goes on
with the next line. So is a cell that spans lines in a record with more cells than the others. Where
every cell is quoted, as some programs do, an address of several lines and commas is a cell.
"""

from __future__ import annotations

import csv
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator

from qafila.tables.limits import MAX_CELL_CHARACTERS

_SAMPLE_LINES = 2_000
_MOST_MENDED = 200
_FEWEST_DELIMITERS = 2
_FIRST_LINES = 10
_MANY = 0.4


def records_of(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The records of a text, and the numbers of those whose quotation marks are letters."""
    csv.field_size_limit(2**31 - 1)
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    lines = [line + "\n" for line in lines]
    width, every = _width(lines, separator), _every_cell_quoted(lines, separator)
    records: list[list[str]] = []
    mended: list[int] = []
    start = 0
    while start < len(lines):
        for record, first in _quoted(lines, start, separator):
            if not _swallowed(record, separator, width, every=every):
                records.append(record)
                continue
            mended.append(len(records) + 1)
            start = first
            break
        else:
            return records, mended
        stop = start + 1 if len(mended) < _MOST_MENDED else len(lines)
        records += _unquoted(lines[start:stop], separator)
        start = stop
    return records, mended


def _width(lines: list[str], separator: str) -> int:
    """How many cells most lines have, those without quotation marks first."""
    sample = lines[:_SAMPLE_LINES]
    plain = [line for line in sample if '"' not in line and line.strip()] or sample
    counts = Counter(line.count(separator) + 1 for line in plain)
    return max(counts.items(), key=lambda item: (item[1], item[0]), default=(1, 0))[0]


def _quoted(lines: list[str], start: int, separator: str) -> Iterator[tuple[list[str], int]]:
    """Each record with the place of its first line."""
    reader = csv.reader(itertools.islice(lines, start, None), delimiter=separator)
    first = start
    for record in reader:
        yield record, first
        first = start + reader.line_num


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


def _swallowed(record: list[str], separator: str, width: int, *, every: bool) -> bool:
    """Whether a cell of this record holds rows behind a quotation mark never closed."""
    if not any("\n" in cell for cell in record):
        return False
    filled = next((n for n in range(len(record), 0, -1) if record[n - 1]), 0)
    if filled > width > 1:
        return True
    for place, cell in enumerate(record):
        if "\n" in cell and len(cell) > MAX_CELL_CHARACTERS:
            return True
        if not every and _holds_rows(cell, separator, width, place, len(record) - 1 - place):
            return True
    return False


def _holds_rows(cell: str, separator: str, width: int, before: int, behind: int) -> bool:
    """Whether most lines of a cell are rows as wide as the others."""
    if "\n" not in cell or cell.count(separator) < max(width - 1, _FEWEST_DELIMITERS):
        return False
    counts = [line.count(separator) for line in cell.rstrip("\n").split("\n")]
    counts[0] += before
    counts[-1] += behind
    return 2 * sum(count == width - 1 for count in counts) > len(counts)


def _unquoted(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Quotation marks around a whole cell, or left over at its edge, say nothing of the person."""
    for record in csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE):
        yield [cell.strip('"') if cell.count('"') <= 2 else cell for cell in record]
