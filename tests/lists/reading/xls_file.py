"""A minimal Excel 97 workbook (BIFF8 in a compound file), for no library here writes one."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def write_xls(path: Path, rows: Sequence[Sequence[Any]], sheet: str = "Feuil1") -> Path:
    """One sheet of texts and numbers."""
    path.write_bytes(_compound(_workbook(rows, sheet)))
    return path


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0x41, 0x06))


def _workbook(rows: Sequence[Sequence[str | float]], sheet: str) -> bytes:
    name = struct.pack("<BB", len(sheet), 1) + sheet.encode("utf-16-le")
    start = len(_begin(5)) + 4 + 6 + len(name) + 4
    bound = _record(0x0085, struct.pack("<IBB", start, 0, 0) + name)
    cells = b"".join(
        _cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    )
    width = max(map(len, rows))
    dimensions = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    book = _begin(5) + bound + _record(0x000A) + _begin(0x10) + dimensions + cells + _record(0x000A)
    return book.ljust(4096, b"\0")


def _cell(row: int, column: int, value: str | float) -> bytes:
    if isinstance(value, str):
        text = value.encode("utf-16-le")
        head = struct.pack("<HHHHB", row, column, 0, len(value), 1)
        return _record(0x0204, head + text)
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, float(value)))


def _compound(stream: bytes) -> bytes:
    sectors = -(-len(stream) // _SECTOR)
    stream = stream.ljust(sectors * _SECTOR, b"\0")
    chain = [*range(3, sectors + 2), _END]
    fat = struct.pack("<128I", *([_FAT, _END, *chain] + [_FREE] * (126 - sectors)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *([_FREE] * 108))
    root = _entry("Root Entry", 5, child=1, start=_END, size=0)
    book = _entry("Workbook", 2, child=_FREE, start=2, size=len(stream))
    empty = _entry("", 0, child=_FREE, start=0, size=0)
    return header + fat + root + book + empty + empty + stream


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    encoded = (name + "\0").encode("utf-16-le") if name else b""
    head = encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
    return head + struct.pack("<III36xIII", _FREE, _FREE, child, start, size, 0)
