"""Counter-posting a run as a whole: asked for by one, confirmed by another, then carried out.

Nothing is removed. Beside each call of the run a correction takes back what stands of it, money
that had paid it is freed and placed again, and what follows for arrears and rights is derived in
the same transaction. One range of people is one transaction: killed on the way, it is finished by
starting it again, and nothing is taken back twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.month_runs.runs import the_only_run_of
from qafila.contributions.corrections.credits import take_back
from qafila.contributions.errors import CounterPostingNotPossible
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.facts import stands
from qafila.contributions.ledger.months import first_day, months_between
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import Run, RunPart, WorkItem
from qafila.contributions.models.counter_postings import CounterPosting
from qafila.contributions.models.years import YearBalance
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.journal import write
from qafila.foundation.trail import acting, touch_persons
from qafila_law.money import dirhams

JOB = "contributions.counter_post"
LONGEST_REASON = 500
Progress = Callable[[int, int], None]
_State = CounterPosting.State


@dataclass(frozen=True)
class CounterPosted:
    """A counter-posting as it stands: `asked`, `confirmed`, `refused` or `done`, with its sums."""

    month: dt.date
    state: str
    calls: int
    total_centimes: int


def ask_counter_posting(
    month: dt.date, *, reason: str, actor: Actor, at: dt.datetime
) -> CounterPosted:
    """Ask that the posted run of `month` be counter-posted; nothing is touched yet.

    Errors: NotAllowed, CounterPostingNotPossible.
    """
    require_posting_everywhere(actor)
    month, reason = first_day(month), typed_text.line(reason, most=LONGEST_REASON)
    with acting(actor, at=at):
        run = Run.objects.select_for_update().filter(month=month, state=Run.State.POSTED).first()
        if run is None:
            raise CounterPostingNotPossible(problem="not_posted", month=month)
        if not reason:
            raise CounterPostingNotPossible(problem="reason", month=month)
        _refuse_settled_year(month)
        try:
            with transaction.atomic():
                asked = CounterPosting.objects.create(
                    run=run, reason=reason, asked_at=at, asked_by_id=actor.id
                )
        except IntegrityError as known:
            raise CounterPostingNotPossible(problem="asked", month=month) from known
        write(
            entries.COUNTER_POSTING_ASKED,
            asked,
            actor=actor,
            at=at,
            month=f"{month:%Y-%m}",
            reason=reason,
        )
    return CounterPosted(month, asked.state, 0, 0)


def _refuse_settled_year(month: dt.date) -> None:
    # Balances of a settled year stand on its calls: taking those away would falsify the balances.
    if YearBalance.objects.filter(year=month.year).exists():
        raise CounterPostingNotPossible(problem="year_settled", month=month)


def refuse_counter_posting(month: dt.date, *, actor: Actor, at: dt.datetime) -> None:
    """Refuse a counter-posting that waits, or withdraw one's own.

    Errors: NotAllowed, CounterPostingNotPossible.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    with acting(actor, at=at):
        asked = _waiting(month)
        moved = CounterPosting.objects.filter(pk=asked.pk, state=_State.ASKED).update(
            state=_State.REFUSED, decided_at=at, decided_by_id=actor.id
        )
        if not moved:
            raise SomeoneElseActed
        write(entries.COUNTER_POSTING_REFUSED, asked, actor=actor, at=at, month=f"{month:%Y-%m}")


def confirm_counter_posting(month: dt.date, *, actor: Actor, at: dt.datetime) -> CounterPosted:
    """Confirm, as a second person, what was asked for; a job carries it out.

    Errors: NotAllowed, CounterPostingNotPossible.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    with acting(actor, at=at):
        asked = _waiting(month)
        if asked.asked_by_id == actor.id:
            raise CounterPostingNotPossible(problem="same_person", month=month)
        _refuse_settled_year(month)
        decided = CounterPosting.objects.filter(pk=asked.pk, state=_State.ASKED).update(
            state=_State.CONFIRMED, decided_at=at, decided_by_id=actor.id
        )
        moved = Run.objects.filter(pk=asked.run_id, state=Run.State.POSTED).update(
            state=Run.State.REVERSING
        )
        if not (decided and moved):
            raise SomeoneElseActed
        write(entries.COUNTER_POSTING_CONFIRMED, asked, actor=actor, at=at, month=f"{month:%Y-%m}")
        _defer(month)
    return CounterPosted(month, _State.CONFIRMED, 0, 0)


def _waiting(month: dt.date) -> CounterPosting:
    waiting = CounterPosting.objects.select_for_update(of=("self",)).filter(
        run__month=month, state=_State.ASKED
    )
    asked = waiting.first()
    if asked is None:
        raise CounterPostingNotPossible(problem="not_asked", month=month)
    return asked


def resume_counter_posting(month: dt.date, *, actor: Actor, at: dt.datetime) -> bool:
    """Have a job go on with a confirmed counter-posting; False when one waits already."""
    require_posting_everywhere(actor)
    with acting(actor, at=at):
        return _defer(first_day(month))


def _defer(month: dt.date) -> bool:
    key = f"{month:%Y-%m}"
    try:
        with transaction.atomic():
            jobs.configure_task(JOB, queueing_lock=f"{JOB}:{key}").defer(month=key)
    except AlreadyEnqueued:
        return False
    return True


def carry_out_counter_posting(
    month: dt.date, *, actor: Actor, at: dt.datetime, on_progress: Progress | None = None
) -> CounterPosted:
    """Take back the calls of a run whose counter-posting was confirmed, range by range.

    Repeated after a break it does the rest; done already, it answers with what was done. Errors:
    NotAllowed, RunUnderWay, CounterPostingNotPossible.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    report = on_progress or (lambda done, total: None)
    with the_only_run_of(month):
        latest = CounterPosting.objects.filter(run__month=month).order_by("-pk").first()
        if latest is None or latest.state in (_State.ASKED, _State.REFUSED):
            raise CounterPostingNotPossible(problem="not_asked", month=month)
        if latest.state == _State.CONFIRMED:
            waiting = list(RunPart.objects.filter(run=latest.run_id, reversed_at=None))
            for done, part in enumerate(waiting, 1):
                _reverse_part(part.pk, latest.pk, actor=actor, at=at)
                report(done, len(waiting))
            _finish(latest, actor=actor, at=at)
        latest.refresh_from_db()
    return CounterPosted(month, latest.state, latest.calls, latest.total_centimes)


def _reverse_part(part_id: int, posting_id: int, *, actor: Actor, at: dt.datetime) -> None:
    """One range of people in one transaction; a range done already is left as it is."""
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        part = RunPart.objects.select_for_update().select_related("run").get(pk=part_id)
        if part.reversed_at is not None:
            return
        month, day = part.run.month, day_of(at)
        books = books_month(day)
        make_partitions([books])
        params: dict[str, Any] = {
            "month": month,
            "months": months_between(month, dt.date(month.year, 12, 1)),
            "run": part.run_id,
            "first": part.first_person,
            "last": part.last_person,
            "day": day,
            "books": books,
        }
        cursor.execute(f"SELECT c.person_id, {_STANDING} {_OF_RUN}", params)
        found = cursor.fetchall()
        people = sorted({person for person, _centimes in found})
        take_back(cursor, _OF_RUN, "n.everything", "correction", params)
        settle_people(cursor, people, day=day, books_month=books)
        touch_persons(people)
        RunPart.objects.filter(pk=part_id).update(reversed_at=at)
        CounterPosting.objects.filter(pk=posting_id).update(
            calls=F("calls") + len(found),
            total_centimes=F("total_centimes") + sum(int(centimes) for _person, centimes in found),
        )


_STANDING = "c.amount_centimes - c.corrected_centimes"

# The run's calls, those it called ahead within the year too, and later adjustments of both. What
# relief erased stays erased; months the fund reported are the fund's word.
_OF_RUN = f"""
FROM contributions_call c CROSS JOIN (VALUES (9000000000000000)) n (everything)
WHERE c.person_id BETWEEN %(first)s AND %(last)s AND c.month = ANY(%(months)s) AND {stands("c")}
  AND (c.run_id = %(run)s OR c.origin = 'adjustment' AND (
         c.month = %(month)s OR EXISTS (
           SELECT FROM contributions_call o WHERE o.enrolment_id = c.enrolment_id
             AND o.month = c.month AND o.run_id = %(run)s)))
  AND NOT EXISTS (SELECT FROM contributions_call o WHERE o.enrolment_id = c.enrolment_id
                    AND o.month = c.month AND o.origin = 'opening')
  AND NOT EXISTS (SELECT FROM contributions_allocation a
                  WHERE a.call_id = c.id AND a.call_month = c.month AND a.source = 'relief')
"""


def _finish(posting: CounterPosting, *, actor: Actor, at: dt.datetime) -> None:
    with acting(actor, at=at):
        run = posting.run
        moved = Run.objects.filter(pk=run.pk, state=Run.State.REVERSING).update(
            state=Run.State.REVERSED
        )
        done = CounterPosting.objects.filter(pk=posting.pk, state=_State.CONFIRMED).update(
            state=_State.DONE, done_at=at
        )
        if not (moved and done):
            raise SomeoneElseActed
        WorkItem.objects.filter(kind="missing_fact", month=run.month, state="open").update(
            state=WorkItem.State.GONE, ended_at=at
        )
        posting.refresh_from_db()
        write(
            entries.MONTH_COUNTER_POSTED,
            posting,
            actor=actor,
            at=at,
            month=f"{run.month:%Y-%m}",
            calls=posting.calls,
            total_dh=dirhams(posting.total_centimes),
        )
