"""How the calls of a month that was run differ from those of the month before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.contributions.ledger import facts as ledger
from qafila.contributions.ledger.months import first_day, months_after
from qafila.foundation.actors import Scope
from qafila.people import facts as people_facts

CHANGES = ("same", "new", "gone", "raised", "lowered")


@dataclass(frozen=True)
class CategoryDifferences:
    """One category: how many calls changed in one way, their sums now and in the month before."""

    category: str
    change: str
    calls: int
    centimes_now: int
    centimes_before: int


@dataclass(frozen=True)
class ChangedCall:
    """One enrolment whose call differs: 0 where there was none, or is none."""

    enrolment_id: int
    person_id: int
    name_ar: str
    name_latn: str
    category: str
    change: str
    centimes_now: int
    centimes_before: int


# The month's own calls, without later adjustments: what the run did, not what was mended since.
_COMPARED = f"""
SELECT enrolment_id, coalesce(now.person_id, before.person_id) AS person_id,
       coalesce(now.category, before.category) AS category,
       CASE WHEN before.enrolment_id IS NULL THEN 'new' WHEN now.enrolment_id IS NULL THEN 'gone'
            WHEN now.amount_centimes > before.amount_centimes THEN 'raised'
            WHEN now.amount_centimes < before.amount_centimes THEN 'lowered' ELSE 'same'
       END AS change,
       coalesce(now.amount_centimes, 0) AS centimes_now,
       coalesce(before.amount_centimes, 0) AS centimes_before
FROM (SELECT * FROM {ledger.CALLS} c WHERE month = %(month)s AND sequence = 0) now
FULL JOIN (SELECT * FROM {ledger.CALLS} c WHERE month = %(before)s AND sequence = 0) before
     USING (enrolment_id)
"""

_BY_CATEGORY = f"""
SELECT d.category, d.change, count(*), sum(d.centimes_now)::bigint, sum(d.centimes_before)::bigint
FROM ({_COMPARED}) d
WHERE %(national)s OR EXISTS (SELECT FROM {people_facts.PERSONS} p WHERE p.id = d.person_id
                              AND p.province_id = ANY(%(provinces)s))
GROUP BY d.category, d.change
"""

_CHANGED = f"""
SELECT d.enrolment_id, d.person_id, p.full_name_ar, p.full_name_latn, d.category, d.change,
       d.centimes_now, d.centimes_before
FROM ({_COMPARED}) d JOIN {people_facts.PERSONS} p ON p.id = d.person_id
WHERE d.change = ANY(%(changes)s) AND d.enrolment_id > %(after)s
  AND (%(national)s OR p.province_id = ANY(%(provinces)s))
ORDER BY d.enrolment_id LIMIT %(count)s
"""


def run_differences(month: dt.date, *, scope: Scope) -> list[CategoryDifferences]:
    """What is new, gone, raised, lowered or the same in `month` against the month before.

    By category and change, in that order; every call of both months counts once. Reads both months
    whole: about as long as counting them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_CATEGORY, _params(month, scope))
        found = [CategoryDifferences(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (one.category, CHANGES.index(one.change)))


def changed_calls(
    month: dt.date,
    *,
    scope: Scope,
    change: str | None = None,
    after: int = 0,
    count: int = 50,
) -> list[ChangedCall]:
    """The enrolments behind `run_differences`, by number; those that stayed the same are left out.

    `change` keeps one kind; `after` is the last enrolment seen.
    """
    changes = [change] if change else [one for one in CHANGES if one != "same"]
    params = {**_params(month, scope), "changes": changes, "after": after, "count": count}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, params)
        return [ChangedCall(*row) for row in cursor.fetchall()]


def _params(month: dt.date, scope: Scope) -> dict[str, Any]:
    month = first_day(month)
    return {
        "month": month,
        "before": months_after(month, -1),
        "national": scope.national,
        "provinces": sorted(scope.province_codes),
    }
