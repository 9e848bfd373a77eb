"""Workbooks (xlsx, xlsb, xls, ods) by calamine: values as stored, formulas never evaluated."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace

import polars as pl
from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from qafila.tables.archives import Examination, examine
from qafila.tables.limits import MAX_CELLS, MAX_COLUMNS
from qafila.tables.notices import CannotRead, Notice
from qafila.tables.raw_sheet import (
    Merged,
    RawFile,
    RawSheet,
    column_letters,
    column_of_text,
    without_blanks,
)
from qafila.tables.workbook_parts import without_dimensions

_BATCH = 50_000
_MAX_MERGED = 200_000


def read_workbook(data: bytes, kind: str) -> RawFile:
    """The worksheets of a workbook's bytes; a sheet that cannot be read becomes a problem.

    Raises :class:`CannotRead` when no sheet can be opened at all.
    """
    found = examine(data, kind) if kind != "xls" else Examination(kind)
    if found.too_large:
        raise CannotRead("sheet_too_large", limit=MAX_CELLS)
    workbook = _opened(without_dimensions(data) if found.bad_dimensions else data)
    problems = [*_notices(found), *_hidden_sheets(workbook)]
    sheets: list[RawSheet] = []
    for metadata in workbook.sheets_metadata:
        if metadata.typ in (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet):
            _read_into(sheets, problems, workbook, metadata, found)
    return RawFile(tuple(sheets), tuple(problems))


def _opened(data: bytes) -> CalamineWorkbook:
    """By its content: a path would be opened as what its name says."""
    try:
        return load_workbook(io.BytesIO(data))
    except PasswordError as error:
        raise CannotRead("password_protected") from error
    except BaseException as error:
        raise _damage(error) from error


def _damage(error: BaseException) -> BaseException:
    """Calamine's errors, and its Rust panics (no Exception), mean a damaged file."""
    if isinstance(error, Exception) or type(error).__name__ == "PanicException":
        secret = "password" in str(error).lower() or "encrypt" in str(error).lower()
        return CannotRead("password_protected" if secret else "damaged_file")
    return error


def _notices(found: Examination) -> list[Notice]:
    problems = []
    if found.formulas_without_value:
        count = found.formulas_without_value
        problems.append(Notice("formulas_without_value", {"count": count}))
    if found.external_links:
        problems.append(Notice("external_links", {"count": found.external_links}))
    return problems


def _hidden_sheets(workbook: CalamineWorkbook) -> list[Notice]:
    hidden = [m.name for m in workbook.sheets_metadata if m.visible != SheetVisibleEnum.Visible]
    if not hidden:
        return []
    return [Notice("hidden_sheets", {"sheets": ", ".join(hidden[:20]), "count": len(hidden)})]


def _hidden_parts(found: Examination, name: str) -> list[Notice]:
    part = found.parts.get(name)
    notices = []
    if part and part.hidden_rows:
        notices.append(Notice("hidden_rows", {"count": part.hidden_rows}))
    if part and part.hidden_columns:
        listed = ", ".join(map(column_letters, part.hidden_columns[:20]))
        count = len(part.hidden_columns)
        notices.append(Notice("hidden_columns", {"columns": listed, "count": count}))
    return notices


def _read_into(
    sheets: list[RawSheet],
    problems: list[Notice],
    workbook: CalamineWorkbook,
    metadata: SheetMetadata,
    found: Examination,
) -> None:
    try:
        sheet = _raw_sheet(workbook.get_sheet_by_name(metadata.name))
        hidden = _hidden_parts(found, metadata.name)
        sheets.append(
            replace(
                sheet,
                problems=(*sheet.problems, *hidden),
                serials_from_1904=found.serials_from_1904,
            )
        )
    except CannotRead as error:
        problems.append(Notice(error.notice.code, {**error.notice.params, "sheet": metadata.name}))
    except BaseException as error:
        if not isinstance(_damage(error), CannotRead):
            raise
        problems.append(Notice("sheet_unreadable", {"sheet": metadata.name}))


def _raw_sheet(sheet: CalamineSheet) -> RawSheet:
    if sheet.start is None or sheet.end is None:
        return RawSheet(sheet.name, pl.DataFrame(schema={"row": pl.Int64}), 0)
    width = min(sheet.end[1] + 1, MAX_COLUMNS)
    frames, first_row = [], 1
    rows = sheet.iter_rows()
    while batch := list(itertools.islice(rows, _BATCH)):
        frames.append(_batch_frame(batch, width, first_row))
        first_row += len(batch)
    problems = _width_problem(sheet)
    cells = pl.concat(frames)
    return RawSheet(sheet.name, cells, first_row - 1, _merged(sheet), problems)


def _batch_frame(batch: list[list[object]], width: int, first_row: int) -> pl.DataFrame:
    columns = itertools.islice(zip(*batch, strict=True), width)
    frame = pl.DataFrame([column_of_text(c, str(i)) for i, c in enumerate(columns)])
    return without_blanks(frame, first_row=first_row)


def _width_problem(sheet: CalamineSheet) -> tuple[Notice, ...]:
    if sheet.end is None or sheet.end[1] < MAX_COLUMNS:
        return ()
    return (Notice("too_many_columns", {"limit": MAX_COLUMNS}),)


def _merged(sheet: CalamineSheet) -> tuple[Merged, ...]:
    ranges = (sheet.merged_cell_ranges or [])[:_MAX_MERGED]
    return tuple((top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges)
