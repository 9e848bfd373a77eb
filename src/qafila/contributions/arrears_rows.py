"""Deriving who is in arrears: the rows of `PersonArrears` for some people or for everyone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from qafila.contributions.overdue import NOT_UNDER_RELIEF, REST
from qafila_law.relief import last_month_erased

AGES = (1, 3, 6, 12)
"""Months overdue, by which arrears are told: up to one, three, six, twelve months, and more."""

_FOUND = f"""
SELECT c.person_id, sum(c.rest)::bigint AS centimes, count(*) AS calls, min(c.due_on) AS oldest,
       (max(ARRAY[c.due_on::text, c.category]))[2] AS category
FROM (
    SELECT c.person_id, c.due_on, c.category, {REST} AS rest
    FROM contributions_call c
    WHERE c.settled_on IS NULL AND c.due_on < %(on)s AND {{people}} AND {NOT_UNDER_RELIEF}
) c GROUP BY c.person_id
"""

# Rows that say the same already are left alone, so that a quiet night writes little.
_EXCHANGE = f"""
WITH found AS MATERIALIZED ({_FOUND}), gone AS (
    DELETE FROM contributions_personarrears c
    WHERE {{people}} AND NOT EXISTS (SELECT FROM found f WHERE f.person_id = c.person_id)
    RETURNING 1
), kept AS (
    INSERT INTO contributions_personarrears AS a
        (person_id, as_of, band, overdue_centimes, overdue_calls, oldest_due_on, category,
         province_code, region_code)
    SELECT f.person_id, %(on)s,
           (SELECT count(*) FROM unnest(%(ages)s::int[]) age
            WHERE f.oldest + make_interval(months => age) < %(on)s),
           f.centimes, f.calls, f.oldest, f.category, coalesce(p.province_id, ''), p.region_code
    FROM found f JOIN people_person p ON p.id = f.person_id
    ON CONFLICT (person_id) DO UPDATE
    SET as_of = excluded.as_of, band = excluded.band,
        overdue_centimes = excluded.overdue_centimes, overdue_calls = excluded.overdue_calls,
        oldest_due_on = excluded.oldest_due_on, category = excluded.category,
        province_code = excluded.province_code, region_code = excluded.region_code
    WHERE (a.band, a.overdue_centimes, a.overdue_calls, a.oldest_due_on, a.category,
           a.province_code, a.region_code)
          IS DISTINCT FROM
          (excluded.band, excluded.overdue_centimes, excluded.overdue_calls,
           excluded.oldest_due_on, excluded.category, excluded.province_code,
           excluded.region_code)
    RETURNING 1
)
SELECT (SELECT count(*) FROM found), (SELECT count(*) FROM kept), (SELECT count(*) FROM gone)
"""


def derive_arrears(
    cursor: Any, on: dt.date, which: str = "true", **params: object
) -> tuple[int, int, int]:
    """Bring the rows of the persons matching `which` (c.person_id …) to what is overdue on `on`.

    Call it inside `acting`. Answers how many are in arrears, rows written and rows removed.
    """
    told = {"on": on, "ages": list(AGES), "last_erased": last_month_erased(), **params}
    cursor.execute(_EXCHANGE.format(people=which), told)
    found, written, removed = cursor.fetchone()
    return int(found), int(written), int(removed)
