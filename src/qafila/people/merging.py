"""Two files found to be one person: merged, and taken apart again exactly."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope, SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.linkage.names.name_keys import KEY_VERSION
from qafila.people.access import persons_visible, require_may_merge, two_persons_in_scope
from qafila.people.errors import (
    AlreadyMerged,
    LaterMergeStands,
    MergeAlreadyUndone,
    MergeWithItself,
)
from qafila.people.journal import MERGE_UNDONE, PERSONS_MERGED
from qafila.people.models import Merge, Person
from qafila.people.ports import FIRST_KEY_VERSION, make_keys_anew, tell_identity_changed
from qafila.people.references import (
    move_back,
    move_everything,
    overwrite_row,
    row_as_json,
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

    Everything that hangs on `absorbed` in any room moves; where both have the same thing, the
    absorbed person's is set by. The kept file takes over what it lacks. `evidence` is kept with
    the merge. Undone exactly by `undo_merge`. Chamber staff, directorates, the programme lead,
    administrators and the system may merge, within their territory.
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
    for person in two_persons_in_scope(kept, absorbed, actor.scope):
        if person.state != Person.State.ACTIVE:
            raise AlreadyMerged(person=person.pk)
    before = {"kept": row_as_json(_TABLE, kept), "absorbed": row_as_json(_TABLE, absorbed)}
    moves = move_everything(absorbed, kept)
    after = before["kept"] | completed(before["kept"], before["absorbed"])
    if after != before["kept"]:
        overwrite_row(_TABLE, after)
    changed = Person.objects.filter(pk=absorbed, state=Person.State.ACTIVE).update(
        state=Person.State.MERGED, merged_into_id=kept
    )
    if not changed:
        raise SomeoneElseActed()
    merge = Merge.objects.create(
        kept_id=kept,
        absorbed_id=absorbed,
        at=at,
        by_id=actor.id,
        evidence=evidence,
        before=before | {"after": after, "key_version": KEY_VERSION},
        moves=[move.as_json() for move in moves],
    )
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


def undo_merge(
    merge_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> MergeOutcome:
    """Take apart what `merge_persons` joined: every row back where it was.

    Corrections made to the kept file after the merge stay with it. Refused (MergeAlreadyUndone,
    LaterMergeStands, MovedOnSince) when something later makes an exact undoing impossible.
    """
    require_may_merge(actor)
    answer = once(
        command_id,
        "people.undo_merge",
        actor=actor,
        at=at,
        do=lambda: asdict(_undo(merge_id, actor, at)),
    )
    return MergeOutcome(**answer)


def _undo(merge_id: int, actor: Actor, at: dt.datetime) -> MergeOutcome:
    merge = _locked_merge(merge_id, actor)
    kept, absorbed = merge.kept_id, merge.absorbed_id
    if not Merge.objects.filter(pk=merge_id, undone_at=None).update(
        undone_at=at, undone_by_id=actor.id
    ):
        raise MergeAlreadyUndone()
    moved = move_back(merge.moves, kept=kept, absorbed=absorbed)
    overwrite_row(_TABLE, restored(row_as_json(_TABLE, kept), merge.before))
    overwrite_row(_TABLE, merge.before["absorbed"])
    version = merge.before.get("key_version", FIRST_KEY_VERSION)
    make_keys_anew(version, [kept, absorbed], actor=actor, at=at)
    journal.write(
        MERGE_UNDONE, merge, actor=actor, at=at, person_id=kept, kept=kept, absorbed=absorbed
    )
    tell_identity_changed([kept, absorbed], actor=actor, at=at)
    return MergeOutcome(merge_id, kept, absorbed, moved)


def _locked_merge(merge_id: int, actor: Actor) -> Merge:
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None or not persons_visible(actor.scope).filter(pk=merge.kept_id).exists():
        raise NotFoundInScope(merge=merge_id)
    persons = Person.objects.filter(pk__in=[merge.kept_id, merge.absorbed_id])
    locked = {p.pk: p for p in persons.select_for_update().order_by("pk")}
    merge.refresh_from_db()
    if merge.undone_at:
        raise MergeAlreadyUndone()
    if locked[merge.kept_id].state != Person.State.ACTIVE:
        raise LaterMergeStands(kept=merge.kept_id, into=locked[merge.kept_id].merged_into_id)
    return merge


def restored(now: dict[str, Any], before: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The kept person's row without what the merge put in; later corrections stay."""
    old, after = before["kept"], before["after"]
    row = {name: old[name] if now[name] == after[name] else now[name] for name in old}
    if now["name_keys"] != after["name_keys"]:
        added = set(after["name_keys"]) - set(old["name_keys"])
        row["name_keys"] = [key for key in now["name_keys"] if key not in added]
    return row
