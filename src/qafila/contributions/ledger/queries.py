"""What must always hold of the books: every posting adds up to zero, derived columns agree."""

from __future__ import annotations

from django.db import connection
from django.db.models import Sum

from qafila.contributions.models.calls_and_ledger import LedgerLine
from qafila.foundation.scope import reference_data


@reference_data
def ledger_imbalance() -> list[tuple[str, int]]:
    """Postings whose lines do not add up to zero, with what they are off by. Always empty."""
    sums = LedgerLine.objects.values("posting").annotate(total=Sum("amount_centimes"))
    return list(sums.exclude(total=0).order_by("posting").values_list("posting", "total"))


@reference_data
def settlement_disagreements() -> list[str]:
    """Where derived columns differ from the rows they come from, as sentences. Always empty.

    Checked: what is left on each payment, which calls are settled, and both against the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DISAGREEMENTS)
        return [f"{what} {key}: {found} instead of {wanted}" for what, key, found, wanted in cursor]


_DISAGREEMENTS = """
WITH placed AS (
    SELECT payment_id, sum(amount_centimes) AS total FROM contributions_allocation
    WHERE payment_id IS NOT NULL GROUP BY payment_id
), refunded AS (
    SELECT payment_id, sum(amount_centimes) AS total FROM contributions_refundpart
    GROUP BY payment_id
), credited AS (
    SELECT call_id, sum(amount_centimes) AS total FROM contributions_allocation GROUP BY call_id
), books AS (
    SELECT person_id,
           sum(amount_centimes) FILTER (WHERE book = 'receivable') AS receivable,
           -sum(amount_centimes) FILTER (WHERE book = 'unallocated') AS unallocated
    FROM contributions_ledgerline GROUP BY person_id
), owed AS (
    SELECT c.person_id, sum(c.amount_centimes - coalesce(a.total, 0)) AS total
    FROM contributions_call c LEFT JOIN credited a ON a.call_id = c.id GROUP BY c.person_id
), resting AS (
    SELECT person_id, sum(unallocated_centimes) AS total FROM contributions_payment
    GROUP BY person_id
)
SELECT 'rest of payment', p.id, p.unallocated_centimes,
       CASE WHEN p.reversed_on IS NULL
            THEN p.amount_centimes - coalesce(a.total, 0) - coalesce(r.total, 0) ELSE 0 END
FROM contributions_payment p LEFT JOIN placed a ON a.payment_id = p.id
LEFT JOIN refunded r ON r.payment_id = p.id
WHERE p.unallocated_centimes <>
      CASE WHEN p.reversed_on IS NULL
           THEN p.amount_centimes - coalesce(a.total, 0) - coalesce(r.total, 0) ELSE 0 END
UNION ALL
SELECT 'settled call', c.id, (c.settled_on IS NOT NULL)::int,
       (coalesce(a.total, 0) >= c.amount_centimes)::int
FROM contributions_call c LEFT JOIN credited a ON a.call_id = c.id
WHERE (c.settled_on IS NOT NULL) <> (coalesce(a.total, 0) >= c.amount_centimes)
   OR coalesce(a.total, 0) NOT BETWEEN 0 AND c.amount_centimes
UNION ALL
SELECT 'corrected of call', c.id, c.corrected_centimes, coalesce(a.total, 0)
FROM contributions_call c LEFT JOIN (
    SELECT call_id, sum(amount_centimes) AS total FROM contributions_allocation
    WHERE source IN ('correction', 'balance') GROUP BY call_id) a ON a.call_id = c.id
WHERE c.corrected_centimes <> coalesce(a.total, 0)
UNION ALL
SELECT 'receivable of person', person_id, coalesce(b.receivable, 0), coalesce(o.total, 0)
FROM books b FULL JOIN owed o USING (person_id)
WHERE coalesce(b.receivable, 0) <> coalesce(o.total, 0)
UNION ALL
SELECT 'refund due of person', person_id, coalesce(d.due, 0), coalesce(w.total, 0)
FROM (SELECT person_id, -sum(amount_centimes) AS due FROM contributions_ledgerline
      WHERE book = 'refund_due' GROUP BY person_id) d
FULL JOIN (SELECT person_id, sum(amount_centimes) AS total FROM contributions_refund
           WHERE state = 'approved' GROUP BY person_id) w USING (person_id)
WHERE coalesce(d.due, 0) <> coalesce(w.total, 0)
UNION ALL
SELECT 'unallocated of person', person_id, coalesce(b.unallocated, 0), coalesce(r.total, 0)
FROM books b FULL JOIN resting r USING (person_id)
WHERE coalesce(b.unallocated, 0) <> coalesce(r.total, 0)
"""
