"""The overdue calls of one person, call by call: what plans cover and what lateness costs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qafila.contributions.ledger import facts


@dataclass(frozen=True)
class OverdueCall:
    """A call whose last day has passed, and what is left to pay of it."""

    call_id: int
    month: dt.date
    due_on: dt.date
    category: str
    amount_centimes: int
    rest_centimes: int


_OF_PERSON = f"""
SELECT c.id, c.month, c.due_on, c.category, c.amount_centimes, c.rest_centimes::bigint
FROM {facts.OVERDUE} c WHERE c.person_id = %(person)s
ORDER BY c.due_on, c.month, c.sequence, c.id
"""


def overdue_calls(cursor: Any, person_id: int, on: dt.date) -> list[OverdueCall]:
    """What is unpaid on this moment's books and was due before `on`, in the order it is settled."""
    cursor.execute(_OF_PERSON, {"person": person_id, **facts.overdue_on(on)})
    return [OverdueCall(*row) for row in cursor.fetchall()]
