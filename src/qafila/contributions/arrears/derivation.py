"""Deriving who is in arrears: the rows of `PersonArrears` for some people or for everyone.

They are a list of people to call. Whoever died is not on it; what they owed stays on their account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from qafila.contributions.ledger import facts as ledger
from qafila.enrolment import facts as enrolment
from qafila.foundation.locking import lock_derivation, lock_range
from qafila.people import facts as people_facts

_LOCK = "qafila arrears"

AGES = (1, 3, 6, 12)
"""Months overdue, by which arrears are told: up to one, three, six, twelve months, and more."""

_FOUND = f"""
SELECT c.person_id, sum(c.rest_centimes)::bigint AS centimes, count(*) AS calls,
       min(c.due_on) AS oldest, (max(ARRAY[c.due_on::text, c.category]))[2] AS category
FROM {ledger.OVERDUE} c
WHERE {{people}}
  AND NOT EXISTS (SELECT FROM {enrolment.DEATHS} died WHERE died.person_id = c.person_id)
GROUP BY c.person_id
"""

_COLUMNS = (
    "band, overdue_centimes, overdue_calls, oldest_due_on, category, province_code, region_code"
)

# Rows that say the same already are not even locked: a quiet night writes little.
_EXCHANGE = f"""
WITH found AS MATERIALIZED ({_FOUND}), wanted AS MATERIALIZED (
    SELECT f.person_id,
           (SELECT count(*) FROM unnest(%(ages)s::int[]) age
            WHERE f.oldest + make_interval(months => age) < %(on)s) AS band,
           f.centimes AS overdue_centimes, f.calls AS overdue_calls, f.oldest AS oldest_due_on,
           f.category, coalesce(p.province_id, '') AS province_code, p.region_code
    FROM found f JOIN {people_facts.PERSONS} p ON p.id = f.person_id
), gone AS (
    DELETE FROM contributions_personarrears c
    WHERE {{people}} AND NOT EXISTS (SELECT FROM found f WHERE f.person_id = c.person_id)
    RETURNING 1
), kept AS (
    INSERT INTO contributions_personarrears (person_id, as_of, {_COLUMNS})
    SELECT person_id, %(on)s, {_COLUMNS} FROM wanted w
    WHERE NOT EXISTS (SELECT FROM contributions_personarrears a
                      WHERE a.person_id = w.person_id
                        AND (a.band, a.overdue_centimes, a.overdue_calls, a.oldest_due_on,
                             a.category, a.province_code, a.region_code)
                            = (w.band, w.overdue_centimes, w.overdue_calls, w.oldest_due_on,
                               w.category, w.province_code, w.region_code))
    ON CONFLICT (person_id) DO UPDATE
    SET as_of = excluded.as_of, band = excluded.band,
        overdue_centimes = excluded.overdue_centimes, overdue_calls = excluded.overdue_calls,
        oldest_due_on = excluded.oldest_due_on, category = excluded.category,
        province_code = excluded.province_code, region_code = excluded.region_code
    RETURNING 1
)
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM kept), (SELECT count(*) FROM gone)
"""


@dataclass(frozen=True)
class Derived:
    """How many people are in arrears, rows written, rows removed."""

    found: int = 0
    written: int = 0
    removed: int = 0

    def __add__(self, other: Derived) -> Derived:
        return Derived(
            self.found + other.found, self.written + other.written, self.removed + other.removed
        )


def derive_arrears_of(cursor: Any, on: dt.date, person_ids: Collection[int]) -> Derived:
    """Bring the rows of these persons to what is overdue on `on`. Call it inside `acting`."""
    people = sorted(person_ids)
    lock_derivation(cursor, _LOCK, people)
    return _derive(cursor, on, "c.person_id = ANY(%(people)s)", people=people)


def derive_arrears_between(cursor: Any, on: dt.date, first: int, last: int) -> Derived:
    """The same for everyone whose number lies in the range; others are not held up."""
    lock_range(cursor, _LOCK, first, last)
    which = "c.person_id BETWEEN %(first)s AND %(last)s"
    return _derive(cursor, on, which, first=first, last=last)


def _derive(cursor: Any, on: dt.date, which: str, **params: object) -> Derived:
    told = {"ages": list(AGES), **ledger.overdue_on(on), **params}
    cursor.execute(_EXCHANGE.format(people=which), told)
    return Derived(*cursor.fetchone())
