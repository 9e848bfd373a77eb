"""Quotation marks in delimited text: what they hold together, and the stray ones, read as letters.

A cell that spans lines and holds the delimiter as often as a row has cells is no cell but rows
behind a quotation mark never closed: its first line is read without quoting, and reading goes on
with the next line.
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


def records_of(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    """The records of a text, and the numbers of those whose quotation marks are letters."""
    csv.field_size_limit(2**31 - 1)
    lines = text.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    lines = [line + "\n" for line in lines]
    fewest = max(_width(lines, separator) - 1, _FEWEST_DELIMITERS)
    records: list[list[str]] = []
    mended: list[int] = []
    start = 0
    while start < len(lines):
        for record, first in _quoted(lines, start, separator):
            if not _swallowed(record, separator, fewest):
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


def _swallowed(record: Iterable[str], separator: str, fewest: int) -> bool:
    """Whether a cell of this record holds rows behind a quotation mark never closed."""
    return any(
        "\n" in cell and (len(cell) > MAX_CELL_CHARACTERS or cell.count(separator) >= fewest)
        for cell in record
    )


def _unquoted(lines: Iterable[str], separator: str) -> Iterator[list[str]]:
    """Quotation marks around a whole cell, or left over at its edge, say nothing of the person."""
    for record in csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE):
        yield [cell.strip('"') if cell.count('"') <= 2 else cell for cell in record]
