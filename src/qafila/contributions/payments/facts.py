"""The SQL relations of receipts noted (how to read them: `foundation/facts.py`).

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
