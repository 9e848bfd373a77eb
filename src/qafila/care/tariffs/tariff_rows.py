"""A table of tariffs, csv or workbook, as acts: each row checked column by column."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.care import errors
from qafila.care.models import Act
from qafila.tables.dates import DateRefused, read_day
from qafila.tables.notices import CannotRead
from qafila.tables.numbers import NumberRefused, read_centimes
from qafila.tables.sheets import open_tables
from qafila.tables.synonyms import Synonyms

COLUMNS = ("code", "name_fr", "name_ar", "care", "tariff_dh", "valid_from", "valid_until")
LIMITS = ("patient_sex", "from_age", "to_age", "days_between")
"""Columns that may be missing: for whom an act can be, and how often."""
_LONGEST = {"code": 20, "name_fr": 160, "name_ar": 160}
_MOST_ROWS = 200_000
_LARGEST_FILE = 64 * 2**20
_HEADINGS = Synonyms({name: [name] for name in (*COLUMNS, *LIMITS)})


def tariff_acts(
    path: Path,
    *,
    demonstration: bool = False,
    problems: list[errors.TariffFileRefused] | None = None,
) -> Iterator[Act]:
    """The acts of the file, unsaved. Columns `COLUMNS` in a csv or a workbook, below any title.

    Raises TariffFileRefused with the row and the column; with `problems`, wrong rows are put there
    and the others go on.
    """
    seen: set[tuple[str, dt.date]] = set()
    for number, row in _rows(path):
        try:
            act = _act(row, path, number, demonstration)
            if (act.code, act.valid_from) in seen:
                raise _refused(path, number, "code", _("this act appears twice from the same day."))
        except errors.TariffFileRefused as refusal:
            if problems is None:
                raise
            problems.append(refusal)
            continue
        seen.add((act.code, act.valid_from))
        yield act


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    unreadable = _("the file is not a csv or a workbook with these columns.")
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise _refused(path, 1, COLUMNS[0], unreadable)
        opened = open_tables(path, synonyms=_HEADINGS, fewest=1)
    except (CannotRead, OSError):
        raise _refused(path, 1, COLUMNS[0], unreadable) from None
    if not opened.sheets:
        raise _refused(path, 1, COLUMNS[0], _("this column is missing."))
    sheet = opened.sheets[0]
    for name in COLUMNS:
        if name in sheet.twice:
            raise _refused(path, sheet.header_row, name, _("two columns bear this heading."))
        if name not in sheet.headings:
            raise _refused(path, sheet.header_row, name, _("this column is missing."))
    if sheet.rows.height > _MOST_ROWS:
        raise _refused(path, _MOST_ROWS, "code", _("the file is too long."))
    columns = (*COLUMNS, *(name for name in LIMITS if name in sheet.headings))
    for row, *cells in sheet.rows.select("row", *columns).iter_rows():
        if any(cells):
            yield row, dict(zip(columns, (cell or "" for cell in cells), strict=True))


def _act(row: dict[str, str], path: Path, number: int, demonstration: bool) -> Act:
    for column, longest in _LONGEST.items():
        if not 0 < len(row[column]) <= longest or "\x00" in row[column]:
            raise _refused(path, number, column, _("the cell is empty or too long."))
    if row["care"] not in Act.Care.values:
        raise _refused(path, number, "care", _("choose ambulatory, hospital or medicine."))
    try:
        centimes = read_centimes(row["tariff_dh"])
    except NumberRefused:
        centimes = -1
    if centimes < 0:
        problem = _("this is not an amount in dirhams such as 80.00.")
        raise _refused(path, number, "tariff_dh", problem)
    since = _day(row, "valid_from", path, number)
    until = _day(row, "valid_until", path, number) if row["valid_until"] else None
    if until is not None and until <= since:
        raise _refused(path, number, "valid_until", _("it ends before it begins."))
    return Act(
        code=row["code"].upper(),
        name_fr=row["name_fr"],
        name_ar=row["name_ar"],
        care=row["care"],
        tariff_centimes=centimes,
        valid_from=since,
        valid_until=until,
        source=path.name[:160],
        demonstration=demonstration,
        **_limits(row, path, number),
    )


def _limits(row: dict[str, str], path: Path, number: int) -> dict[str, object]:
    """For whom an act can be, as far as the table says it."""
    sex = row.get("patient_sex", "").strip().upper()
    if sex not in ("", "F", "M"):
        raise _refused(path, number, "patient_sex", _("write F, M or nothing."))
    found: dict[str, object] = {"patient_sex": sex}
    for column in LIMITS[1:]:
        text = row.get(column, "").strip()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise _refused(path, number, column, _("this is not a whole number."))
        found[column] = int(text) if text else None
    return found


def _day(row: dict[str, str], column: str, path: Path, number: int) -> dt.date:
    try:
        return read_day(row[column])
    except DateRefused:
        problem = _("this is not a date such as 2026-11-22.")
        raise _refused(path, number, column, problem) from None


def _refused(path: Path, row: int, column: str, problem: str | Promise) -> errors.TariffFileRefused:
    return errors.TariffFileRefused(file=path.name, row=row, column=column, problem=problem)
