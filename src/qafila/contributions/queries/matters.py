"""The work queue: open matters of a territory, with what each means and its remedy."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from qafila.contributions.models import WorkItem
from qafila.foundation.actors import Scope


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
    items = WorkItem.objects.filter(state=WorkItem.State.OPEN)
    if scope.national:
        return items
    return items.filter(person__province_id__in=sorted(scope.province_codes))
