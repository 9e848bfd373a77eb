"""People decide whether two rows are one person; every decision can be undone exactly."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.lists import link_frames
from qafila.lists.access import pair_in_scope, require_may_decide
from qafila.lists.errors import NothingDecided, PairGone
from qafila.lists.journal import DECISION_UNDONE, PAIR_DIFFERENT, PAIR_SAME
from qafila.lists.models import CandidatePair, Row
from qafila.lists.portraits import numbers_of, phones_of, portraits
from qafila.people import actions as people
from qafila.people.queries import standing_merges

_OPEN = (CandidatePair.State.WAITING, CandidatePair.State.AUTOMATIC)
_DECIDED = (CandidatePair.State.SAME, CandidatePair.State.DIFFERENT)


@dataclass(frozen=True)
class Decision:
    """A decision taken or undone: the pair's state now, and the persons of its two rows."""

    pair: int
    state: str
    left_person: int
    right_person: int


def decide_pair(
    pair_id: int,
    *,
    same: bool,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> Decision:
    """Say that the two rows of a pair are one person (`same`), or two.

    One person: their files are merged. Two persons who are in one file: the merge that joined them
    is undone, or a second file is opened. Kept for good and obeyed by every later linkage. Raises
    SomeoneElseActed when the pair was decided meanwhile, PairGone when a corrected list replaced
    one of the rows.
    """
    require_may_decide(actor)
    answer = once(
        command_id,
        "lists.decide_pair",
        actor=actor,
        at=at,
        do=lambda: asdict(_decide(pair_id, same, actor, at)),
    )
    return Decision(**answer)


def _decide(pair_id: int, same: bool, actor: Actor, at: dt.datetime) -> Decision:
    pair = pair_in_scope(pair_id, actor.scope, lock=True)
    left, right = pair.left.person_id, pair.right.person_id
    if left is None or right is None:
        raise PairGone()
    if pair.state not in _OPEN:
        raise SomeoneElseActed()
    effect: dict[str, Any] = {"from": pair.state}
    if same and left != right:
        effect |= _joined(pair, left, right, actor, at)
    elif not same and left == right:
        effect |= _parted(pair, left, actor, at)
    state = CandidatePair.State.SAME if same else CandidatePair.State.DIFFERENT
    _swap(pair, state, effect=effect, decided_by_id=actor.id, decided_at=at)
    journal.write(PAIR_SAME if same else PAIR_DIFFERENT, pair, actor=actor, at=at, person_id=left)
    return _decision(pair_id, state)


def _joined(
    pair: CandidatePair, left: int, right: int, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    kept, absorbed = sorted((left, right))
    evidence = {"by": "decision", "pair": pair.pk, "evidence": pair.evidence}
    merge = people.merge_persons(kept, absorbed, evidence=evidence, actor=actor, at=at)
    return {"merge": merge.merge}


def _parted(pair: CandidatePair, person: int, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    for merge_id, came in standing_merges(person, table=Row._meta.db_table, scope=actor.scope):
        if (pair.left_id in came) != (pair.right_id in came):
            undone = people.undo_merge(merge_id, actor=actor, at=at)
            return {"undone": {"kept": undone.kept, "absorbed": undone.absorbed}}
    return {"split": _split(pair, person, actor, at)}


def _split(pair: CandidatePair, person: int, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    rows = link_frames.rows_of_persons([person])
    leaving_ids = _leaving_rows(pair, rows["row_id"].to_list())
    is_leaving = pl.col("row_id").is_in(leaving_ids)
    leaving, staying = rows.filter(is_leaving), rows.filter(~is_leaving)
    kept_values = {*numbers_of(staying)["value"], *phones_of(staying)["number"]}
    split = people.split_person(
        person,
        before=portraits(rows),
        staying=portraits(staying),
        leaving=portraits(leaving),
        leaving_numbers=numbers_of(leaving),
        leaving_phones=phones_of(leaving),
        staying_values=kept_values,
        actor=actor,
        at=at,
    )
    moved = Row.objects.filter(pk__in=leaving_ids, person_id=person)
    if moved.update(person_id=split["opened"]) != len(leaving_ids):
        raise SomeoneElseActed()
    return split | {"rows": leaving_ids}


def _leaving_rows(pair: CandidatePair, rows: list[int]) -> list[int]:
    """The rows nearer to one of the two than to the other; the smaller side leaves.

    The strongest pairs are joined first, never so that the two come together.
    """
    group = {row: row for row in rows}
    members = {row: [row] for row in rows}
    within = CandidatePair.objects.filter(left_id__in=rows, right_id__in=rows)
    joining = within.filter(state__in=[CandidatePair.State.AUTOMATIC, CandidatePair.State.SAME])
    edges = joining.exclude(pk=pair.pk).order_by("-probability", "pk")
    ends = {pair.left_id, pair.right_id}
    for left, right in edges.values_list("left_id", "right_id"):
        one, other = group[left], group[right]
        if one == other or len(ends.intersection(members[one] + members[other])) == 2:
            continue
        for row in members[other]:
            group[row] = one
        members[one] += members.pop(other)
    sides = [sorted(members[group[end]]) for end in (pair.left_id, pair.right_id)]
    return min(sides, key=lambda side: (len(side), -side[0]))


def undo_decision(
    pair_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> Decision:
    """Take a decision back: the files are again as they were before it.

    Raises NothingDecided for an undecided pair, and the people room's refusals (LaterMergeStands,
    MovedOnSince, FileUsedSince) when something later stands in the way.
    """
    require_may_decide(actor)
    answer = once(
        command_id,
        "lists.undo_decision",
        actor=actor,
        at=at,
        do=lambda: asdict(_undo(pair_id, actor, at)),
    )
    return Decision(**answer)


def _undo(pair_id: int, actor: Actor, at: dt.datetime) -> Decision:
    pair = pair_in_scope(pair_id, actor.scope, lock=True)
    if pair.state not in _DECIDED:
        raise NothingDecided()
    effect = pair.effect
    if "merge" in effect:
        people.undo_merge(effect["merge"], actor=actor, at=at)
    elif "undone" in effect:
        evidence = {"by": "undone decision", "pair": pair.pk}
        people.merge_persons(**effect["undone"], evidence=evidence, actor=actor, at=at)
    elif "split" in effect:
        _rejoin(effect["split"], actor, at)
    state = CandidatePair.State(effect.get("from", CandidatePair.State.WAITING))
    _swap(pair, state, effect={}, decided_by_id=None, decided_at=None)
    journal.write(DECISION_UNDONE, pair, actor=actor, at=at, person_id=pair.left.person_id)
    return _decision(pair_id, state)


def _rejoin(split: dict[str, Any], actor: Actor, at: dt.datetime) -> None:
    moved = Row.objects.filter(pk__in=split["rows"], person_id=split["opened"])
    moved.update(person_id=split["person"])
    people.undo_split(split, actor=actor, at=at)


def _swap(pair: CandidatePair, state: str, **changes: Any) -> None:
    """Compare-and-swap of the pair's state."""
    seen = CandidatePair.objects.filter(pk=pair.pk, state=pair.state)
    if not seen.update(state=state, **changes):
        raise SomeoneElseActed()


def _decision(pair_id: int, state: str) -> Decision:
    pair = CandidatePair.objects.select_related("left", "right").get(pk=pair_id)
    left, right = pair.left.person_id, pair.right.person_id
    assert left is not None
    assert right is not None
    return Decision(pair_id, str(state), left, right)
