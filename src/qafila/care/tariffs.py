"""Reference tariffs: importing a table, and the tariff of an act on a day.

The official table is not public as a file; the one in `data/` is invented for demonstrations and
marked so. The same import takes the official one as csv.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q
from django.utils.translation import gettext

import qafila_law
from qafila.care import access, errors, journal
from qafila.care.models import Act
from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting

DEMONSTRATION = Path(__file__).parent / "data" / "tariffs_demonstration.csv"
COLUMNS = ("code", "name_fr", "name_ar", "care", "tariff_dh", "valid_from", "valid_until")
_LONGEST = {"code": 20, "name_fr": 160, "name_ar": 160}
_MOST_ROWS = 200_000


@dataclass(frozen=True)
class TariffsImported:
    """How many acts the file holds, and how many were new."""

    acts: int
    new: int


def load_demonstration_tariffs(*, actor: Actor, at: dt.datetime) -> TariffsImported:
    """Load the small invented table, marked as a demonstration; safe to repeat."""
    return import_tariffs(DEMONSTRATION, demonstration=True, actor=actor, at=at)


def import_tariffs(
    path: Path, *, demonstration: bool = False, actor: Actor, at: dt.datetime
) -> TariffsImported:
    """Import a csv table (`COLUMNS`, UTF-8, dirhams with a point), all of it or nothing.

    An act that has a tariff from the same day gets the new one. Raises NotAllowed and
    TariffFileRefused with the row and the column.
    """
    access.require_setting_up(actor)
    acts = list(_acts(path, demonstration))
    changed = ["name_fr", "name_ar", "care", "tariff_centimes", "valid_until", "source",
               "demonstration"]  # fmt: skip
    with acting(actor, at=at):
        before = Act.objects.count()
        Act.objects.bulk_create(
            acts, update_conflicts=True, unique_fields=["code", "valid_from"],
            update_fields=changed, batch_size=2_000,
        )  # fmt: skip
        new = Act.objects.count() - before
        foundation_journal.write(
            journal.TARIFFS_IMPORTED, ActorRecord.objects.get(pk=actor.id), actor=actor, at=at,
            source=path.name, acts=len(acts), new=new,
        )  # fmt: skip
    return TariffsImported(len(acts), new)


def tariff_on(act_code: str, on: dt.date) -> Act:
    """The act at its tariff of the day `on`. Raises ActNotFound."""
    held = Act.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
    act = held.filter(code=act_code.strip().upper()).order_by("-valid_from").first()
    if act is None:
        raise errors.ActNotFound(act_code=act_code, care_on=on.isoformat())
    return act


def _acts(path: Path, demonstration: bool) -> Iterator[Act]:
    seen: set[tuple[str, dt.date]] = set()
    for number, row in _rows(path):
        act = _act(row, path, number, demonstration)
        if (act.code, act.valid_from) in seen:
            raise _refused(path, number, "code", gettext("this act stands twice from one day."))
        seen.add((act.code, act.valid_from))
        yield act


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise _refused(path, 1, missing[0], gettext("this column is missing."))
            for number, row in enumerate(reader, start=2):
                if number > _MOST_ROWS:
                    raise _refused(path, number, "code", gettext("the file is too long."))
                yield number, {name: (row[name] or "").strip() for name in COLUMNS}
    except (UnicodeDecodeError, csv.Error):
        problem = gettext("the file is not a csv in UTF-8.")
        raise _refused(path, 1, COLUMNS[0], problem) from None


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
