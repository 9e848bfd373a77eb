"""The parts of a workbook beside its values: what would unfold without end is not unfolded."""

from __future__ import annotations

import io
import zipfile

import pytest

from qafila.tables.workbook_parts import counts_from_1904, sheet_part_names

PLAIN = """<?xml version="1.0" encoding="{encoding}"?>{before}
<workbook xmlns="x"><workbookPr date1904="1"/>{inside}</workbook>"""
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'


def _workbook(encoding: str, before: str = "", inside: str = "") -> zipfile.ZipFile:
    text = PLAIN.format(encoding=encoding, before=before, inside=inside)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", text.encode(encoding))
    return zipfile.ZipFile(packed)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_a_workbook_says_is_read_in_any_encoding(encoding: str) -> None:
    assert counts_from_1904(_workbook(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding: str) -> None:
    bomb = _workbook(encoding, BOMB, "&b;")
    assert not counts_from_1904(bomb)
    assert sheet_part_names(bomb) == {}
