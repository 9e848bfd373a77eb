"""The run of a month: everyone's call, each exactly once, whatever is killed on the way.

The persons are cut into ranges (`RunPart`). Each part reads its liabilities, asks the law, and
posts calls and ledger lines in one transaction that also marks the part as posted. A run that was
killed leaves whole parts; run again, it does the others.

The law is asked here, or on Spark for many machines (`spark_engine`); what is posted is the same,
and a run begun with one engine may be finished with the other.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from typing import Any, Literal

import pyarrow as pa
from django.conf import settings
from django.db import connection
from django.db.models import Sum

from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.assessment import (
    Assessed,
    assess,
    require_month_in_scheme,
)
from qafila.contributions.calls.liabilities import (
    liabilities_not_called,
    person_ranges,
)
from qafila.contributions.calls.month_runs.callable_months import require_callable
from qafila.contributions.calls.month_runs.spark_engine import (
    assess_on_spark,
    open_spark,
    workspace,
)
from qafila.contributions.calls.month_runs.workers import start_worker
from qafila.contributions.calls.parked import park_missing_facts
from qafila.contributions.calls.year_ahead import (
    lock_year,
    months_ahead,
    post_year_ahead,
)
from qafila.contributions.errors import RunUnderWay
from qafila.contributions.ledger.allocation import lock_settlement, settle_range
from qafila.contributions.ledger.call_posting import Entry, post_calls
from qafila.contributions.ledger.closed_months import books_month, require_open
from qafila.contributions.ledger.months import first_day
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import Call, Run, RunPart
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.journal import write
from qafila.foundation.trail import PERSONS_TOGETHER, acting, touch_persons
from qafila_law.money import dirhams

PERSONS_PER_PART = 50_000
_LOCK_SPACE = "qafila contributions run"
_OPENING = "qafila contributions run is opened"
# Each further calling of a counter-posted month leaves room for adjustments of the one before.
_SEQUENCES_PER_CALLING = 1000

Progress = Callable[[int, int], None]
Engine = Literal["local", "spark"]
Assessor = Callable[[int, pa.Table, dt.date], Assessed]
"""Gives the amounts of a part: its id, its liabilities as they are now, the month."""


@dataclass(frozen=True)
class RunOutcome:
    """What a run posted in all; `parts_posted_now` is 0 when it had been posted before."""

    month: dt.date
    run_id: int
    calls: int
    total_centimes: int
    parked: int
    parts: int
    parts_posted_now: int


def run_month(
    month: dt.date,
    *,
    actor: Actor,
    at: dt.datetime,
    on_progress: Progress | None = None,
    processes: int = 1,
    persons_per_part: int = PERSONS_PER_PART,
    engine: Engine = "local",
    named: str = "",
) -> RunOutcome:
    """Call the contributions of `month` for everyone, or finish a run of it that was cut short.

    A posted month answers with what it posted and changes nothing. A month that does not come next
    is called only when `named` types its name. `on_progress` is told parts
    done and parts in all. With more than one process, do not call it inside a transaction.
    With the engine "spark" amounts are assessed there and posted here; both engines post the same.
    Errors: NotAllowed, RunUnderWay, MonthClosed, MonthOutsideScheme, NoAmountByLaw, SparkMissing,
    and those of `require_callable`.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    require_month_in_scheme(month)
    with the_only_run_of(month):
        run = open_run(month, persons_per_part, actor=actor, at=at, named=named)
        waiting = list(run.parts.filter(posted_at=None).select_related("run").order_by("pk"))
        if run.state == Run.State.RUNNING:
            with _assessor(engine, month, waiting) as assessor:
                post = partial(post_part, actor=actor, at=at, assessor=assessor)
                _post_parts(waiting, processes, post, on_progress or (lambda done, total: None))
            _finish(run, actor=actor, at=at)
        run.refresh_from_db()
    return RunOutcome(
        month, run.pk, run.calls, run.total_centimes, run.parked, run.parts.count(), len(waiting)
    )


@contextlib.contextmanager
def the_only_run_of(month: dt.date) -> Iterator[None]:
    """Hold the run of `month` alone; RunUnderWay when another process holds it."""
    # A lock of the session: PostgreSQL lets go of it when the process dies.
    key: tuple[str, int] = (_LOCK_SPACE, month.year * 12 + month.month)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", key)
        if not cursor.fetchone()[0]:
            raise RunUnderWay(month=month)
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", key)


def open_run(
    month: dt.date, persons_per_part: int, *, actor: Actor, at: dt.datetime, named: str = ""
) -> Run:
    """The run of `month`, opened and cut into parts; a posted one as it is.

    Errors: MonthClosed, and those of `require_callable`.
    """
    with acting(actor, at=at):
        # Before anything is looked at or made: who comes second finds the run of the first.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_OPENING])
        run = Run.objects.filter(month=month).first()
        if run and run.state == Run.State.POSTED:
            return run
        require_callable(month, named=named, at=at)
        if run is None or (not run.times and run.state == Run.State.RUNNING):
            require_open(month)
        make_partitions([month, *months_ahead(month)])
        if run is None:
            run = Run.objects.create(
                month=month, state=Run.State.RUNNING, started_at=at, started_by_id=actor.id
            )
            _plan_parts(run, persons_per_part)
        elif run.state == Run.State.REVERSED:
            _begin_again(run, persons_per_part, actor, at)
        return run


def _begin_again(run: Run, persons_per_part: int, actor: Actor, at: dt.datetime) -> None:
    """Open a run that was counter-posted once more; its new calls follow the old ones."""
    run.state, run.times = Run.State.RUNNING, run.times + 1
    run.started_at, run.started_by_id, run.finished_at = at, actor.id, None
    run.save()
    run.parts.all().delete()
    _plan_parts(run, persons_per_part)


def _plan_parts(run: Run, persons_per_part: int) -> None:
    with connection.cursor() as cursor:
        ranges = person_ranges(cursor, persons_per_part)
    RunPart.objects.bulk_create(
        RunPart(run=run, first_person=first, last_person=last) for first, last in ranges
    )


@contextlib.contextmanager
def _assessor(engine: Engine, month: dt.date, parts: list[RunPart]) -> Iterator[Assessor]:
    if engine == "local" or not parts:
        yield assessed_here
        return
    session = open_spark()
    with workspace(settings.VAR) as work:
        for part in parts:
            with connection.cursor() as cursor:
                work.keep_facts(part.pk, _liabilities(cursor, part, month))
        assess_on_spark(work, month, session)
        yield work.assessed


def assessed_here(part_id: int, liabilities: pa.Table, month: dt.date) -> Assessed:
    """The amounts of a part by the law, in this process."""
    return assess(liabilities, month)


def _liabilities(cursor: Any, part: RunPart, month: dt.date) -> pa.Table:
    return liabilities_not_called(
        cursor,
        month,
        first_person=part.first_person,
        last_person=part.last_person,
        again=part.run.times > 0,
    )


def _post_parts(
    parts: list[RunPart], processes: int, post: Callable[[int], None], report: Progress
) -> None:
    if processes == 1:
        for done, part in enumerate(parts, 1):
            post(part.pk)
            report(done, len(parts))
        return
    # Fresh processes: a forked one would share this one's database connection.
    with ProcessPoolExecutor(processes, get_context("spawn"), start_worker) as pool:
        for done, _ in enumerate(pool.map(post, [part.pk for part in parts]), 1):
            report(done, len(parts))


def post_part(
    part_id: int, *, actor: Actor, at: dt.datetime, assessor: Assessor = assessed_here
) -> None:
    """Post one part of a run in one transaction; a part already posted is left as it is."""
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor, shared=True)
        part = RunPart.objects.select_for_update().select_related("run").get(pk=part_id)
        if part.posted_at is not None:
            return
        month, people = part.run.month, (part.first_person, part.last_person)
        lock_year(cursor, month, part.first_person)
        assessed = assessor(part_id, _liabilities(cursor, part, month), month)
        # A closed month is called again in the month of the books that is open.
        books = max(month, books_month(day_of(at))) if part.run.times else month
        sequence = part.run.times * _SEQUENCES_PER_CALLING
        entry = Entry(Call.Origin.RUN, part.run_id, day_of(at), books, sequence)
        posted = post_calls(cursor, assessed.due, month, entry)
        posted += post_year_ahead(cursor, people, month, entry)
        parked = park_missing_facts(cursor, assessed.parked, month, at=at)
        settle_range(cursor, *people, day=day_of(at), books_month=books)
        RunPart.objects.filter(pk=part.pk).update(
            posted_at=at, calls=posted.calls, total_centimes=posted.total_centimes, parked=parked
        )


def _touch_if_few(month: dt.date) -> None:
    """Whom a small run called follows at once; after a national one everybody is brought on."""
    called = Call.objects.filter(month=month).order_by("person_id").values_list("person_id")
    found = called.distinct()[: PERSONS_TOGETHER + 1]
    persons = [person for (person,) in found]
    if len(persons) <= PERSONS_TOGETHER:
        touch_persons(persons)


def _finish(run: Run, *, actor: Actor, at: dt.datetime) -> None:
    with acting(actor, at=at):
        sums = run.parts.aggregate(
            calls=Sum("calls", default=0),
            total_centimes=Sum("total_centimes", default=0),
            parked=Sum("parked", default=0),
        )
        moved = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
            state=Run.State.POSTED, finished_at=at, **sums
        )
        if not moved:
            raise SomeoneElseActed
        _touch_if_few(run.month)
        write(
            entries.MONTH_RUN,
            run,
            actor=actor,
            at=at,
            month=f"{run.month:%Y-%m}",
            calls=sums["calls"],
            total_dh=dirhams(sums["total_centimes"]),
        )
