"""Taking money off calls again, by rows that undo allocations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from qafila.contributions.models.calls_and_ledger import Call


@dataclass(frozen=True)
class Undone:
    """A row that undoes an allocation, and the sum it gives back."""

    allocation_id: int
    centimes: int


def undo_allocations(cursor: Any, which: str, params: list[object], on: dt.date) -> list[Undone]:
    """Undo the standing allocations `a` matching `which`, by negative rows.

    Their calls are unsettled again. What becomes of the money, and its ledger lines, is the
    caller's.
    """
    cursor.execute(
        f"""
        INSERT INTO contributions_allocation
            (source, payment_id, call_id, call_month, amount_centimes, allocated_on, undoes_id)
        SELECT a.source, a.payment_id, a.call_id, a.call_month, -a.amount_centimes, %s, a.id
        FROM contributions_allocation a
        WHERE {which} AND a.undoes_id IS NULL
          AND NOT EXISTS (SELECT FROM contributions_allocation u WHERE u.undoes_id = a.id)
        ORDER BY a.id RETURNING call_id, id, -amount_centimes
        """,
        [on, *params],
    )
    found = cursor.fetchall()
    Call.objects.filter(pk__in={call for call, _, _ in found}).update(settled_on=None)
    return [Undone(allocation, centimes) for _, allocation, centimes in found]


def free_money_on(cursor: Any, call_ids: list[int], *, day: dt.date, books_month: dt.date) -> int:
    """Take payments off these calls, back to what is left on each payment; the sum freed."""
    which = "a.source = 'payment' AND a.call_id = ANY(%s)"
    undone = undo_allocations(cursor, which, [call_ids], day)
    cursor.execute(
        """
        WITH undone AS (
            SELECT id, payment_id, -amount_centimes AS freed
            FROM contributions_allocation WHERE id = ANY(%(undone)s)
        ), returned AS (
            UPDATE contributions_payment p SET unallocated_centimes = unallocated_centimes + x.total
            FROM (SELECT payment_id, sum(freed) AS total FROM undone GROUP BY payment_id) x
            WHERE p.id = x.payment_id
        )
        INSERT INTO contributions_ledgerline
            (posting, book, person_id, amount_centimes, posted_on, month, region_code)
        SELECT 'freed:' || u.id, side.book, p.person_id, side.sign * u.freed, %(day)s, %(books)s,
               p.region_code
        FROM undone u JOIN contributions_payment p ON p.id = u.payment_id
        CROSS JOIN (VALUES ('receivable', 1), ('unallocated', -1)) side (book, sign)
        """,
        {"undone": [one.allocation_id for one in undone], "day": day, "books": books_month},
    )
    return sum(one.centimes for one in undone)
