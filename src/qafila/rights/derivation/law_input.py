"""The facts rights rest on, as `qafila_law` wants them: for one person, or for a range in Arrow.

A call that corrections took back whole was never owed. Three facts come from the fund's word
instead of our books. An enrolment without a fund number is no
enrolment yet. A month the fund reported unpaid is an opening call. And where the fund reported
fewer months unpaid than had fallen due, the first ones count as paid, as many as a waiting period
may ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection

import qafila_law
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.ledger.law_facts import law_calls
from qafila.enrolment import facts as enrolment
from qafila.foundation.copying import read_table
from qafila.rights.derivation.entries import Entries, entries_of
from qafila_law.rights.waiting_period import longest_wait

_DAY = pa.date32()
_ENROLMENT_COLUMNS = {"insured": pa.int64(), "first_month": _DAY, "ended_on": _DAY}
_CALL_COLUMNS = {"insured": pa.int64(), "month": _DAY, "due_on": _DAY, "settled_on": _DAY}
_RELIEF_COLUMNS = {"insured": pa.int64(), "first_payment_on": _DAY, "lost_on": _DAY}
_DEATH_COLUMNS = {"insured": pa.int64(), "deceased_on": _DAY}

_ENROLMENTS = f"""
SELECT e.person_id AS insured, e.effective_from AS first_month, e.closed_on AS ended_on
FROM {enrolment.AT_FUND} e WHERE e.{{people}}
ORDER BY e.person_id, e.effective_from, e.id
"""

_RELIEF = f"""
SELECT r.person_id, r.first_payment_on, r.lost_on FROM {ledger.RELIEF} r
WHERE r.first_payment_on IS NOT NULL AND r.{{people}}
"""

_DEATHS = f"""
SELECT d.person_id, min(d.died_on) FROM {enrolment.DEATHS} d WHERE d.{{people}} GROUP BY d.person_id
"""

# The months before the fund's report that it did not count as unpaid were paid, the first ones.
_REPORTED_PAID = f"""
SELECT e.person_id, paid.month, paid.month, paid.month
FROM {enrolment.AT_FUND} e
JOIN (VALUES {{first_months}}) AS first (category, month) ON first.category = e.category
CROSS JOIN LATERAL (
  SELECT (e.effective_from + place * interval '1 month')::date AS month
  FROM generate_series(0, {{longest_wait}} - 1) AS place
  WHERE extract(year FROM age(date_trunc('month', e.reported_on),
                              greatest(e.effective_from, first.month))) * 12
        + extract(month FROM age(date_trunc('month', e.reported_on),
                                 greatest(e.effective_from, first.month)))
        > e.months_unpaid_reported + place) paid
WHERE e.reported_on IS NOT NULL AND e.{{people}}
"""

# Of one person, in one statement; the month the fund counts as paid is its own bounds.
_BESIDES_CALLS = f"""
SELECT kind, first, last FROM (
  SELECT 'enrolment' AS kind, insured, first_month AS first, ended_on AS last
  FROM ({_ENROLMENTS}) enrolments
  UNION ALL SELECT 'relief', person_id, first_payment_on, lost_on FROM ({_RELIEF}) relief
  UNION ALL SELECT 'paid', person_id, month, month
  FROM ({_REPORTED_PAID}) AS paid (person_id, month, due_on, settled_on)
  UNION ALL SELECT 'reported', e.person_id, e.reported_on, e.reported_on
  FROM {enrolment.AT_FUND} e WHERE e.reported_on IS NOT NULL AND e.{{people}}
  UNION ALL SELECT 'death', person_id, died_on, died_on
  FROM ({_DEATHS}) AS deaths (person_id, died_on)
) facts ORDER BY kind, first, last NULLS LAST
"""

# Of the calls paid by their due day only the first payment and the months of a waiting period can
# matter: the rest suspend nothing. What the law makes of it is the law's; that nothing else is lost
# is a property test.
_CALLS_LATE = f"""
SELECT c.person_id, c.month, c.due_on, c.settled_on
FROM {ledger.STANDING_CALLS} c
WHERE c.{{people}} AND (c.settled_on IS NULL OR c.settled_on > c.due_on)
"""

_CALLS_OF_WAITS = f"""
SELECT c.person_id, c.month, c.due_on, c.settled_on
FROM (VALUES {{waits}}) AS wait (entered, month)
JOIN {enrolment.AT_FUND} e ON date_trunc('month', e.effective_from)::date = wait.entered
JOIN {ledger.STANDING_CALLS} c ON c.person_id = e.person_id AND c.month = wait.month
WHERE e.{{people}} AND c.{{people}} AND c.month IN ({{months}}) AND c.settled_on <= c.due_on
"""

_CALLS_PAID = f"""
SELECT c.person_id, c.month, c.due_on, c.settled_on FROM {ledger.STANDING_CALLS} c
WHERE c.person_id = ANY(%(people)s) AND c.settled_on <= c.due_on
"""

# Of no month: it says when something was paid first, and nothing about a month.
_FIRST_PAID = f"""
SELECT c.person_id, DATE '1970-01-01', max(c.due_on), min(c.settled_on)
FROM {ledger.STANDING_CALLS} c WHERE c.person_id = ANY(%(people)s) AND c.settled_on IS NOT NULL
GROUP BY c.person_id
"""


@dataclass(frozen=True)
class FactsTables:
    """Enrolments, calls, relief and deaths of a range of persons; `insured`: the person."""

    enrolments: pa.Table
    calls: pa.Table
    relief: pa.Table
    deaths: pa.Table


def facts_tables(cursor: Any, people: str, params: dict[str, Any]) -> FactsTables:
    """The facts of the persons matching `people`, a condition on the column person_id."""
    names = {"people": people, **_names()}
    enrolments = read_table(cursor, _ENROLMENTS.format(**names), params, _ENROLMENT_COLUMNS)
    entries = entries_of(enrolments)
    parts = [_CALLS_LATE, _REPORTED_PAID]
    if entries.months:
        parts.append(_CALLS_OF_WAITS)
        names |= {"waits": entries.waits_as_values(), "months": entries.months_as_values()}
    calls = read_table(cursor, " UNION ALL ".join(parts).format(**names), params, _CALL_COLUMNS)
    return FactsTables(
        enrolments,
        _with_what_is_lacking(cursor, entries, calls),
        read_table(cursor, _RELIEF.format(**names), params, _RELIEF_COLUMNS),
        read_table(cursor, _DEATHS.format(**names), params, _DEATH_COLUMNS),
    )


def _names() -> dict[str, object]:
    months = ((kind.key, qafila_law.first_month(kind)) for kind in qafila_law.Category)
    return {
        "first_months": ", ".join(f"('{key}', '{month}'::date)" for key, month in months),
        "longest_wait": longest_wait(qafila_law.first_month(qafila_law.Category.CPU)),
    }


def _with_what_is_lacking(cursor: Any, entries: Entries, calls: pa.Table) -> pa.Table:
    """The calls and, for the few who need them, those the law looks at instead.

    Where a month of the waiting period was never called, the next ones called take its place; and
    where nothing of this was paid during the waiting period, the first payment may be another one.
    """
    told = [calls]
    for sql, people in (
        (_CALLS_PAID, entries.lacking_months(calls)),
        (_FIRST_PAID, entries.not_paid_while_waiting(calls)),
    ):
        if people:
            told.append(read_table(cursor, sql, {"people": people}, _CALL_COLUMNS))
    return pa.concat_tables(told)


def facts_of(person_id: int) -> qafila_law.RightsFacts:
    """All facts of one person, every call with its amount and what is paid of it."""
    calls = law_calls(person_id)
    enrolments, relief, deaths, reported = [], [], [], []
    names = {"people": "person_id = %(person)s", **_names()}
    with connection.cursor() as cursor:
        cursor.execute(_BESIDES_CALLS.format(**names), {"person": person_id})
        for kind, first, last in cursor.fetchall():
            if kind == "enrolment":
                enrolments.append(qafila_law.Enrolment(first, last))
            elif kind == "relief":
                relief.append(qafila_law.ReliefCourse(first, last))
            elif kind == "death":
                deaths.append(first)
            elif kind == "reported":
                reported.append(first)
            else:
                calls.append(qafila_law.Call(first, first, 1, 1, first))
    return qafila_law.RightsFacts(
        tuple(enrolments),
        tuple(calls),
        relief[0] if relief else None,
        deaths[0] if deaths else None,
        reported_until=max(reported, default=None),
    )
