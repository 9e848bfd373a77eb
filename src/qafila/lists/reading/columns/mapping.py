"""The mapping of columns to fields as a YAML text that a person can read, change and give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from qafila.lists.reading.columns.headings import FIELDS
from qafila.lists.reading.kinds import SOURCES
from qafila.lists.reading.sentences import problem_sentence
from qafila.tables.notices import Notice
from qafila.tables.synonyms import IGNORED


class MappingError(ValueError):
    """The mapping given by a person cannot be used; ``problem`` says why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.problem = Notice(code, params)

    def sentence(self) -> str:
        """What is wrong with the mapping, for a person."""
        return problem_sentence(self.problem)


@dataclass(frozen=True)
class SheetMapping:
    """What a person says of one sheet; whatever is left out is found as usual."""

    header_row: int | None = None
    header_lines: int | None = None
    source: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)


def parse_mapping(text: str) -> dict[str, Any]:
    """The mapping in a YAML text. Raises :class:`MappingError` when it is not one."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0)
        raise MappingError("mapping_not_yaml", line=int(line) + 1) from error
    check_mapping(data)
    return data or {}


def check_mapping(data: object) -> None:
    """Raises :class:`MappingError` on the first thing that cannot be used."""
    if data is None:
        return
    if not isinstance(data, dict):
        raise MappingError("mapping_not_a_table")
    for entry in (data, *_file_entries(data)):
        _check_entry(entry)


def _file_entries(data: dict[str, Any]) -> list[Any]:
    files = data.get("files") or {}
    if not isinstance(files, dict):
        raise MappingError("mapping_not_a_table")
    entries: list[Any] = []
    for entry in files.values():
        sheets = entry.get("sheets") if isinstance(entry, dict) else None
        entries.append(entry)
        entries.extend(sheets.values() if isinstance(sheets, dict) else [])
    return entries


def _check_entry(entry: object) -> None:
    if not isinstance(entry, dict):
        raise MappingError("mapping_not_a_table")
    for heading, name in _columns(entry).items():
        if name not in FIELDS and name != IGNORED:
            raise MappingError("mapping_unknown_field", heading=str(heading), field=str(name))
    source = entry.get("source")
    if source is not None and source not in SOURCES:
        raise MappingError("mapping_unknown_source", source=str(source))
    row = entry.get("header_row")
    if row is not None and (not isinstance(row, int) or row < 1):
        raise MappingError("mapping_bad_row", row=str(row))
    lines = entry.get("header_lines")
    if lines not in (None, 1, 2):
        raise MappingError("mapping_bad_lines", lines=str(lines))


def _columns(entry: Mapping[str, Any]) -> dict[str, str]:
    columns = entry.get("columns") or {}
    if not isinstance(columns, dict):
        raise MappingError("mapping_not_a_table")
    return {str(heading): str(name) for heading, name in columns.items()}


def mapping_for(data: Mapping[str, Any] | None, file: str, sheet: str) -> SheetMapping | None:
    """What the mapping says of a sheet: its own entry, its file's, then the one for all."""
    if not data:
        return None
    of_file = (data.get("files") or {}).get(file) or {}
    sheets = of_file.get("sheets") or {}
    for entry in (sheets.get(sheet), sheets.get("*"), of_file, data):
        if entry and any(key in entry for key in ("columns", "header_row", "source")):
            return SheetMapping(
                entry.get("header_row"),
                entry.get("header_lines"),
                entry.get("source"),
                _columns(entry),
            )
    return None
