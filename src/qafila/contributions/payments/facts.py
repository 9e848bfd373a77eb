"""The SQL relations of receipts noted and of refunds (how to read them: `foundation/facts.py`).

Payments themselves are the ledger's: `contributions.ledger.facts.PAYMENTS`.
"""

from __future__ import annotations

NOTES = """(
  SELECT id, person_id, channel, reference, place, amount_centimes, paid_on, state, noted_at,
    noted_by_id
  FROM contributions_paymentnote
)"""
"""Receipts shown at a counter whose money is still to come. id; person_id; channel, reference and
place of the receipt; amount_centimes; paid_on; state: noted, confirmed or taken_back; noted_at;
noted_by_id: the actor."""

REFUND_MOVEMENTS = """(
  SELECT id, person_id, 'refund' AS kind, amount_centimes, credit_left_on AS on_day
  FROM contributions_refund WHERE credit_left_on IS NOT NULL AND state <> 'cancelled'
  UNION ALL
  SELECT id, person_id, 'refund_returned', -amount_centimes, returned_on
  FROM contributions_refund WHERE state = 'returned'
)"""
"""What refunds do to a person's account. id: the refund; person_id; kind: refund or
refund_returned; amount_centimes: positive when it leaves the person's credit; on_day."""
