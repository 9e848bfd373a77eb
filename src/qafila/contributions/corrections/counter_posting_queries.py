"""The counter-posting of a month as pages and commands tell it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from qafila.contributions.ledger.months import first_day
from qafila.contributions.models.counter_postings import CounterPosting
from qafila.foundation.scope import reference_data
from qafila.institutions.actor_told import actor_told


@dataclass(frozen=True)
class CounterPostingTold:
    """The latest counter-posting of a run: who asked and why, who decided, how far it is."""

    state: str
    reason: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    calls: int
    total_centimes: int
    parts: int
    parts_done: int


@reference_data
def counter_posting_of(month: dt.date) -> CounterPostingTold | None:
    """The latest counter-posting of the run of `month`; None when none was ever asked for."""
    found = (
        CounterPosting.objects.filter(run__month=first_day(month))
        .select_related("asked_by__account", "decided_by__account")
        .annotate(
            of_parts=Count("run__parts"),
            of_done=Count("run__parts", filter=Q(run__parts__reversed_at__isnull=False)),
        )
        .order_by("-pk")
        .first()
    )
    if found is None:
        return None
    return CounterPostingTold(
        found.state,
        found.reason,
        actor_told(found.asked_by),
        found.asked_by_id,
        found.asked_at,
        actor_told(found.decided_by) if found.decided_by else "",
        found.decided_at,
        found.calls,
        found.total_centimes,
        found.of_parts,
        found.of_done,
    )
