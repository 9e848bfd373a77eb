"""A table of tariffs, csv or workbook, as acts: each row checked column by column."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext
from python_calamine import CalamineError, CalamineWorkbook

import qafila_law
from qafila.care import errors
from qafila.care.models import Act

COLUMNS = ("code", "name_fr", "name_ar", "care", "tariff_dh", "valid_from", "valid_until")
_LONGEST = {"code": 20, "name_fr": 160, "name_ar": 160}
_MOST_ROWS = 200_000
_LARGEST_FILE = 64 * 2**20
_WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def tariff_acts(
    path: Path,
    *,
    demonstration: bool = False,
    problems: list[errors.TariffFileRefused] | None = None,
) -> Iterator[Act]:
    """The acts of the file, unsaved. Columns `COLUMNS`, dirhams with a point, days as 2026-11-22.

    Raises TariffFileRefused with the row and the column; with `problems`, wrong rows are put there
    and the others go on.
    """
    seen: set[tuple[str, dt.date]] = set()
    for number, row in _rows(path):
        try:
            act = _act(row, path, number, demonstration)
            if (act.code, act.valid_from) in seen:
                raise _refused(path, number, "code", gettext("this act stands twice from one day."))
        except errors.TariffFileRefused as refusal:
            if problems is None:
                raise
            problems.append(refusal)
            continue
        seen.add((act.code, act.valid_from))
        yield act


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    table = _table(path)
    header = [cell.strip().lower() for cell in next(table, [])]
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise _refused(path, 1, missing[0], gettext("this column is missing."))
    places = {name: header.index(name) for name in COLUMNS}
    for number, cells in enumerate(table, start=2):
        if number > _MOST_ROWS:
            raise _refused(path, number, "code", gettext("the file is too long."))
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in places.items()}
        if any(row.values()):
            yield number, row


def _table(path: Path) -> Iterator[list[str]]:
    """The cells of the file as text, row by row; those of the first sheet of a workbook."""
    unreadable = gettext("the file is not a csv in UTF-8 or a workbook.")
    try:
        content = path.read_bytes() if path.stat().st_size <= _LARGEST_FILE else b"\0"
        if content.startswith(_WORKBOOK):
            sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
            yield from ([_cell(value) for value in row] for row in sheet.iter_rows())
            return
        if b"\0" in content:
            raise _refused(path, 1, COLUMNS[0], unreadable)
        text = content.decode("utf-8-sig")
        separator = ";" if text.partition("\n")[0].count(";") > 2 else ","
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except (OSError, UnicodeDecodeError, csv.Error, CalamineError, IndexError):
        raise _refused(path, 1, COLUMNS[0], unreadable) from None


def _cell(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        # A workbook's 80 and 48.6 are floats; as text they are what was typed.
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value)


def _act(row: dict[str, str], path: Path, number: int, demonstration: bool) -> Act:
    for column, longest in _LONGEST.items():
        if not 0 < len(row[column]) <= longest or "\x00" in row[column]:
            raise _refused(path, number, column, gettext("the cell is empty or too long."))
    if row["care"] not in Act.Care.values:
        raise _refused(path, number, "care", gettext("choose ambulatory, hospital or medicine."))
    try:
        centimes = qafila_law.centimes_of(row["tariff_dh"], "fact_amount")
    except qafila_law.LawError:
        problem = gettext("this is no amount in dirhams such as 80.00.")
        raise _refused(path, number, "tariff_dh", problem) from None
    since = _day(row, "valid_from", path, number)
    until = _day(row, "valid_until", path, number) if row["valid_until"] else None
    if until is not None and until <= since:
        raise _refused(path, number, "valid_until", gettext("it ends before it begins."))
    return Act(
        code=row["code"].upper(), name_fr=row["name_fr"], name_ar=row["name_ar"], care=row["care"],
        tariff_centimes=centimes, valid_from=since, valid_until=until, source=path.name[:160],
        demonstration=demonstration,
    )  # fmt: skip


def _day(row: dict[str, str], column: str, path: Path, number: int) -> dt.date:
    try:
        return dt.date.fromisoformat(row[column])
    except ValueError:
        problem = gettext("this is no day such as 2026-11-22.")
        raise _refused(path, number, column, problem) from None


def _refused(path: Path, row: int, column: str, problem: str) -> errors.TariffFileRefused:
    return errors.TariffFileRefused(file=path.name, row=row, column=column, problem=problem)
