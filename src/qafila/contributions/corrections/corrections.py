"""Corrections: what the facts say today of months already called, posted beside what was called.

A call never changes. Where a category, an end or a return was written in afterwards, the month
owes another amount: more becomes an adjustment call, due on the day of the month it adjusts (with
the month it is posted in where that day is gone by); less
becomes a correction that takes back part of the call, and money that had paid it is freed and
placed again, oldest due first. Months the fund reported (opening calls) are the fund's word and
are not recomputed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_of
from qafila.contributions.calls.assessment import assess
from qafila.contributions.calls.comparison import corrections
from qafila.contributions.calls.liabilities import called, liabilities, person_ranges
from qafila.contributions.corrections.credits import take_back
from qafila.contributions.corrections.year_assessment import settled_by_year, without
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.months import first_day
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import Call, Run
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.copying import copy_in
from qafila.foundation.journal import write
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting, touch_persons

PERSONS_PER_BATCH = 50_000
_NOW = "corrections_now"


@dataclass
class CorrectionsOutcome:
    """Months looked at, enrolment months raised and lowered, and by how much."""

    months: int = 0
    raised: int = 0
    raised_centimes: int = 0
    lowered: int = 0
    lowered_centimes: int = 0


def post_corrections(
    *,
    actor: Actor,
    at: dt.datetime,
    since: dt.date | None = None,
    person_ids: Sequence[int] | None = None,
    dry_run: bool = False,
) -> CorrectionsOutcome:
    """Bring the months already run (from `since` on) in line with today's facts.

    Closed months too: the rows go into the month of the books that is open at `at`. Each month of
    each range of people is a transaction of its own, so that payments wait for one of them at most;
    cut short, it is finished by repeating it, which posts nothing twice. `dry_run` counts and posts
    nothing. Errors: NotAllowed.
    """
    require_posting_of(person_ids, actor)
    outcome = CorrectionsOutcome()
    for month in _months(first_day(since) if since is not None else None):
        outcome.months += 1
        for people, params in _batches(person_ids):
            if dry_run:
                with connection.cursor() as cursor:
                    _count(outcome, _found(cursor, month, people, params))
            else:
                _count(outcome, _correct(month, people, params, actor=actor, at=at))
    return outcome


def _months(since: dt.date | None) -> list[dt.date]:
    """The months run, and those called ahead for people who pay their year at once."""
    runs = Run.objects.order_by("month").values_list("month", "state")
    months = [month for month, state in runs if state == Run.State.POSTED]
    if months:
        ahead = Call.objects.filter(month__gt=months[-1], origin=Call.Origin.RUN)
        begun = {month for month, _state in runs}
        found = ahead.order_by("month").values_list("month", flat=True).distinct()
        months += [month for month in found if month not in begun]
    return [month for month in months if since is None or month >= since]


def _correct(
    month: dt.date, people: str, params: dict[str, Any], *, actor: Actor, at: dt.datetime
) -> pa.Table:
    """One month of one range of people, in a transaction of its own: others wait no longer."""
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        found = _found(cursor, month, people, params)
        if not found.num_rows:
            return found
        books = books_month(day_of(at))
        make_partitions([books])
        _post(cursor, found, month, books, day_of(at))
        told = CorrectionsOutcome()
        _count(told, found)
        subject = ActorRecord.objects.get(pk=actor.id)
        write(
            entries.CORRECTIONS_POSTED,
            subject,
            actor=actor,
            at=at,
            more=told.raised,
            less=told.lowered,
        )
    return found


def _batches(person_ids: Sequence[int] | None) -> list[tuple[str, dict[str, Any]]]:
    if person_ids is not None:
        return [("person_id = ANY(%(people)s)", {"people": sorted(person_ids)})]
    people = "person_id BETWEEN %(first)s AND %(last)s"
    with connection.cursor() as cursor:
        ranges = person_ranges(cursor, PERSONS_PER_BATCH)
    return [(people, {"first": first, "last": last}) for first, last in ranges]


def _found(cursor: Any, month: dt.date, people: str, params: dict[str, Any]) -> pa.Table:
    due = liabilities(cursor, month, people, params)
    assessed = assess(due, month)
    stands = called(cursor, month, people, params)
    # Where a fact is missing today nothing is known, so nothing is corrected.
    known = pc.invert(pc.is_in(stands["enrolment_id"], assessed.parked["enrolment_id"]))
    due, stands = assessed.due, stands.filter(known)
    if not Run.objects.filter(month=month).exists():
        due = due.filter(pc.is_in(due["enrolment_id"], stands["enrolment_id"]))
    settled = settled_by_year(cursor, month.year, people, params)
    return corrections(without(due, settled), without(stands, settled))


def _count(outcome: CorrectionsOutcome, found: pa.Table) -> None:
    difference = found["difference"].to_numpy()
    more, less = difference[difference > 0], difference[difference < 0]
    outcome.raised += more.size
    outcome.raised_centimes += int(more.sum())
    outcome.lowered += less.size
    outcome.lowered_centimes -= int(less.sum())


def _post(cursor: Any, found: pa.Table, month: dt.date, books: dt.date, day: dt.date) -> None:
    cursor.execute(
        f"CREATE TEMPORARY TABLE {_NOW} (enrolment_id bigint, person_id bigint, category text,"
        " difference bigint, region_code text) ON COMMIT DROP"
    )
    copy_in(cursor, _NOW, found)
    params = {"month": month, "books": books, "day": day}
    _raise(cursor, params)
    take_back(cursor, _TOO_MUCH, "-n.difference", "correction", params)
    cursor.execute(f"DROP TABLE {_NOW}")
    people = pc.unique(found["person_id"]).to_pylist()
    settle_people(cursor, people, day=day, books_month=books)
    touch_persons(people)


def _raise(cursor: Any, params: dict[str, Any]) -> None:
    # The due day is that of the month adjusted; nobody is late for what was not asked for yet, so
    # that of a month gone by is the one of the month it is posted in.
    months = (params["month"], params["books"])
    dues = ", ".join(
        f"('{kind.key}', '{max(qafila_law.due_date(one, kind) for one in months)}'::date)"
        for kind in qafila_law.Category
    )
    cursor.execute(
        f"""
        WITH raised AS (
            INSERT INTO contributions_call (enrolment_id, person_id, month, sequence, category,
                amount_centimes, due_on, origin, region_code)
            SELECT n.enrolment_id, n.person_id, %(month)s, coalesce(1 + (
                       SELECT max(c.sequence) FROM contributions_call c
                       WHERE c.enrolment_id = n.enrolment_id AND c.month = %(month)s), 0),
                   n.category, n.difference, due.on_day, 'adjustment', n.region_code
            FROM {_NOW} n JOIN (VALUES {dues}) due (category, on_day) USING (category)
            WHERE n.difference > 0 ORDER BY n.person_id, n.enrolment_id
            RETURNING enrolment_id, person_id, sequence, amount_centimes, region_code
        )
        INSERT INTO contributions_ledgerline
            (posting, book, person_id, amount_centimes, posted_on, month, region_code)
        SELECT 'call:' || r.enrolment_id || ':' || to_char(%(month)s::date, 'YYYY-MM') || ':'
                   || r.sequence,
               side.book, r.person_id, side.sign * r.amount_centimes, %(day)s, %(books)s,
               r.region_code
        FROM raised r CROSS JOIN (VALUES ('receivable', 1), ('contributions', -1)) side (book, sign)
        """,
        params,
    )


_TOO_MUCH = f"""
FROM contributions_call c JOIN {_NOW} n USING (enrolment_id)
WHERE c.month = %(month)s AND n.difference < 0
"""
