"""Delimited text of any delimiter and encoding, into a :class:`RawSheet`."""

from __future__ import annotations

import csv
import html
import re
from collections import Counter
from typing import Literal

import polars as pl

from qafila.tables.encodings import as_utf8
from qafila.tables.limits import (
    MAX_COLUMNS,
    TEXT_SAMPLE_BYTES,
)
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.quoting import records_of
from qafila.tables.raw_sheet import RawFile, RawSheet, numbered, without_blanks
from qafila.tables.synonyms import NO_SYNONYMS, Synonyms

DELIMITERS = (",", ";", "\t", "|", "~", "^", "¦", "؛", "،", "\x1f", "\x1e", ":", "!", "§", "#", "@")
_NO_DELIMITER = "\x00"
_SAMPLE_RECORDS = 200
_SAMPLE_LINES = 2 * _SAMPLE_RECORDS
_OTHERS = (",", ";", "\t", "|")
_WIDTH_SAMPLE = 2_000
_FEWEST_CELLS = 3
_NUMBER = re.compile(r"\d{4,}")
_ENTITY = re.compile(rb"&(?:#\d{2,5}|#x[0-9a-fA-F]{2,4}|[A-Za-z]{2,8}[0-9]{0,2});")
_SPACED_OUT = re.compile(r"\S {2,}\S")


def read_delimited(data: bytes, synonyms: Synonyms = NO_SYNONYMS) -> RawFile:
    """The one sheet (named ``""``) of a text file; ``synonyms`` help to know its headings."""
    text, problems = as_utf8(data, synonyms)
    if b"&" in text and _ENTITY.search(text):
        text = _ENTITY.sub(lambda found: _letter_of(found[0]), text)
    delimiter = find_delimiter(text[:TEXT_SAMPLE_BYTES].decode(errors="ignore"), synonyms)
    if delimiter == _NO_DELIMITER and _of_fixed_width(text[:TEXT_SAMPLE_BYTES]):
        raise CannotRead("fixed_width")
    if text[:4].lower() == b"sep=":
        text = b"\n" + text.partition(b"\n")[2]
    cells, noticed = _cells(text, delimiter)
    cells, otherwise = _parted_otherwise(cells, delimiter, synonyms)
    cells, wide = _cut(cells)
    height = cells.height
    cells = without_blanks(cells) if _edges_blank(text, delimiter) else numbered(cells)
    return RawFile(
        (RawSheet("", cells, height, problems=(*noticed, *otherwise, *wide)),), tuple(problems)
    )


def _letter_of(entity: bytes) -> bytes:
    """The letter that an export from a web page wrote as ``&eacute;`` or ``&#1587;``."""
    letter = html.unescape(entity.decode())
    return letter.encode() if len(letter) == 1 and (letter.isalpha() or letter == "&") else entity


def _of_fixed_width(sample: bytes) -> bool:
    """Whether spaces alone part the columns: they cannot be told from those inside names."""
    lines = [line for line in sample.decode(errors="ignore").splitlines() if line.strip()]
    spaced = sum(bool(_SPACED_OUT.search(line.strip())) for line in lines)
    return len(lines) > 1 and spaced > 0.6 * len(lines)


def _edges_blank(text: bytes, delimiter: str) -> bool:
    """Whether some cell may begin or end with a space; looked for in the whole text at once."""
    edge = delimiter.encode()
    spaces = (b" ", b"\xc2\xa0", *((b"\t",) if delimiter != "\t" else ()))
    pairs = ((s + e, e + s) for s in spaces for e in (edge, b"\n", b"\r", b'"'))
    return any(pair in text for both in pairs for pair in both) or text[:1].isspace()


def find_delimiter(sample: str, synonyms: Synonyms = NO_SYNONYMS) -> str:
    """The delimiter that cuts the sample's lines into the same number of cells, best headed."""
    explicit, sample = _declared(sample)
    if explicit:
        return explicit
    best, best_score = _NO_DELIMITER, 0.0
    for delimiter in DELIMITERS:
        if delimiter in sample:
            score = _score(sample, delimiter, synonyms)
            if score > best_score:
                best, best_score = delimiter, score
    return best


def _declared(sample: str) -> tuple[str, str]:
    first, _, rest = sample.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[4], rest
    return "", sample


def _score(sample: str, delimiter: str, synonyms: Synonyms) -> float:
    records = [r for r in _sample_records(sample, delimiter) if any(map(str.strip, r))]
    widths = Counter(len(record) for record in records)
    if not widths or max(widths) < 2:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    if width < 2:
        return 0.0
    headed = max(synonyms.fields_named(record) for record in records[:60])
    return headed + 2.0 * count / len(records) + min(width, 20) / 100


def _sample_records(sample: str, delimiter: str) -> list[list[str]]:
    lines = sample.split("\n", _SAMPLE_LINES)[:_SAMPLE_LINES]
    try:
        return records_of("\n".join(lines), delimiter)[0][:_SAMPLE_RECORDS]
    except csv.Error:
        return []


def _cells(text: bytes, delimiter: str) -> tuple[pl.DataFrame, list[Notice]]:
    if b'"' not in text and len(delimiter.encode()) == 1:
        frame = _cells_unquoted(text, delimiter)
        if frame is not None:
            return frame, []
    return _cells_quoted(text.decode(), delimiter)


def _cells_unquoted(text: bytes, delimiter: str) -> pl.DataFrame | None:
    """The quick way: no quotes, hence one record a line. None when Polars counts otherwise."""
    lines = text.count(b"\n") + (not text.endswith(b"\n"))
    mark = delimiter.encode()
    width = max(line.count(mark) for line in text[:TEXT_SAMPLE_BYTES].split(b"\n")) + 1
    try:
        frame = _parsed(text, delimiter, width, extra="raise")
    except pl.exceptions.PolarsError:
        widest = max(line.count(mark) for line in text.split(b"\n")) + 1
        frame = _parsed(text, delimiter, min(widest, MAX_COLUMNS + 1), extra="ignore")
    return frame if frame.height == lines else None


def _parsed(
    text: bytes, delimiter: str, width: int, extra: Literal["raise", "ignore"]
) -> pl.DataFrame:
    return pl.read_csv(
        text,
        has_header=False,
        separator=delimiter if delimiter != _NO_DELIMITER else "\x1f",
        quote_char=None,
        schema={str(i): pl.String for i in range(width)},
        missing_columns="insert",
        extra_columns=extra,
    )


def _cells_quoted(text: str, delimiter: str) -> tuple[pl.DataFrame, list[Notice]]:
    separator = delimiter if delimiter != _NO_DELIMITER else "\x1f"
    records, mended = records_of(text, separator)
    notices = [Notice("stray_quotes", {"row": mended[0], "count": len(mended)})] if mended else []
    return _framed(records), notices


def _framed(records: list[list[str]]) -> pl.DataFrame:
    width = min(max(map(len, records), default=1) or 1, MAX_COLUMNS + 1)
    padded = [
        [cell or None for cell in (r if len(r) == width else (r + [""] * (width - len(r)))[:width])]
        for r in records
    ]
    columns = zip(*padded, strict=True) if padded else [() for _ in range(width)]
    return pl.DataFrame([pl.Series(str(i), c, dtype=pl.String) for i, c in enumerate(columns)])


def _cut(cells: pl.DataFrame) -> tuple[pl.DataFrame, list[Notice]]:
    if cells.width <= MAX_COLUMNS:
        return cells, []
    return cells.select(cells.columns[:MAX_COLUMNS]), [
        Notice("too_many_columns", {"limit": MAX_COLUMNS})
    ]


def _parted_otherwise(
    cells: pl.DataFrame, delimiter: str, synonyms: Synonyms
) -> tuple[pl.DataFrame, list[Notice]]:
    """The cells, with those lines parted that another delimiter cuts into as many as the others.

    A line counts only when it holds a number or headings: titles have commas too.
    """
    if cells.width < _FEWEST_CELLS or cells.is_empty():
        return cells, []
    others = [pl.col(name).is_null() for name in cells.columns[1:]]
    alone = cells.with_row_index("at").filter(pl.col("0").is_not_null(), *others)
    usual, widest = _widths(cells)
    if alone.is_empty() or usual < _FEWEST_CELLS:
        return cells, []
    notices: list[Notice] = []
    for other in _OTHERS:
        if other == delimiter:
            continue
        marks = pl.col("0").str.count_matches(other, literal=True)
        found = alone.filter(marks >= usual - 1).select("at", "0")
        parted = {at: _parts(text, other) for at, text in found.rows()}
        lines = {
            at: parts
            for at, parts in parted.items()
            if usual - 1 <= len(parts) <= widest and _is_row(parts, synonyms)
        }
        if lines:
            cells = _with_lines(cells, lines)
            first = min(lines) + 1
            notices.append(Notice("other_delimiter", {"count": len(lines), "row": first}))
    return cells, notices


def _widths(cells: pl.DataFrame) -> tuple[int, int]:
    """How many cells most rows have that have several, and how many the widest has."""
    counts: Counter[int] = Counter()
    for row in cells.head(_WIDTH_SAMPLE).rows():
        last = next((place for place in range(len(row), 0, -1) if row[place - 1]), 0)
        counts[last] += last > 1
    usual = max(counts, key=lambda last: (counts[last], last), default=0)
    return usual, max(counts, default=0)


def _parts(line: str, delimiter: str) -> list[str]:
    """The cells of a line, without the blank ones at its end."""
    parts = next(csv.reader([line], delimiter=delimiter), [])
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _is_row(parts: list[str], synonyms: Synonyms) -> bool:
    return any(map(_NUMBER.search, parts)) or synonyms.fields_named(parts) > 1


def _with_lines(cells: pl.DataFrame, lines: dict[int, list[str]]) -> pl.DataFrame:
    padded = [[part or None for part in parts] for parts in lines.values()]
    padded = [parts + [None] * (cells.width - len(parts)) for parts in padded]
    columns = zip(*padded, strict=True)
    parted = pl.DataFrame([pl.Series(str(i), c, dtype=pl.String) for i, c in enumerate(columns)])
    parted = parted.insert_column(0, pl.Series("at", list(lines), dtype=pl.UInt32))
    kept = cells.with_row_index("at").join(parted.select("at"), on="at", how="anti")
    return pl.concat([kept, parted]).sort("at").drop("at")
