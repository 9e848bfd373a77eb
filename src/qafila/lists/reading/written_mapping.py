"""Writes the mapping that was used, in the form :mod:`.mapping` reads back."""

from __future__ import annotations

from typing import Any

import yaml

from qafila.lists.reading.results import FileReading, Reading, SheetReading

_HEADER = "# Columns as Qafila understood them. Change a field and give the file back.\n"


def write_mapping(reading: Reading) -> str:
    """YAML of the headings and fields of every sheet; unknown columns are shown as ``ignored``."""
    files = {file.name: _of_file(file) for file in reading.files if file.usable}
    text = yaml.safe_dump({"files": files}, allow_unicode=True, sort_keys=False, width=100)
    return _HEADER + text


def _of_file(file: FileReading) -> dict[str, Any]:
    sheets: dict[str, Any] = {}
    for sheet in file.sheets:
        sheets.setdefault(sheet.name, _of_sheet(sheet))
    entries = list(sheets.values())
    if all(entry == entries[0] for entry in entries):
        return {"sheets": {"*": entries[0]}}
    return {"sheets": sheets}


def _of_sheet(sheet: SheetReading) -> dict[str, Any]:
    headed = [heading for heading in sheet.unknown_columns if not heading.startswith("#")]
    columns = dict(sheet.columns) | dict.fromkeys(headed, "ignored")
    entry: dict[str, Any] = {"source": sheet.source, "columns": columns}
    if sheet.header_rows:
        lines = {"header_lines": 2} if len(sheet.header_rows) > 1 else {}
        entry = {"header_row": sheet.header_rows[0], **lines, **entry}
    return entry
