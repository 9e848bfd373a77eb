"""What was called from a person and paid, as `qafila_law` wants it."""

from __future__ import annotations

from django.db import connection

import qafila_law
from qafila.contributions.ledger import facts

_CALLS = f"""
SELECT c.month, c.due_on, c.standing_centimes, coalesce(a.paid, 0)::bigint,
       c.settled_on
FROM {facts.STANDING_CALLS} c
LEFT JOIN LATERAL (SELECT sum(x.amount_centimes) AS paid FROM contributions_allocation x
                   WHERE x.call_id = c.id AND x.call_month = c.month
                     AND x.source NOT IN ('correction', 'balance')) a ON true
WHERE c.person_id = %s
ORDER BY c.month, c.sequence, c.id
"""


def law_calls(person_id: int) -> list[qafila_law.Call]:
    """Every call of a person that still stands, with what is paid of it, oldest month first."""
    with connection.cursor() as cursor:
        cursor.execute(_CALLS, [person_id])
        return [qafila_law.Call(*row) for row in cursor.fetchall()]


def law_months(person_id: int) -> list[qafila_law.Call]:
    """One call per month: what several enrolments and adjustments add up to."""
    months: dict[object, qafila_law.Call] = {}
    for call in law_calls(person_id):
        known = months.get(call.month)
        months[call.month] = _together(known, call) if known else call
    return list(months.values())


def _together(one: qafila_law.Call, other: qafila_law.Call) -> qafila_law.Call:
    days = [day for day in (one.paid_on, other.paid_on) if day]
    both_paid = len(days) == 2
    return qafila_law.Call(
        one.month,
        max(one.due_on, other.due_on),
        one.amount_centimes + other.amount_centimes,
        one.paid_centimes + other.paid_centimes,
        max(days) if both_paid else None,
    )
