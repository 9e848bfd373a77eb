"""What is overdue: by age, by person, and call by call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.foundation.actors import Scope

# Months overdue, by which arrears are told: up to one, three, six, twelve months, and more.
AGES = (1, 3, 6, 12)


@dataclass(frozen=True)
class ArrearsBand:
    """Overdue calls of one age: more than `from_months` and at most `to_months` (None: no end)."""

    from_months: int
    to_months: int | None
    persons: int
    calls: int
    centimes: int


def arrears_ageing(on: dt.date, *, scope: Scope) -> list[ArrearsBand]:
    """What is overdue on `on` in the scope, by how many months ago it was due."""
    with connection.cursor() as cursor:
        cursor.execute(
            _AGEING,
            {
                "on": on,
                "ages": list(AGES),
                "national": scope.national,
                "provinces": sorted(scope.province_codes),
            },
        )
        found = {band: rest for band, *rest in cursor.fetchall()}
    bounds = [0, *AGES, None]
    return [
        ArrearsBand(bounds[place] or 0, bounds[place + 1], *found.get(place, (0, 0, 0)))
        for place in range(len(AGES) + 1)
    ]


_AGEING = """
SELECT cardinality(array(SELECT a FROM unnest(%(ages)s::int[]) a
                         WHERE due_on + make_interval(months => a) < %(on)s)) AS band,
       count(DISTINCT person_id), count(*), sum(rest)
FROM (
    SELECT c.person_id, c.due_on, c.amount_centimes - coalesce((
               SELECT sum(a.amount_centimes) FROM contributions_allocation a
               WHERE a.call_id = c.id AND a.call_month = c.month), 0) AS rest
    FROM contributions_call c JOIN people_person p ON p.id = c.person_id
    WHERE c.settled_on IS NULL AND c.due_on < %(on)s
      AND (%(national)s OR p.province_id = ANY(%(provinces)s))
) overdue GROUP BY band
"""
