"""The balance of a year paid with the tax: its final tax against what was called for it.

Nothing called is changed. More owed becomes one call, the year's balance, due with the month it is
posted in; less takes the difference back from the year's latest calls, and money that had paid them
is freed and placed again. What is posted follows from what stands, so that repeating it, or another
run of it at the same time, posts nothing twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting_of
from qafila.contributions.calls.liabilities import person_ranges
from qafila.contributions.corrections.credits import take_back
from qafila.contributions.corrections.year_assessment import NOW, find_years
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.partitions import make_partitions
from qafila.enrolment.queries import years_with_final_tax
from qafila.foundation.actors import Actor
from qafila.foundation.clock import MOROCCO, day_of
from qafila.foundation.journal import write
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting, touch_persons

PERSONS_PER_BATCH = 50_000


@dataclass
class YearsSettled:
    """Years newly settled, how many owe more and less than was called, and by how much."""

    years: int = 0
    raised: int = 0
    raised_centimes: int = 0
    lowered: int = 0
    lowered_centimes: int = 0


def settle_tax_years(
    *, actor: Actor, at: dt.datetime, person_ids: Sequence[int] | None = None
) -> YearsSettled:
    """Post the balances of all years whose final tax is known, of everyone or of these persons.

    Each year of each range of people is a transaction of its own; cut short, it is finished by
    repeating it. Errors: NotAllowed.
    """
    require_posting_of(person_ids, actor)
    outcome = YearsSettled()
    for year in years_with_final_tax(before=at.astimezone(MOROCCO).year):
        for people, params in _batches(person_ids):
            _settle(year, people, params, outcome, actor=actor, at=at)
    return outcome


def _batches(person_ids: Sequence[int] | None) -> list[tuple[str, dict[str, Any]]]:
    if person_ids is not None:
        return [("person_id = ANY(%(people)s)", {"people": sorted(person_ids)})]
    people = "person_id BETWEEN %(first)s AND %(last)s"
    with connection.cursor() as cursor:
        ranges = person_ranges(cursor, PERSONS_PER_BATCH)
    return [(people, {"first": first, "last": last}) for first, last in ranges]


def _settle(
    year: int,
    people: str,
    params: dict[str, Any],
    outcome: YearsSettled,
    *,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """One year of one range of people, in a transaction of its own."""
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        if find_years(cursor, year, people, params):
            books = books_month(day_of(at))
            make_partitions([books])
            told = _counted(cursor)
            _post(cursor, year, books, day_of(at))
            subject = ActorRecord.objects.get(pk=actor.id)
            write(
                entries.YEARS_SETTLED,
                subject,
                actor=actor,
                at=at,
                year=year,
                more=told.raised,
                less=told.lowered,
            )
            for name in ("years", "raised", "raised_centimes", "lowered", "lowered_centimes"):
                setattr(outcome, name, getattr(outcome, name) + getattr(told, name))
        cursor.execute(f"DROP TABLE {NOW}")


def _counted(cursor: Any) -> YearsSettled:
    cursor.execute(
        f"SELECT count(*), count(*) FILTER (WHERE owed > called),"
        f" coalesce(sum(owed - called) FILTER (WHERE owed > called), 0)::bigint,"
        f" count(*) FILTER (WHERE owed < called),"
        f" coalesce(sum(called - owed) FILTER (WHERE owed < called), 0)::bigint FROM {NOW}"
    )
    return YearsSettled(*cursor.fetchone())


def _post(cursor: Any, year: int, books: dt.date, day: dt.date) -> None:
    params = {"year": year, "books": books, "day": day}
    dues = ", ".join(
        f"('{kind.key}', '{qafila_law.due_date(books, kind)}'::date)"
        for kind in qafila_law.Category
    )
    cursor.execute(_KEEP.format(dues=dues), params)
    cursor.execute(_RAISE.format(dues=dues), params)
    take_back(cursor, _TOO_MUCH, "n.called - n.owed", "balance", params)
    cursor.execute(f"SELECT DISTINCT person_id FROM {NOW} ORDER BY person_id")
    people = [person for (person,) in cursor.fetchall()]
    settle_people(cursor, people, day=day, books_month=books)
    touch_persons(people)


_KEEP = f"""
INSERT INTO contributions_yearbalance (enrolment_id, year, sequence, final_tax_dh, months,
    owed_centimes, called_centimes, balance_centimes, posted_on, due_on)
SELECT n.enrolment_id, n.year, coalesce(1 + (
           SELECT max(b.sequence) FROM contributions_yearbalance b
           WHERE b.enrolment_id = n.enrolment_id AND b.year = n.year), 0),
       n.final_tax_dh, n.months, n.owed, n.called, n.owed - n.called, %(day)s, due.on_day
FROM {NOW} n JOIN (VALUES {{dues}}) due (category, on_day) USING (category)
ORDER BY n.enrolment_id
"""

# The last month worked was run: its own call, or what stands for it, is there already.
_RAISE = f"""
WITH raised AS (
    INSERT INTO contributions_call (enrolment_id, person_id, month, sequence, category,
        amount_centimes, due_on, origin, region_code)
    SELECT n.enrolment_id, n.person_id, n.last_month, greatest(1, coalesce(1 + (
               SELECT max(c.sequence) FROM contributions_call c
               WHERE c.enrolment_id = n.enrolment_id AND c.month = n.last_month), 0)),
           n.category, n.owed - n.called, due.on_day, 'balance', n.region_code
    FROM {NOW} n JOIN (VALUES {{dues}}) due (category, on_day) USING (category)
    WHERE n.owed > n.called ORDER BY n.person_id, n.enrolment_id
    RETURNING enrolment_id, person_id, month, sequence, amount_centimes, region_code
)
INSERT INTO contributions_ledgerline
    (posting, book, person_id, amount_centimes, posted_on, month, region_code)
SELECT 'call:' || r.enrolment_id || ':' || to_char(r.month, 'YYYY-MM') || ':' || r.sequence,
       side.book, r.person_id, side.sign * r.amount_centimes, %(day)s, %(books)s, r.region_code
FROM raised r CROSS JOIN (VALUES ('receivable', 1), ('contributions', -1)) side (book, sign)
"""


_TOO_MUCH = f"""
FROM contributions_call c JOIN {NOW} n USING (enrolment_id)
WHERE c.month BETWEEN make_date(%(year)s, 1, 1) AND make_date(%(year)s, 12, 1)
  AND n.owed < n.called
"""
