"""Which payment a note speaks of: the same person and sum, by the receipt or by the day.

A receipt may be known to the bank under another number, so that the same sum within a few days is
the same payment too; the receipt's own number goes before it. One note, one payment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

# A relay point hands its money on within days; the receipt's number holds for longer.
DAYS_APART, DAYS_BY_RECEIPT = 5, 31

_LOCK = "qafila payment notes"

_MATCH = """
WITH pairs AS (
    SELECT n.id AS note_id, p.id AS payment_id,
           lower(n.reference) = lower(p.reference) AND n.channel = p.channel AS by_receipt,
           abs(n.paid_on - p.paid_on) AS days
    FROM contributions_paymentnote n
    JOIN contributions_payment p
      ON p.person_id = n.person_id AND p.amount_centimes = n.amount_centimes
    WHERE n.state = 'noted' AND n.person_id = ANY(%(people)s) AND p.reversed_on IS NULL
      AND NOT EXISTS (SELECT FROM contributions_paymentnote x WHERE x.payment_id = p.id)
), close AS (
    SELECT note_id, payment_id,
           row_number() OVER (PARTITION BY note_id ORDER BY by_receipt DESC, days, payment_id)
               AS payment_place,
           row_number() OVER (PARTITION BY payment_id ORDER BY by_receipt DESC, days, note_id)
               AS note_place
    FROM pairs
    WHERE days <= CASE WHEN by_receipt THEN %(by_receipt)s ELSE %(apart)s END
)
UPDATE contributions_paymentnote n
SET state = 'confirmed', payment_id = c.payment_id, ended_at = %(at)s
FROM close c WHERE c.note_id = n.id AND c.payment_place = 1 AND c.note_place = 1
"""

# A row whose number nobody has may still be the payment of a receipt we have seen.
_NAME_PAYERS = """
UPDATE {rows} r SET person_id = n.person_id, persons = 1
FROM (
    SELECT lower(reference) AS reference, amount_centimes, min(person_id) AS person_id,
           min(paid_on) AS first_day, max(paid_on) AS last_day
    FROM contributions_paymentnote
    WHERE state = 'noted' AND channel = %(channel)s AND reference <> ''
    GROUP BY lower(reference), amount_centimes HAVING count(DISTINCT person_id) = 1
) n
WHERE r.persons = 0 AND lower(r.reference) = n.reference
  AND r.amount_centimes = n.amount_centimes
  AND r.paid_on BETWEEN n.first_day - %(apart)s AND n.last_day + %(apart)s
"""


def match_notes(cursor: Any, people: Collection[int], *, at: dt.datetime) -> int:
    """Confirm the waiting notes of these people by payments booked; how many were confirmed.

    Whoever notes and whoever books waits here for the other, so that none misses the other.
    """
    cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
    params = {
        "people": sorted(people),
        "at": at,
        "apart": DAYS_APART,
        "by_receipt": DAYS_BY_RECEIPT,
    }
    confirmed = 0
    while True:
        cursor.execute(_MATCH, params)
        if not cursor.rowcount:
            return confirmed
        confirmed += cursor.rowcount


def name_payers_by_notes(cursor: Any, rows: str, channel: str) -> None:
    """Find the payer of rows without a known person among the receipts noted; `rows`: the table."""
    cursor.execute(_NAME_PAYERS.format(rows=rows), {"channel": channel, "apart": DAYS_APART})
