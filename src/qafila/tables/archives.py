"""Zipped workbooks examined before they are opened: kind, real sizes, extent, formulas, links."""

from __future__ import annotations

import contextlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from qafila.tables.limits import (
    MAX_CELLS,
    MAX_EXPANDED_BYTES,
    MAX_EXPANSION_RATIO,
    MAX_ZIP_MEMBERS,
    RATIO_APPLIES_ABOVE_BYTES,
)
from qafila.tables.notices import CannotRead
from qafila.tables.workbook_parts import SheetPart, counts_from_1904, sheet_part_names

_CHUNK = 1 << 22
_OVERLAP = 4096
_BROKEN = (
    zipfile.BadZipFile,
    OSError,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    LookupError,
)
_FAR_CELL = re.compile(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3})([0-9]{6,7})"')
_WIDE_CELL = re.compile(rb'r="([A-Z]{2,3})[0-9]+"')
_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?r="([0-9]+)"')
_FORMULA_EMPTY = re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_ODS_ROWS = re.compile(rb'number-rows-repeated="([0-9]+)"')
_ODS_CELL = re.compile(rb'<table:table-cell [^>]*?number-columns-repeated="([0-9]+)"[^>]*?(/?)>')


@dataclass
class Examination:
    """What was found in the parts of a zipped workbook."""

    kind: str
    formulas_without_value: int = 0
    external_links: int = 0
    too_large: list[str] = field(default_factory=list)
    serials_from_1904: bool = False
    parts: dict[str, SheetPart] = field(default_factory=dict)
    """What each sheet hides, by the sheet's name."""
    names: dict[str, str] = field(default_factory=dict)

    @property
    def bad_dimensions(self) -> bool:
        """Whether some sheet is wrong about its own extent."""
        return any(part.bad_dimension for part in self.parts.values())


def zipped_kind(data: bytes) -> str:
    """``xlsx``, ``xlsb``, ``ods``, ``document`` or ``archive``. Raises when the zip is damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            return _kind(archive, names)
    except _BROKEN as error:
        raise CannotRead("damaged_file") from error


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names and "mimetype" in names:
        return "ods" if b"spreadsheet" in archive.read("mimetype")[:200] else "document"
    if any(name.startswith(("word/", "ppt/", "Documents/")) for name in names):
        return "document"
    return "archive"


def examine(data: bytes, kind: str) -> Examination:
    """Expands every part once, counting, and stops at the first limit passed.

    Raises :class:`CannotRead` (``zip_bomb``, ``damaged_file``, ``password_protected``).
    """
    found = Examination(kind)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_declared(archive.infolist(), len(data))
            if kind == "xlsx":
                found.names = sheet_part_names(archive)
                found.serials_from_1904 = counts_from_1904(archive)
            for info in archive.infolist():
                _examine_if_whole(archive, info, found)
    except _BROKEN as error:
        raise CannotRead("damaged_file") from error
    return found


def _examine_if_whole(archive: zipfile.ZipFile, info: zipfile.ZipInfo, found: Examination) -> None:
    """A part that cannot be expanded is left to calamine, which refuses its sheet alone.

    A part longer than declared, or with another checksum, makes the whole file damaged.
    """
    with contextlib.suppress(zlib.error, lzma.LZMAError):
        _examine_part(archive, info, found)


def _check_declared(members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_ZIP_MEMBERS:
        raise CannotRead("zip_bomb", megabytes=size >> 20)
    if any(member.flag_bits & 1 for member in members):
        raise CannotRead("password_protected")
    declared = sum(member.file_size for member in members)
    packed = min(size, sum(member.compress_size for member in members))
    _check_size(declared, packed)


def _check_size(expanded: int, packed: int) -> None:
    too_dense = expanded > RATIO_APPLIES_ABOVE_BYTES and expanded > MAX_EXPANSION_RATIO * packed
    if expanded > MAX_EXPANDED_BYTES or too_dense:
        raise CannotRead("zip_bomb", megabytes=expanded >> 20)


def _examine_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, found: Examination) -> None:
    name = info.filename
    if name.startswith("xl/externalLinks/") and name.endswith(".xml"):
        found.external_links += 1
    sheet = re.fullmatch(r"xl/worksheets/[^/]+\.xml", name) is not None
    extent = _Extent()
    hides = found.parts.setdefault(found.names.get(name, name), SheetPart()) if sheet else None
    for part in _chunks(archive, info):
        if hides is not None:
            extent.see(part)
            hides.see(part)
            found.formulas_without_value += len(_FORMULA_EMPTY.findall(part))
        elif name == "content.xml":
            _check_repeats(part)
        elif name == "META-INF/manifest.xml" and b"encryption-data" in part:
            raise CannotRead("password_protected")
    if extent.cells > MAX_CELLS:
        found.too_large.append(name)


def _chunks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes, each chunk with the end of the one before; real sizes are checked."""
    size, tail = 0, b""
    with archive.open(info) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            _check_size(size, max(info.compress_size, 1))
            cut = chunk.rfind(b">") + 1 or len(chunk)
            yield tail + chunk[:cut]
            tail = chunk[cut:][-_OVERLAP:]


class _Extent:
    """How far the cells of a sheet reach, as far as memory is concerned."""

    def __init__(self) -> None:
        self.rows, self.columns = 1, 26

    def see(self, part: bytes) -> None:
        last_row = part.rfind(b"<row ")
        for match in _ROW.finditer(part, max(last_row, 0)):
            self.rows = max(self.rows, int(match[1]))
        for letters, row in set(_FAR_CELL.findall(part)) if self.rows < 100_000 else ():
            self.rows = max(self.rows, int(row))
            self.columns = max(self.columns, _column_number(letters))
        for letters in set(_WIDE_CELL.findall(part)):
            self.columns = max(self.columns, _column_number(letters))

    @property
    def cells(self) -> int:
        return self.rows * self.columns


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(part: bytes) -> None:
    """An ods may say "this filled row, a million times" in a few bytes."""
    rows = max((int(n) for n in _ODS_ROWS.findall(part)), default=1)
    filled = [int(n) for n, closed in _ODS_CELL.findall(part) if not closed]
    if sum(filled) * min(rows, 1_048_576) > MAX_CELLS:
        raise CannotRead("zip_bomb", megabytes=0)
