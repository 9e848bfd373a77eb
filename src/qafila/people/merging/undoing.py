"""A merge taken apart again: exactly, or refused by name."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.idempotency import once
from qafila.people.access import persons_visible, require_may_merge
from qafila.people.errors import LaterMergeMet, LaterMergeStands, MergeAlreadyUndone, WrittenSince
from qafila.people.journal import MERGE_UNDONE
from qafila.people.merging.merging import MergeOutcome
from qafila.people.merging.moving import Move, label_of, move_back, written_since
from qafila.people.merging.references import overwrite_row, row_as_json
from qafila.people.models import Merge, Person
from qafila.people.ports import (
    FIRST_KEY_VERSION,
    ChangedRow,
    lock_for_merging,
    remake_keys,
    tell_identity_changed,
    undo_settlers,
)

_TABLE = Person._meta.db_table
_SETTLED = "settled"


def undo_merge(
    merge_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> MergeOutcome:
    """Take apart what `merge_persons` joined: every row back where it was.

    Corrections made to the kept file after the merge stay with it; what was written since and hangs
    on something the absorbed person brought goes with it (`ports.undo_settlers`). Refused
    (MergeAlreadyUndone, LaterMergeStands, LaterMergeMet, MovedOnSince, WrittenSince) when something
    later makes an exact undoing impossible.
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
    lock_for_merging()
    merge = _locked_merge(merge_id, actor)
    kept, absorbed = merge.kept_id, merge.absorbed_id
    moves = [Move.from_json(one) for one in merge.moves]
    if _SETTLED in merge.before:
        _refuse_if_met_since(merge, moves)
        _refuse_if_written_since(merge, moves)
    if not Merge.objects.filter(pk=merge_id, undone_at=None).update(
        undone_at=at, undone_by_id=actor.id
    ):
        raise MergeAlreadyUndone()
    _restore_settled(merge.before.get(_SETTLED, ()))
    overwrite_row(_TABLE, restored(row_as_json(_TABLE, kept), merge.before))
    overwrite_row(_TABLE, merge.before["absorbed"])
    moved = move_back(moves, kept=kept, absorbed=absorbed)
    for settle in undo_settlers:
        settle(kept, absorbed, at)
    version = merge.before.get("key_version", FIRST_KEY_VERSION)
    remake_keys(version, [kept, absorbed], actor=actor, at=at)
    journal.write(
        MERGE_UNDONE, merge, actor=actor, at=at, person_id=kept, kept=kept, absorbed=absorbed
    )
    tell_identity_changed([kept, absorbed], actor=actor, at=at)
    return MergeOutcome(merge_id, kept, absorbed, moved)


def _later(merge: Merge) -> Iterable[Merge]:
    """The merges into the same file that came after and still stand."""
    later = Merge.objects.filter(kept_id=merge.kept_id, undone_at=None, pk__gt=merge.pk)
    return later.order_by("pk")


def _refuse_if_met_since(merge: Merge, moves: list[Move]) -> None:
    """Raise LaterMergeMet where a later merge settled rows of a kind that this one brought."""
    brought = {move.table for move in moves if move.moved}
    for one in _later(merge):
        if any(row["table"] in brought for row in one.before.get(_SETTLED, ())):
            raise LaterMergeMet(other=one.absorbed_id)


def _refuse_if_written_since(merge: Merge, moves: list[Move]) -> None:
    """Raise WrittenSince, naming what nobody can say whose it is."""
    brought = [Move.from_json(one) for told in _later(merge) for one in told.moves]
    known = {(move.table, key) for move in brought for key in move.moved}
    found = {
        table: [key for key in keys if (table, key) not in known]
        for table, keys in written_since(moves, merge.kept_id).items()
    }
    told = [f"{label_of(table)} ({len(keys)})" for table, keys in sorted(found.items()) if keys]
    if told:
        raise WrittenSince(what=", ".join(told))


def _restore_settled(settled: Iterable[ChangedRow]) -> None:
    """Give rows that the merge changed back what they held, but for what was changed since."""
    for row in settled:
        before, after = row["before"], row["after"]
        now = row_as_json(row["table"], before["id"])
        kept = {name: before[name] if now[name] == after[name] else now[name] for name in before}
        if kept != now:
            overwrite_row(row["table"], kept)


def _locked_merge(merge_id: int, actor: Actor) -> Merge:
    scope = require_may_merge(actor)
    merge = Merge.objects.filter(pk=merge_id).first()
    if merge is None or not persons_visible(scope).filter(pk=merge.kept_id).exists():
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
