"""What the parts of an xlsx say beside its values: what is hidden, and from when days count."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?hidden="(?:1|true)"')
_COLUMN = re.compile(rb'<(?:\w+:)?col [^>]*?hidden="(?:1|true)"[^>]*>')
_SPAN = re.compile(rb'(min|max)="(\d+)"')
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension [^>]*?ref="([^"]*)"[^>]*?/>')
_GOOD_DIMENSION = re.compile(rb"[A-Z]{1,3}[1-9]\d*(?::[A-Z]{1,3}[1-9]\d*)?")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml")
_LARGEST_SMALL_PART = 4 << 20


@dataclass
class SheetPart:
    """What was seen in the part of one sheet."""

    hidden_rows: int = 0
    hidden_columns: list[int] = field(default_factory=list)
    bad_dimension: bool = False

    def see(self, chunk: bytes) -> None:
        """Counts what a stretch of the part hides."""
        if b"<dimension" in chunk and (found := _DIMENSION.search(chunk)):
            self.bad_dimension |= not _GOOD_DIMENSION.fullmatch(found[1])
        if b'hidden="' not in chunk:
            return
        self.hidden_rows += len(_ROW.findall(chunk))
        for column in _COLUMN.findall(chunk):
            span = {name: int(number) for name, number in _SPAN.findall(column)}
            first, last = span.get(b"min", 1), span.get(b"max", 1)
            self.hidden_columns += range(first, min(last, first + 400) + 1)


def sheet_part_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet → the sheet's name; empty where the workbook does not say."""
    try:
        targets = {
            node.get("Id"): node.get("Target", "")
            for node in _nodes(archive, "xl/_rels/workbook.xml.rels")
        }
        named = [node for node in _nodes(archive, "xl/workbook.xml") if _bare(node.tag) == "sheet"]
    except (KeyError, ElementTree.ParseError):
        return {}
    names: dict[str, str] = {}
    for node in named:
        reference = next((v for k, v in node.attrib.items() if k.endswith("}id")), None)
        target = (targets.get(reference) or "").removeprefix("/xl/")
        names[f"xl/{target}"] = node.get("name", "")
    return names


def counts_from_1904(archive: zipfile.ZipFile) -> bool:
    """Whether bare numbers of days are counted from 1 January 1904."""
    try:
        settings = [n for n in _nodes(archive, "xl/workbook.xml") if _bare(n.tag) == "workbookPr"]
    except (KeyError, ElementTree.ParseError):
        return False
    return any(node.get("date1904") in ("1", "true") for node in settings)


def _nodes(archive: zipfile.ZipFile, part: str) -> Iterator[ElementTree.Element]:
    if archive.getinfo(part).file_size > _LARGEST_SMALL_PART:
        raise KeyError(part)
    try:
        # In any encoding: entities and document types are seen by the parser, not by their bytes.
        nodes: ElementTree.Element = fromstring(archive.read(part), forbid_dtd=True)
    except DefusedXmlException:
        raise KeyError(part) from None
    return nodes.iter()


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def without_dimensions(data: bytes) -> bytes:
    """The workbook without what its sheets say of their extent, which Excel does not read."""
    rewritten = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(rewritten, "w", zipfile.ZIP_STORED) as target,
    ):
        for info in source.infolist():
            part = source.read(info)
            if _SHEET_PART.fullmatch(info.filename):
                part = _DIMENSION.sub(b"", part, count=1)
            target.writestr(info.filename, part)
    return rewritten.getvalue()
