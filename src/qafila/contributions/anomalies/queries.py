"""The work queue: matters of a territory, with what each means and its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.models.calls_and_ledger import WorkItem
from qafila.foundation.actors import Scope


@dataclass(frozen=True)
class Matter:
    """One matter: whom it is about, what was found, what to do, and how it ended.

    `other_person_id` is the spouse or the second file where two are concerned.
    """

    item_id: int
    kind: str
    state: str
    person_id: int
    name_ar: str
    name_latn: str
    enrolment_id: int | None
    month: dt.date | None
    details: Mapping[str, Any]
    found_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str
    province_code: str | None = None

    @property
    def matter(self) -> str:
        """What was found, in the language in force."""
        return str(KINDS[self.kind].matter)

    @property
    def remedy(self) -> str:
        """What to do about it, in the language in force."""
        return str(KINDS[self.kind].remedy)

    @property
    def other_person_id(self) -> int | None:
        """The second person concerned, if any."""
        return self.details.get("other_person")


def work_items(
    *,
    scope: Scope,
    kinds: Collection[str] | None = None,
    state: str = "open",
    after: int | None = None,
    count: int = 50,
) -> list[Matter]:
    """Matters of the scope in the order they were found, from the one after `after` (its item_id).

    `kinds`: these alone. `state`: open, done (someone ended it) or gone (no longer found). One
    statement; a page deep in the queue costs as much as the first.
    """
    items = _in_scope(scope).filter(state=state)
    if kinds is not None:
        items = items.filter(kind__in=kinds)
    if after is not None:
        items = items.filter(pk__gt=after)
    rows = items.order_by("pk").values_list(
        "pk",
        "kind",
        "state",
        "person_id",
        "person__full_name_ar",
        "person__full_name_latn",
        "enrolment_id",
        "month",
        "details",
        "found_at",
        "ended_at",
        "outcome",
        "person__province_id",
    )
    return [Matter(*row) for row in rows[:count]]


def work_queue(
    *, scope: Scope, kind: str | None = None, first: int = 0, count: int = 50
) -> list[WorkItem]:
    """Open matters of the scope, oldest first, `count` from number `first` on.

    What a kind means and its remedy: `work_queue.KINDS`.
    """
    items = _open_items(scope)
    if kind is not None:
        items = items.filter(kind=kind)
    return list(items.order_by("found_at", "pk")[first : first + count])


def work_queue_counts(*, scope: Scope) -> dict[str, int]:
    """How many matters of each kind are open in the scope."""
    found = _open_items(scope).values_list("kind").annotate(items=Count("pk"))
    return dict(found.order_by("kind"))


def _open_items(scope: Scope) -> QuerySet[WorkItem]:
    return _in_scope(scope).filter(state=WorkItem.State.OPEN)


def _in_scope(scope: Scope) -> QuerySet[WorkItem]:
    if scope.national:
        return WorkItem.objects.all()
    return WorkItem.objects.filter(person__province_id__in=sorted(scope.province_codes))
