"""Files of lists into canonical rows, with a balance and nothing dropped in silence."""

from __future__ import annotations

import logging
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from qafila.foundation import clock
from qafila.lists.reading.columns.arrangement import arranged
from qafila.lists.reading.columns.headings import list_synonyms
from qafila.lists.reading.columns.mapping import check_mapping, mapping_for
from qafila.lists.reading.results import FileReading, Reading, stacked
from qafila.lists.reading.schemas import (
    CANONICAL,
    REJECTED,
    REMARKS,
    REPEATED,
    SKIPPED,
    SKIPPED_IN_SHEET,
)
from qafila.lists.reading.sheets import TableRead, in_sheet, read_sheet
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.opening import open_file
from qafila.tables.raw_sheet import RawSheet

_LOG = logging.getLogger(__name__)


def read_files(
    paths: Sequence[Path | str],
    *,
    mapping: Mapping[str, Any] | None = None,
    on_file: Callable[[FileReading], None] | None = None,
) -> Reading:
    """Reads every file; one that cannot be read has problems and no rows, the others go on.

    ``mapping`` is a parsed mapping file (see :func:`write_mapping`); ``on_file`` is called after
    each file, for progress. Raises :class:`MappingError` when the mapping is wrong.
    """
    check_mapping(mapping)
    readings: list[FileReading] = []
    taken: set[str] = set()
    for path in map(Path, paths):
        name = _free_name(path.name, taken)
        taken.add(name)
        readings.append(_read(path, name, mapping))
        if on_file:
            on_file(readings[-1])
    return Reading(tuple(readings))


def read_file(
    path: Path | str, *, mapping: Mapping[str, Any] | None = None, keep_opened: bool = False
) -> FileReading:
    """Reads one file; never raises for what is in the file: see ``problems``.

    An error nobody foresaw is a problem too, with the reference under which the log has it.

    ``keep_opened`` keeps every cell as it stands in the file beside what was understood.
    """
    check_mapping(mapping)
    return _read(Path(path), Path(path).name, mapping, keep_opened=keep_opened)


def _free_name(name: str, taken: set[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{Path(name).stem} ({number}){Path(name).suffix}", number + 1
    return free


def _read(
    path: Path, name: str, mapping: Mapping[str, Any] | None, *, keep_opened: bool = False
) -> FileReading:
    try:
        return _read_foreseen(path, name, mapping, keep_opened=keep_opened)
    except Exception as error:  # one file must not end the others
        return _file_reading(name, [], [unexpected_error(error)])


def unexpected_error(error: BaseException) -> Notice:
    """The notice of an error nobody foresaw; the log has its place under the notice's reference.

    The error's own words may quote cells, so they stay out of the log.
    """
    reference = uuid.uuid4().hex[:8]
    places = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{Path(p.filename).name}:{p.lineno}" for p in reversed(places))
    _LOG.error("a list could not be read: %s %s at %s", reference, type(error).__name__, where)
    return Notice("unexpected_error", {"reference": reference})


def _read_foreseen(
    path: Path, name: str, mapping: Mapping[str, Any] | None, *, keep_opened: bool
) -> FileReading:
    renamed = [Notice("same_file_name", {"as": name})] if name != path.name else []
    try:
        raw = open_file(path, list_synonyms())
    except CannotRead as error:
        return _file_reading(name, [], [error.notice, *renamed])
    problems = [*renamed, *raw.problems]
    parts: list[TableRead] = []
    today = clock.today()
    sheets = [table for sheet in raw.sheets for table in _tables_of(sheet, problems)]
    for sheet in sheets:
        wanted = mapping_for(mapping, name, sheet.name)
        try:
            parts += read_sheet(sheet, name, wanted, problems, today)
        except CannotRead as error:
            problems.append(in_sheet(error.notice, sheet.name))
    if not parts:
        problems.insert(0, Notice("no_usable_sheet"))
    reading = _file_reading(name, parts, problems)
    return replace(reading, opened=tuple(sheets)) if keep_opened else reading


def _tables_of(sheet: RawSheet, problems: list[Notice]) -> list[RawSheet]:
    """The tables of a sheet; what is to be said of it is added to ``problems``."""
    problems += [in_sheet(p, sheet.name) for p in sheet.problems]
    try:
        tables, notices = arranged(sheet)
    except CannotRead as error:
        problems.append(in_sheet(error.notice, sheet.name))
        return []
    problems += [in_sheet(p, sheet.name) for p in notices]
    return tables


def _file_reading(name: str, parts: list[TableRead], problems: list[Notice]) -> FileReading:
    located = [replace(p, params={**p.params, "file": name}) for p in problems]
    skipped = stacked(
        (
            p.skipped.select(
                pl.lit(name).alias("file"),
                pl.lit(p.sheet.name).alias("sheet"),
                *SKIPPED_IN_SHEET.names(),
            )
            for p in parts
        ),
        SKIPPED,
    )
    return FileReading(
        name,
        stacked((p.records.rows for p in parts), CANONICAL),
        stacked((p.records.rejected for p in parts), REJECTED),
        stacked((p.records.repeated for p in parts), REPEATED),
        skipped,
        stacked(
            (
                p.records.remarks.select(
                    pl.lit(name).alias("file"),
                    pl.lit(p.sheet.name).alias("sheet"),
                    *REMARKS.names()[2:],
                )
                for p in parts
            ),
            REMARKS,
        ),
        tuple(p.sheet for p in parts),
        tuple(located),
    )
