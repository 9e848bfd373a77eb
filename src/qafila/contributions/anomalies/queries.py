"""The work queue: matters of a territory, with what each means and its remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

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
    commune_code: str | None = None
    ended_by: str | None = None

    def place(self, order: str) -> Place:
        """Where it stands in an order: `work_items(after=…)` goes on from here."""
        values = {"kind": self.kind, "pk": self.item_id, "ended_at": self.ended_at}
        return tuple(values[column] for column in ORDERS[order])

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


@dataclass(frozen=True)
class Within:
    """Which matters: of these kinds, in this state, of one region, province or commune."""

    kinds: Collection[str] | None = None
    state: str = "open"
    region: str | None = None
    province: str | None = None
    commune: str | None = None


EVERYTHING = Within()


ORDERS = {"kind": ("kind", "pk"), "found": ("pk",), "ended": ("ended_at", "pk")}
"""The orders of matters: together by kind, as they were found, as they ended."""

Place = tuple[Any, ...]


def work_items(
    *,
    scope: Scope,
    within: Within = EVERYTHING,
    order: str = "found",
    descending: bool = False,
    after: Place | None = None,
    count: int = 50,
) -> list[Matter]:
    """Matters of the scope in an order (`ORDERS`), from the one whose `place` is `after` on.

    States: open, done (someone ended it) or gone (no longer found). One statement; a page deep in
    the queue costs as much as the first.
    """
    columns = ORDERS[order]
    items = _items(scope, within)
    if after is not None:
        items = items.filter(_beyond(columns, after, "lt" if descending else "gt"))
    sign = "-" if descending else ""
    rows = items.order_by(*(f"{sign}{column}" for column in columns)).values_list(*_OF_A_MATTER)
    return [Matter(*row) for row in rows[:count]]


_OF_A_MATTER = (
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
    "person__commune_id",
    "ended_by__name",
)


def _beyond(columns: tuple[str, ...], place: Place, way: str) -> Q:
    """What stands after a place, column by column."""
    beyond, same = Q(), Q()
    for column, value in zip(columns, place, strict=True):
        beyond |= same & Q(**{f"{column}__{way}": value})
        same &= Q(**{column: value})
    return beyond


def matter_ids(*, scope: Scope, within: Within, count: int) -> list[int]:
    """The numbers of at most `count` matters, in the order they were found."""
    return list(_items(scope, within).order_by("pk").values_list("pk", flat=True)[:count])


def matters_count(*, scope: Scope, within: Within) -> int:
    """How many matters there are."""
    return _items(scope, within).count()


def matters_ended(*, by: int, at: dt.datetime, scope: Scope) -> list[int]:
    """The matters that an actor ended at one moment and that are ended still."""
    items = _in_scope(scope).filter(state=WorkItem.State.DONE, ended_by_id=by, ended_at=at)
    return list(items.order_by("pk").values_list("pk", flat=True))


def _items(scope: Scope, within: Within) -> QuerySet[WorkItem]:
    items = _in_scope(scope).filter(state=within.state)
    if within.kinds is not None:
        items = items.filter(kind__in=within.kinds)
    if within.region is not None:
        items = items.filter(person__province__region_id=within.region)
    if within.province is not None:
        items = items.filter(person__province_id=within.province)
    if within.commune is not None:
        items = items.filter(person__commune_id=within.commune)
    return items


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


def work_queue_counts(*, scope: Scope, within: Within = EVERYTHING) -> dict[str, int]:
    """How many matters of each kind there are in the scope, the open ones unless told otherwise."""
    found = _items(scope, within).values_list("kind").annotate(items=Count("pk"))
    return dict(found.order_by("kind"))


def _open_items(scope: Scope) -> QuerySet[WorkItem]:
    return _in_scope(scope).filter(state=WorkItem.State.OPEN)


def _in_scope(scope: Scope) -> QuerySet[WorkItem]:
    if scope.national:
        return WorkItem.objects.all()
    return WorkItem.objects.filter(person__province_id__in=sorted(scope.province_codes))
