"""How far the run of a month is, who started it, and what it parked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db import connection
from django.db.models import Count, Q

from qafila.contributions.calls.job_status import job_movement
from qafila.contributions.ledger.months import first_day
from qafila.contributions.models.calls_and_ledger import Run, WorkItem
from qafila.foundation.actors import Scope
from qafila.foundation.scope import reference_data
from qafila.institutions.actor_told import actor_told

JOB = "contributions.run_month"
LOCK_SPACE = "qafila contributions run"

Movement = Literal["waiting", "moving", "stopped", "posted", "reversing", "reversed"]


@dataclass(frozen=True)
class RunWatched:
    """A run of a month. `movement`: waiting for a worker, moving, stopped half-way, posted, being
    counter-posted or counter-posted."""

    month: dt.date
    movement: Movement
    started_by: str
    started_by_id: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    parts: int
    parts_posted: int
    calls: int
    total_centimes: int
    parked: int


@reference_data
def watched_run(month: dt.date, *, at: dt.datetime) -> RunWatched | None:
    """The run of `month` as it stands at `at`; None when nobody started one."""
    month = first_day(month)
    run = (
        Run.objects.filter(month=month)
        .select_related("started_by__account")
        .annotate(
            of_parts=Count("parts"),
            of_posted=Count("parts", filter=Q(parts__posted_at__isnull=False)),
        )
        .first()
    )
    if run is None:
        return None
    movement = _ENDED.get(run.state) or _movement(month, at)
    return RunWatched(
        month,
        movement,
        actor_told(run.started_by),
        run.started_by_id,
        run.started_at,
        run.finished_at,
        run.of_parts,
        run.of_posted,
        run.calls,
        run.total_centimes,
        run.parked,
    )


_ENDED: dict[str, Movement] = {
    Run.State.POSTED: "posted",
    Run.State.REVERSING: "reversing",
    Run.State.REVERSED: "reversed",
}


def _movement(month: dt.date, at: dt.datetime) -> Movement:
    if _is_locked(month):
        return "moving"
    movement = job_movement(JOB, {"month": f"{month:%Y-%m}"}, at=at)
    return "stopped" if movement == "none" else movement


def _is_locked(month: dt.date) -> bool:
    """Whether a process holds the lock of the run; PostgreSQL lets go of it when one dies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND objsubid = 2 AND objid = %s"
            " AND classid::bigint = (hashtext(%s)::bigint & 4294967295)"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [month.year * 12 + month.month, LOCK_SPACE],
        )
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True)
class RunStarted:
    """A run as the list of months tells it; its figures are those of parts posted at its end.

    `state`: running, posted, reversing or reversed.
    """

    month: dt.date
    state: str
    started_by: str
    started_at: dt.datetime
    calls: int
    total_centimes: int
    parked: int


@reference_data
def started_runs() -> list[RunStarted]:
    """Every month whose run was started, the latest month first."""
    found = Run.objects.select_related("started_by__account").order_by("-month")
    return [
        RunStarted(
            run.month,
            run.state,
            actor_told(run.started_by),
            run.started_at,
            run.calls,
            run.total_centimes,
            run.parked,
        )
        for run in found
    ]


@dataclass(frozen=True)
class Parked:
    """An enrolment a run could not assess; `refusal` is the law's code for why."""

    item_id: int
    person_id: int
    name_ar: str
    name_latn: str
    category: str
    refusal: str
    open: bool


def parked_in(
    month: dt.date, *, scope: Scope, after: int = 0, limit: int | None = None
) -> Iterator[Parked]:
    """Those the run of `month` parked, in the scope, the oldest after case `after` first."""
    items = WorkItem.objects.filter(kind="missing_fact", month=first_day(month), pk__gt=after)
    if not scope.national:
        items = items.filter(person__province_id__in=sorted(scope.province_codes))
    items = items.select_related("person", "enrolment").order_by("pk")
    for item in items[:limit] if limit else items.iterator(chunk_size=2000):
        category = item.enrolment.category if item.enrolment else ""
        yield Parked(
            item.pk,
            item.person_id,
            item.person.full_name_ar,
            item.person.full_name_latn,
            category,
            str(item.details.get("refusal", "")),
            item.state == WorkItem.State.OPEN,
        )
