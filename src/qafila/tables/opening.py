"""Opens a file as what it is, not as what its name says."""

from __future__ import annotations

import re
from pathlib import Path

from qafila.tables.archives import zipped_kind
from qafila.tables.delimited import read_delimited
from qafila.tables.encodings import unmarked_utf16
from qafila.tables.limits import MAX_FILE_BYTES
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.raw_sheet import RawFile
from qafila.tables.synonyms import NO_SYNONYMS, Synonyms
from qafila.tables.workbooks import read_workbook

_NOT_LISTS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"{\\rtf", "document"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"SQLite format 3", "database"),
    (b"PAR1", "database"),
)
_DBASE = frozenset((0x02, 0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIRST_WORDS = {
    b"id;p": "sylk",
    b"begin:vcard": "contacts",
    b"insert into ": "database",
    b"create table ": "database",
    b"-- mysql dump": "database",
    b"-- phpmyadmin": "database",
}
_JSON_START = re.compile(rb'[\[{]\s*(?:[\[{"]|[\]}]\s*$)')
_WORKBOOK_SUFFIXES = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}
_TEXT_SUFFIXES = {".csv", ".tsv", ".txt", ".tab"}


def open_file(path: Path, synonyms: Synonyms = NO_SYNONYMS) -> RawFile:
    """The sheets of ``path``. Raises :class:`CannotRead` with a file-level notice."""
    return _opened(_bytes_of(path), path.name, synonyms)


def open_content(data: bytes, name: str, synonyms: Synonyms = NO_SYNONYMS) -> RawFile:
    """The sheets of a file already in memory, as :func:`open_file`."""
    return _opened(_checked(data), name, synonyms)


def _opened(data: bytes, name: str, synonyms: Synonyms) -> RawFile:
    kind = kind_of(data)
    if kind in ("xlsx", "xlsb", "ods", "xls"):
        raw = read_workbook(data, kind)
    elif kind == "text":
        raw = read_delimited(data, synonyms)
    else:
        raise CannotRead("not_a_list", kind=kind)
    return _with_name_checked(raw, name, kind)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise CannotRead("folder")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            raise CannotRead("file_too_large", megabytes=size >> 20, limit=MAX_FILE_BYTES >> 20)
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise CannotRead("file_not_found") from error
    except OSError as error:
        raise CannotRead("file_unreadable", detail=error.strerror or "") from error
    return _checked(data)


def _checked(data: bytes) -> bytes:
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise CannotRead("file_empty")
    return data


def kind_of(data: bytes) -> str:
    """``text``, ``xlsx``, ``xls``, ``ods``, ``xlsb``, or what the bytes are instead."""
    for mark, kind in _NOT_LISTS:
        if data.startswith(mark):
            return "text" if kind == "image" and mark == b"BM" and _is_text(data) else kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return zipped_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data)
    worded = "database" if _is_dbase(data) else _kind_by_first_words(data)
    if worded:
        return worded
    return "text" if _is_text(data) else "unknown"


def _is_dbase(data: bytes) -> bool:
    """dBase and FoxPro tables: a kind, a day, and headers of 32 bytes that end with a mark."""
    if len(data) < 65 or data[0] not in _DBASE:
        return False
    month, day, length = data[2], data[3], int.from_bytes(data[8:10], "little")
    return 1 <= month <= 12 and 1 <= day <= 31 and b"\r" in data[length - 1 : length + 264]


def _kind_by_first_words(data: bytes) -> str | None:
    """Web pages, web archives, XML, SYLK and JSON begin in their own way, in any encoding."""
    start = data[:8000].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if start.startswith(b"mime-version:") or b"\ncontent-type: multipart/related" in start:
        return "web_page"
    if start.startswith(b"<"):
        tagged = any(tag in start for tag in (b"<html", b"<table", b"<body", b"<!doctype html"))
        return "web_page" if tagged else "xml" if start.startswith(b"<?xml") else None
    for words, kind in _FIRST_WORDS.items():
        if start.startswith(words):
            return kind
    return "json" if _JSON_START.match(start) else None


def _ole_kind(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise CannotRead("password_protected")
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "xls"
    return "document"


def _is_text(data: bytes) -> bool:
    sample = data[:65_536]
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")) or unmarked_utf16(sample):
        return True
    control = sum(sample.count(bytes((b,))) for b in range(1, 32) if b not in b"\t\n\r\x0c\x1e\x1f")
    return control <= len(sample) * 0.02


def _with_name_checked(raw: RawFile, name: str, kind: str) -> RawFile:
    suffix = Path(name).suffix.lower()
    misnamed = (kind == "text" and suffix in _WORKBOOK_SUFFIXES) or (
        kind != "text" and (suffix in _TEXT_SUFFIXES or _other_workbook(suffix, kind))
    )
    if not misnamed:
        return raw
    problem = Notice("other_kind_than_named", {"named": suffix.lstrip("."), "kind": kind})
    return RawFile(raw.sheets, (problem, *raw.problems))


def _other_workbook(suffix: str, kind: str) -> bool:
    families = {".xlsx": "xlsx", ".xlsm": "xlsx", ".xlsb": "xlsb", ".xls": "xls", ".ods": "ods"}
    return suffix in families and families[suffix] != kind
