"""A claim looked at before it is declared: what would come back, and what a doctor would ask."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qafila.care.access import require_receiving
from qafila.care.claims.actions import declare_claim
from qafila.care.claims.claim_estimate import estimate_of
from qafila.care.claims.plausibility import doubts_about, doubts_told
from qafila.care.claims.time_limits import TimeLeft, papers_by
from qafila.care.models import Claim
from qafila.care.tariffs.assessing import Estimate
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.trail import acting


@dataclass(frozen=True)
class ClaimIfDeclared:
    """What the law says of the care today, why a doctor would look, and until when papers may come.

    `doubts` are sentences.
    """

    estimate: Estimate
    doubts: tuple[str, ...]
    papers: TimeLeft


class _SeenEnough(Exception):
    """Ends the trial: whatever it wrote is taken back."""


def claim_if_declared(*, actor: Actor, at: dt.datetime, **care: Any) -> ClaimIfDeclared:
    """Try `declare_claim` with the same `care`, and take it back: nothing is changed.

    Raises what `declare_claim` raises.
    """
    scope = require_receiving(actor)
    found: list[ClaimIfDeclared] = []
    try:
        with acting(actor, at=at):
            done = declare_claim(actor=actor, at=at, **care)
            found.append(_looked_at(Claim.objects.get(pk=done.claim_id), scope, at))
            raise _SeenEnough
    except _SeenEnough:
        return found[0]


def _looked_at(claim: Claim, scope: Scope, at: dt.datetime) -> ClaimIfDeclared:
    today = day_of(at)
    told = estimate_of(claim, filed_on=today, scope=scope)
    doubts = tuple(doubts_told(doubts_about(claim)))
    return ClaimIfDeclared(told, doubts, papers_by(claim.care_on, today))
