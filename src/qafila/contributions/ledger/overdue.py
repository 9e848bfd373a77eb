"""The overdue calls of one person, call by call: what plans cover and what lateness costs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qafila_law.contributions.relief import last_month_erased


@dataclass(frozen=True)
class OverdueCall:
    """A call whose last day has passed, and what is left to pay of it."""

    call_id: int
    month: dt.date
    due_on: dt.date
    category: str
    amount_centimes: int
    rest_centimes: int


# Months that relief under law 41-23 would erase are not asked for while it runs.
NOT_UNDER_RELIEF = """
NOT (c.month <= %(last_erased)s AND EXISTS (
    SELECT FROM contributions_reliefapplication r
    WHERE r.person_id = c.person_id AND r.state = 'running'))
"""
REST = """
c.amount_centimes - coalesce((SELECT sum(a.amount_centimes) FROM contributions_allocation a
                              WHERE a.call_id = c.id AND a.call_month = c.month), 0)
"""

_OF_PERSON = f"""
SELECT c.id, c.month, c.due_on, c.category, c.amount_centimes, ({REST})::bigint
FROM contributions_call c
WHERE c.person_id = %(person)s AND c.settled_on IS NULL AND c.due_on < %(on)s AND {NOT_UNDER_RELIEF}
ORDER BY c.due_on, c.month, c.sequence, c.id
"""


def overdue_calls(cursor: Any, person_id: int, on: dt.date) -> list[OverdueCall]:
    """What is unpaid on this moment's books and was due before `on`, in the order it is settled."""
    params = {"person": person_id, "on": on, "last_erased": last_month_erased()}
    cursor.execute(_OF_PERSON, params)
    return [OverdueCall(*row) for row in cursor.fetchall()]
