"""Two files found to be one person: merged. Taken apart again by `undoing`."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.linkage.names.name_keys import KEY_VERSION
from qafila.people.access import require_may_merge, two_persons_in_scope
from qafila.people.errors import AlreadyMerged, MergeWithItself
from qafila.people.journal import PERSONS_MERGED
from qafila.people.merging.moving import Move, move_everything
from qafila.people.merging.references import overwrite_row, row_as_json
from qafila.people.models import Merge, Person
from qafila.people.ports import (
    ChangedRow,
    lock_for_merging,
    merge_checked,
    merge_refusals,
    merge_settlers,
    tell_identity_changed,
)

_TABLE = Person._meta.db_table
_PRECISIONS = ("", "year", "month", "day")
# Columns that belong together: taken from the absorbed person only when the kept has none of them.
_TOGETHER = (
    ("full_name_ar", "family_name_ar", "given_name_ar"),
    ("full_name_latn", "family_name_latn", "given_name_latn"),
    ("sex",),
    ("card_number",),
    ("household_id",),
)
_PLACE = ("commune_id", "province_id", "region_code")


@dataclass(frozen=True)
class MergeOutcome:
    """A merge done or undone: its number, both persons, and how many rows moved."""

    merge: int
    kept: int
    absorbed: int
    moved: int


def merge_persons(
    kept: int,
    absorbed: int,
    *,
    evidence: dict[str, Any],
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> MergeOutcome:
    """Make `kept` and `absorbed` (person numbers) one file under `kept`.

    Everything that hangs on `absorbed` in any room moves; where both have the same number or open
    application, the absorbed person's is set by. The kept file takes over what it lacks. `evidence`
    is kept with the merge. Undone exactly by `undoing.undo_merge`. Chamber staff, directorates, the
    programme lead, administrators and the system may merge, within their territory. Raises
    NotAllowed, NotFoundInScope, MergeWithItself, AlreadyMerged, OneOfTheFamily, FamilyForbidsMerge
    and BothHave; then nothing is changed.
    """
    require_may_merge(actor)
    if kept == absorbed:
        raise MergeWithItself()
    answer = once(
        command_id,
        "people.merge_persons",
        actor=actor,
        at=at,
        do=lambda: asdict(_merge(kept, absorbed, evidence, actor, at)),
    )
    return MergeOutcome(**answer)


def _merge(
    kept: int, absorbed: int, evidence: dict[str, Any], actor: Actor, at: dt.datetime
) -> MergeOutcome:
    lock_for_merging()
    for person in two_persons_in_scope(kept, absorbed, require_may_merge(actor)):
        if person.state != Person.State.ACTIVE:
            raise AlreadyMerged(person=person.pk)
    for refuse in merge_refusals:
        refuse(kept, absorbed)
    before = {"kept": row_as_json(_TABLE, kept), "absorbed": row_as_json(_TABLE, absorbed)}
    after = before["kept"] | completed(before["kept"], before["absorbed"])
    with merge_checked(kept, absorbed, day_of(at)):
        moves, settled = _moved_and_settled(kept, absorbed, at)
        if after != before["kept"]:
            overwrite_row(_TABLE, after)
    _hide(kept, absorbed)
    told = before | {"after": after, "key_version": KEY_VERSION, "settled": settled}
    merge = _written(kept, absorbed, told, moves, evidence, actor, at)
    moved = sum(len(move.moved) for move in moves)
    journal.write(
        PERSONS_MERGED,
        merge,
        actor=actor,
        at=at,
        person_id=kept,
        kept=kept,
        absorbed=absorbed,
        moved=moved,
    )
    tell_identity_changed([kept, absorbed], actor=actor, at=at)
    return MergeOutcome(merge.pk, kept, absorbed, moved)


def _moved_and_settled(
    kept: int, absorbed: int, at: dt.datetime
) -> tuple[list[Move], list[ChangedRow]]:
    """Move the rows, and let the rooms settle what meets in the common file."""
    settlers = [settler(kept, absorbed, at) for settler in merge_settlers]
    moves = move_everything(absorbed, kept)
    return moves, [row for settle in settlers for row in settle()]


def _hide(kept: int, absorbed: int) -> None:
    changed = Person.objects.filter(pk=absorbed, state=Person.State.ACTIVE).update(
        state=Person.State.MERGED, merged_into_id=kept
    )
    if not changed:
        raise SomeoneElseActed()


def _written(
    kept: int,
    absorbed: int,
    before: dict[str, Any],
    moves: list[Move],
    evidence: dict[str, Any],
    actor: Actor,
    at: dt.datetime,
) -> Merge:
    return Merge.objects.create(
        kept_id=kept,
        absorbed_id=absorbed,
        at=at,
        by_id=actor.id,
        evidence=evidence,
        before=before,
        moves=[move.as_json() for move in moves],
    )


def completed(kept: dict[str, Any], absorbed: dict[str, Any]) -> dict[str, Any]:
    """What the kept person's row takes over from the absorbed: only what it lacks."""
    taken: dict[str, Any] = {}
    for group in _TOGETHER:
        if not any(kept[name] for name in group):
            taken |= {name: absorbed[name] for name in group if absorbed[name]}
    if not kept["commune_id"] and kept["province_id"] in (None, absorbed["province_id"]):
        taken |= {name: absorbed[name] for name in _PLACE if absorbed[name]}
    if _precision(absorbed) > _precision(kept):
        taken |= {name: absorbed[name] for name in ("birth_date", "birth_precision")}
    keys = list(dict.fromkeys([*kept["name_keys"], *absorbed["name_keys"]]))
    return taken | ({"name_keys": keys} if keys != kept["name_keys"] else {})


def _precision(row: dict[str, Any]) -> int:
    known = row["birth_precision"] if row["birth_date"] else ""
    return _PRECISIONS.index(known) if known in _PRECISIONS else 0
