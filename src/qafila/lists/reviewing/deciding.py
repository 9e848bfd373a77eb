"""People decide whether two rows are one person; every decision can be undone exactly."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl
from django.db.models import Q, QuerySet

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.lists.access import pair_in_scope, require_may_decide, row_in_scope, taking_back_own
from qafila.lists.errors import DecidedOtherwise, NothingDecided, OnlyRow, PairGone
from qafila.lists.journal import DECISION_UNDONE, PAIR_DIFFERENT, PAIR_SAME
from qafila.lists.linking import linkage_input
from qafila.lists.linking.golden_records import numbers_of, phones_of, portraits
from qafila.lists.models import CandidatePair, Row
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.splitting import split_person, undo_split
from qafila.people.merging.undoing import undo_merge
from qafila.people.queries import standing_merges

_OPEN = (
    CandidatePair.State.WAITING,
    CandidatePair.State.AUTOMATIC,
    CandidatePair.State.DOUBTFUL,
)
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
    pair = pair_in_scope(pair_id, require_may_decide(actor), lock=True)
    left, right = pair.left.person_id, pair.right.person_id
    if left is None or right is None:
        raise PairGone()
    if pair.state not in _OPEN:
        raise SomeoneElseActed()
    effect: dict[str, Any] = {"from": pair.state}
    if same and left != right:
        _refuse_against_decisions(pair, left, right)
        effect |= _joined(pair, left, right, actor, at)
    elif not same and left == right:
        effect |= _parted(pair, left, actor, at)
    return _decided(pair, same, effect, actor, at)


def _decided(
    pair: CandidatePair, same: bool, effect: dict[str, Any], actor: Actor, at: dt.datetime
) -> Decision:
    """Move the pair's state and write the journal."""
    state = CandidatePair.State.SAME if same else CandidatePair.State.DIFFERENT
    _swap(pair, state, effect=effect, decided_by_id=actor.id, decided_at=at)
    told = PAIR_SAME if same else PAIR_DIFFERENT
    journal.write(told, pair, actor=actor, at=at, person_id=pair.left.person_id)
    return _decision(pair.pk, state)


def _refuse_against_decisions(pair: CandidatePair, left: int, right: int) -> None:
    """Two files of which some rows were said to be two people cannot become one."""
    apart = CandidatePair.objects.filter(state=CandidatePair.State.DIFFERENT).exclude(pk=pair.pk)
    contrary = apart.filter(
        Q(left__person_id=left, right__person_id=right)
        | Q(left__person_id=right, right__person_id=left)
    )
    _refuse_if_any(contrary)


def _refuse_if_torn(rows: list[int], leaving: list[int]) -> None:
    """Rows that were said to be one person stay together."""
    one = CandidatePair.objects.filter(
        state=CandidatePair.State.SAME, left_id__in=rows, right_id__in=rows
    )
    _refuse_if_any(
        one.filter(
            Q(left_id__in=leaving) & ~Q(right_id__in=leaving)
            | Q(right_id__in=leaving) & ~Q(left_id__in=leaving)
        )
    )


def _refuse_if_any(contrary: QuerySet[CandidatePair]) -> None:
    found = contrary.order_by("pk").first()
    if found is not None:
        raise DecidedOtherwise(left=found.left_id, right=found.right_id)


def _joined(
    pair: CandidatePair, left: int, right: int, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    kept, absorbed = sorted((left, right))
    evidence = {"by": "decision", "pair": pair.pk, "evidence": pair.evidence}
    merge = merge_persons(kept, absorbed, evidence=evidence, actor=actor, at=at)
    return {"merge": merge.merge}


def _parted(pair: CandidatePair, person: int, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    rows = linkage_input.rows_of_persons([person])
    ids = rows["row_id"].to_list()
    scope = require_may_decide(actor)
    for merge_id, came in standing_merges(person, table=Row._meta.db_table, scope=scope):
        if (pair.left_id in came) != (pair.right_id in came):
            _refuse_if_torn(ids, sorted(came))
            return _unmerged(merge_id, actor, at)
    leaving = _leaving_rows(pair, ids)
    return {"split": _split(rows, leaving, person, actor, at)}


def _unmerged(merge_id: int, actor: Actor, at: dt.datetime) -> dict[str, Any]:
    undone = undo_merge(merge_id, actor=actor, at=at)
    return {"undone": {"kept": undone.kept, "absorbed": undone.absorbed}}


def _split(
    rows: pl.DataFrame, leaving_ids: list[int], person: int, actor: Actor, at: dt.datetime
) -> dict[str, Any]:
    """Open a second file for some of a person's rows; what `_rejoin` needs to close it again."""
    _refuse_if_torn(rows["row_id"].to_list(), leaving_ids)
    is_leaving = pl.col("row_id").is_in(leaving_ids)
    leaving, staying = rows.filter(is_leaving), rows.filter(~is_leaving)
    kept_values = {*numbers_of(staying)["value"], *phones_of(staying)["number"]}
    split = split_person(
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


def separate_row(
    row_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> Decision:
    """Say that a row does not speak of the person in whose file it stands: it gets its own file.

    Kept as a decision about the row and the likeliest other row of the file, which is undone with
    `undo_decision`. Raises OnlyRow when no other row speaks of the person, DecidedOtherwise when
    somebody said that the row and another one are one person.
    """
    require_may_decide(actor)
    answer = once(
        command_id,
        "lists.separate_row",
        actor=actor,
        at=at,
        do=lambda: asdict(_separate(row_id, actor, at)),
    )
    return Decision(**answer)


def _separate(row_id: int, actor: Actor, at: dt.datetime) -> Decision:
    scope = require_may_decide(actor)
    person = row_in_scope(row_id, scope).person_id
    assert person is not None
    rows = linkage_input.rows_of_persons([person])
    others = [other for other in rows["row_id"].to_list() if other != row_id]
    if not others:
        raise OnlyRow(person=person)
    _refuse_if_torn([row_id, *others], [row_id])
    pair, made = _pair_between(row_id, others)
    effect: dict[str, Any] = {"from": pair.state, "made": made}
    for merge_id, came in standing_merges(person, table=Row._meta.db_table, scope=scope):
        if came == {row_id}:
            return _decided(pair, False, effect | _unmerged(merge_id, actor, at), actor, at)
    effect |= {"split": _split(rows, [row_id], person, actor, at)}
    return _decided(pair, False, effect, actor, at)


def _pair_between(row_id: int, others: list[int]) -> tuple[CandidatePair, bool]:
    """The likeliest open pair of the row and one of the others; made when there is none."""
    ends = Q(left_id=row_id, right_id__in=others) | Q(right_id=row_id, left_id__in=others)
    known = CandidatePair.objects.filter(ends, state__in=_OPEN).order_by("-probability", "pk")
    pair = known.select_related("left", "right").select_for_update(of=("self",)).first()
    if pair is not None:
        return pair, False
    left, right = sorted((row_id, others[0]))
    made = CandidatePair.objects.create(
        left_id=left, right_id=right, probability=0.0, state=CandidatePair.State.WAITING
    )
    return made, True


def undo_decision(
    pair_id: int, *, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> Decision:
    """Take a decision back: the files are again as they were before it.

    Whoever decided may undo it, even when a row without a place thereby left the territory.
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
    pair = pair_in_scope(pair_id, require_may_decide(actor), actor=actor, lock=True)
    if pair.state not in _DECIDED:
        raise NothingDecided()
    if pair.decided_by_id == actor.id:
        actor = taking_back_own(actor)
    effect = pair.effect
    if "merge" in effect:
        undo_merge(effect["merge"], actor=actor, at=at)
    elif "undone" in effect:
        evidence = {"by": "undone decision", "pair": pair.pk}
        merge_persons(**effect["undone"], evidence=evidence, actor=actor, at=at)
    elif "split" in effect:
        _rejoin(effect["split"], actor, at)
    state = CandidatePair.State(effect.get("from", CandidatePair.State.WAITING))
    _swap(pair, state, effect={}, decided_by_id=None, decided_at=None)
    journal.write(DECISION_UNDONE, pair, actor=actor, at=at, person_id=pair.left.person_id)
    decision = _decision(pair_id, state)
    if effect.get("made"):  # it was never asked: nothing is left to ask
        CandidatePair.objects.filter(pk=pair_id).delete()
    return decision


def _rejoin(split: dict[str, Any], actor: Actor, at: dt.datetime) -> None:
    moved = Row.objects.filter(pk__in=split["rows"], person_id=split["opened"])
    moved.update(person_id=split["person"])
    undo_split(split, actor=actor, at=at)


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
