"""The searches behind the work queue: each finds (person_id, enrolment_id, month, details) rows.

Searches only point; what is done about a finding is decided by a person (`work_queue.KINDS`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from qafila.contributions.arrears import facts as arrears
from qafila.contributions.calls import facts as calls
from qafila.contributions.calls.assessment import single_highest_applies
from qafila.contributions.corrections.year_assessment import waiting_years
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.payments import facts as payments
from qafila.enrolment import facts as enrolment
from qafila.people import facts as people_facts
from qafila.register import facts as register_facts

# From how many calls without any payment someone is visited; the programme may change it.
CALLS_NEVER_PAID = 3
# The same sum twice within these days is worth a question; money unused for these months too.
DAYS_APART = 3
MONTHS_WAITING = 3
# A receipt whose money no file brought within these days is asked after.
DAYS_NOTED = 30

_TWO_ACTIVITIES = f"""
SELECT person_id, max(enrolment_id), max(month), jsonb_build_object('months', count(*))
FROM (
    SELECT person_id, month, max(enrolment_id) AS enrolment_id FROM {ledger.STANDING_CALLS} c
    WHERE month = ANY(%(single_months)s)
    GROUP BY person_id, month HAVING count(DISTINCT enrolment_id) > 1
) twice GROUP BY person_id
"""

# Spouses known as such, or a woman and a man of one household; both enrolled, in the same trade.
_SPOUSES = f"""
WITH pairs AS (
    SELECT d.insured_id AS one, d.person_id AS other FROM {enrolment.DEPENDANTS} d
    WHERE d.relation = 'spouse' AND d.person_id IS NOT NULL
    UNION
    SELECT f.id, m.id
    FROM {people_facts.ACTIVE_PERSONS} f JOIN {people_facts.ACTIVE_PERSONS} m USING (household_id)
    WHERE f.sex = 'F' AND m.sex = 'M'
)
SELECT least(one, other), NULL::bigint, NULL::date,
       jsonb_build_object('other_person', greatest(one, other), 'trade', min(a.trade_id))
FROM pairs
JOIN {register_facts.ACTIVE_ENTRIES} a ON a.person_id = one
JOIN {register_facts.ACTIVE_ENTRIES} b ON b.person_id = other AND b.trade_id = a.trade_id
WHERE EXISTS (SELECT FROM {enrolment.ENROLMENTS} e
              WHERE e.person_id = one AND e.state = 'enrolled')
  AND EXISTS (SELECT FROM {enrolment.ENROLMENTS} e
              WHERE e.person_id = other AND e.state = 'enrolled')
GROUP BY least(one, other), greatest(one, other)
"""

_AFTER_CESSATION = f"""
SELECT c.person_id, c.enrolment_id, min(c.month), jsonb_build_object('months', count(*))
FROM {ledger.STANDING_CALLS} c JOIN {enrolment.ENROLMENTS} e ON e.id = c.enrolment_id
WHERE e.state = 'closed' AND c.month >= e.closed_on
GROUP BY c.person_id, c.enrolment_id
"""

_NEVER_PAID = f"""
SELECT c.person_id, c.enrolment_id, min(c.month), jsonb_build_object('months', count(*))
FROM {ledger.STANDING_CALLS} c JOIN {enrolment.ENROLMENTS} e ON e.id = c.enrolment_id
WHERE e.state = 'enrolled' AND c.month <= %(at)s::date
  AND NOT EXISTS (SELECT FROM {ledger.GOOD_PAYMENTS} p WHERE p.person_id = c.person_id)
  AND NOT (e.reported_on IS NOT NULL AND e.months_unpaid_reported = 0)
GROUP BY c.person_id, c.enrolment_id HAVING count(*) >= %(never_paid)s
"""

# The latest plan was not kept, and something it covered is still unpaid.
_PLAN_BROKEN = f"""
SELECT p.person_id, NULL::bigint, NULL::date, jsonb_build_object('plan', p.id)
FROM {arrears.PLANS} p
WHERE p.state = 'broken'
  AND NOT EXISTS (SELECT FROM {arrears.PLANS} later
                  WHERE later.person_id = p.person_id AND later.id > p.id)
  AND EXISTS (SELECT FROM {arrears.PLANNED_CALLS} k JOIN {ledger.CALLS} c
                ON c.id = k.call_id AND c.month = k.call_month
              WHERE k.plan_id = p.id AND c.settled_on IS NULL)
"""

# Two payments of one sum within days of each other, and the later one found nothing to settle.
_PAID_TWICE = f"""
SELECT later.person_id, NULL::bigint, NULL::date, jsonb_build_object('payment', max(later.id))
FROM {ledger.PAYMENTS} later JOIN {ledger.GOOD_PAYMENTS} first
  ON first.person_id = later.person_id AND first.amount_centimes = later.amount_centimes
 AND first.id <> later.id
 AND first.paid_on BETWEEN later.paid_on - %(days_apart)s AND later.paid_on
 AND (first.paid_on, first.id) < (later.paid_on, later.id)
WHERE later.unallocated_centimes = later.amount_centimes
GROUP BY later.person_id
"""

# Money that waits for a call, and none came since: the person has left, or was never enrolled.
_PAID_WITHOUT_CALL = f"""
SELECT p.person_id, NULL::bigint, NULL::date,
       jsonb_build_object('centimes', sum(p.unallocated_centimes))
FROM {ledger.PAYMENTS} p
WHERE p.unallocated_centimes > 0
  AND p.paid_on < %(at)s::date - make_interval(months => %(months_waiting)s)
  AND NOT EXISTS (SELECT FROM {ledger.CALLS} c
                  WHERE c.person_id = p.person_id AND c.month > p.paid_on)
GROUP BY p.person_id
"""

# The final tax is known, but a month was not called here, beside another activity, or erased.
_YEAR_UNSETTLED = waiting_years()

# A receipt was shown, and no file brought the money since.
_NOTE_UNCONFIRMED = f"""
SELECT n.person_id, NULL::bigint, NULL::date, jsonb_build_object('note', min(n.id))
FROM {payments.NOTES} n
WHERE n.state = 'noted' AND n.noted_at < %(at)s - make_interval(days => %(note_days)s)
GROUP BY n.person_id
"""

SEARCHES: dict[str, str] = {
    "two_activities_billed": _TWO_ACTIVITIES,
    "spouses_one_craft": _SPOUSES,
    "called_after_cessation": _AFTER_CESSATION,
    "never_paid": _NEVER_PAID,
    "plan_broken": _PLAN_BROKEN,
    "paid_twice": _PAID_TWICE,
    "paid_without_call": _PAID_WITHOUT_CALL,
    "year_unsettled": _YEAR_UNSETTLED,
    "note_unconfirmed": _NOTE_UNCONFIRMED,
}

# One statement per kind: what is found is opened, what is open and no longer found has gone.
_EXCHANGE = f"""
WITH found (person_id, enrolment_id, month, details) AS MATERIALIZED ({{search}}), gone AS (
    UPDATE contributions_workitem w SET state = 'gone', ended_at = %(at)s
    WHERE w.kind = %(kind)s AND w.state = 'open' AND NOT EXISTS (
        SELECT FROM found f WHERE f.person_id = w.person_id
        AND f.enrolment_id IS NOT DISTINCT FROM w.enrolment_id)
    RETURNING 1
), opened AS (
    INSERT INTO contributions_workitem
        (kind, person_id, enrolment_id, month, details, state, found_at, outcome, region_code)
    SELECT %(kind)s, f.person_id, f.enrolment_id, f.month, f.details, 'open', %(at)s, '',
           p.region_code
    FROM found f JOIN {people_facts.PERSONS} p ON p.id = f.person_id
    WHERE NOT EXISTS (SELECT FROM contributions_workitem w
                      WHERE w.kind = %(kind)s AND w.person_id = f.person_id AND w.state = 'done'
                        AND w.enrolment_id IS NOT DISTINCT FROM f.enrolment_id
                        AND w.details = f.details)
    ON CONFLICT DO NOTHING RETURNING 1
)
SELECT (SELECT count(*) FROM opened), (SELECT count(*) FROM gone)
"""


def exchange_findings(kind: str, *, at: dt.datetime) -> tuple[int, int]:
    """Search for `kind`, open what is new and end what has gone; how many of each.

    A matter a person ended does not come back while nothing about it has changed.
    """
    params: dict[str, Any] = {
        "kind": kind,
        "at": at,
        "never_paid": CALLS_NEVER_PAID,
        "days_apart": DAYS_APART,
        "months_waiting": MONTHS_WAITING,
        "note_days": DAYS_NOTED,
    }
    params["single_months"] = _months_of_single_contribution()
    with connection.cursor() as cursor:
        cursor.execute(_EXCHANGE.format(search=SEARCHES[kind]), params)
        opened, gone = cursor.fetchone()
    return int(opened), int(gone)


def _months_of_single_contribution() -> list[dt.date]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT month FROM {calls.RUNS} run ORDER BY month")
        months = [month for (month,) in cursor.fetchall()]
    return [month for month in months if single_highest_applies(month)]
