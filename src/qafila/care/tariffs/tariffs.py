"""Reference tariffs: importing a table, and the tariff of an act on a day.

The official table is not public as a file; the one in `data/` is invented for demonstrations and
marked so. The same import takes the official one as csv or as a workbook (`tariff_rows`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from django.db.models import Q

from qafila.care import access, errors, journal
from qafila.care.models import Act
from qafila.care.tariffs.tariff_rows import LIMITS, tariff_acts
from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.foundation.models import ActorRecord
from qafila.foundation.scope import reference_data
from qafila.foundation.trail import acting


@dataclass(frozen=True)
class TariffChange:
    """An act of the file beside the tariff it replaces; `before` is None for a new act."""

    act: Act
    before: Act | None


@dataclass(frozen=True)
class TariffDifference:
    """A file against the tariffs in force on each row's first day, and every row that is wrong.

    `problems` are the refusals an import would meet, row by row; with one of them nothing would be
    imported.
    """

    new: tuple[TariffChange, ...]
    changed: tuple[TariffChange, ...]
    same: int
    problems: tuple[errors.TariffFileRefused, ...]


@dataclass(frozen=True)
class TariffsImported:
    """How many acts the file holds, and how many were new."""

    acts: int
    new: int


def import_tariffs(
    path: Path, *, demonstration: bool = False, actor: Actor, at: dt.datetime
) -> TariffsImported:
    """Import a table (csv or workbook, `COLUMNS`), all of it or nothing.

    An act that has a tariff from the same day gets the new one; what an act had before ends on the
    day its new tariff begins. Raises NotAllowed and TariffFileRefused with the row and the column.
    """
    access.require_setting_up(actor)
    acts = list(tariff_acts(path, demonstration=demonstration))
    changed = [
        "name_fr",
        "name_ar",
        "care",
        "tariff_centimes",
        "valid_until",
        "source",
        "demonstration",
        *LIMITS,
    ]
    with acting(actor, at=at):
        before = Act.objects.count()
        Act.objects.bulk_create(
            acts,
            update_conflicts=True,
            unique_fields=["code", "valid_from"],
            update_fields=changed,
            batch_size=2_000,
        )
        new = Act.objects.count() - before
        _end_earlier(acts)
        foundation_journal.write(
            journal.TARIFFS_IMPORTED,
            ActorRecord.objects.get(pk=actor.id),
            actor=actor,
            at=at,
            source=path.name,
            acts=len(acts),
            new=new,
        )
    return TariffsImported(len(acts), new)


@reference_data
def tariff_difference(path: Path) -> TariffDifference:
    """What importing the file would change; nothing is written.

    Raises TariffFileRefused for a file that is no table at all.
    """
    problems: list[errors.TariffFileRefused] = []
    acts = list(tariff_acts(path, problems=problems))
    held = _held({act.code for act in acts})
    new, changed, same = [], [], 0
    for act in acts:
        before = _in_force(held.get(act.code, ()), act.valid_from)
        if before is None:
            new.append(TariffChange(act, None))
        elif _told(before) != _told(act):
            changed.append(TariffChange(act, before))
        else:
            same += 1
    return TariffDifference(tuple(new), tuple(changed), same, tuple(problems))


def _told(act: Act) -> tuple[object, ...]:
    return (
        act.tariff_centimes,
        act.care,
        act.name_fr,
        act.name_ar,
        *(getattr(act, name) for name in LIMITS),
    )


def _held(codes: Collection[str]) -> dict[str, list[Act]]:
    held: dict[str, list[Act]] = {}
    for act in Act.objects.filter(code__in=codes).order_by("code", "valid_from"):
        held.setdefault(act.code, []).append(act)
    return held


def _in_force(acts: Sequence[Act], on: dt.date) -> Act | None:
    """The newest of an act's tariffs that holds on the day."""
    return next(
        (
            one
            for one in reversed(acts)
            if one.valid_from <= on and (one.valid_until is None or one.valid_until > on)
        ),
        None,
    )


def _end_earlier(acts: Sequence[Act]) -> None:
    """Let each open tariff end where the next one of its act begins."""
    ending = []
    for tariffs in _held({act.code for act in acts}).values():
        for earlier, later in pairwise(tariffs):
            if earlier.valid_until is None:
                earlier.valid_until = later.valid_from
                ending.append(earlier)
    Act.objects.bulk_update(ending, ["valid_until"], batch_size=2_000)


def tariff_on(act_code: str, on: dt.date) -> Act:
    """The act at its tariff of the day `on`. Raises ActNotFound."""
    held = Act.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
    act = held.filter(code=act_code.strip().upper()).order_by("-valid_from").first()
    if act is None:
        raise errors.ActNotFound(act_code=act_code, care_on=on)
    return act
