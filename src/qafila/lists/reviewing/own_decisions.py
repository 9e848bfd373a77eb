"""What somebody decided about pairs, and what taking it back would do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.db.models import QuerySet

from qafila.foundation.actors import Actor
from qafila.lists.models import CandidatePair
from qafila.lists.queries import PairShown, pair_shown

Undoing = Literal["two_files", "one_file", "asked_again"]


@dataclass(frozen=True)
class PairDecided:
    """A decision, when it was taken, and what taking it back does to the files."""

    pair: PairShown
    at: dt.datetime
    undoing: Undoing


def decided_by(actor: Actor, *, limit: int = 10) -> list[PairDecided]:
    """The decisions the actor took that still stand, latest first."""
    pairs = _standing_decisions(actor).select_related("left__list_import", "right__list_import")
    return [
        PairDecided(pair_shown(pair), pair.decided_at, _undoing(pair))
        for pair in pairs.order_by("-decided_at", "-pk")[:limit]
        if pair.decided_at is not None
    ]


def decided_since(actor: Actor, since: dt.datetime) -> int:
    """How many decisions the actor took since a moment that still stand."""
    return _standing_decisions(actor).filter(decided_at__gte=since).count()


def _standing_decisions(actor: Actor) -> QuerySet[CandidatePair]:
    decided = (CandidatePair.State.SAME, CandidatePair.State.DIFFERENT)
    return CandidatePair.objects.filter(decided_by_id=actor.id, state__in=decided)


def _undoing(pair: CandidatePair) -> Undoing:
    """What taking the decision back does, as `reviewing.deciding.undo_decision` does it."""
    if "merge" in pair.effect:
        return "two_files"
    return "one_file" if {"undone", "split"} & pair.effect.keys() else "asked_again"
