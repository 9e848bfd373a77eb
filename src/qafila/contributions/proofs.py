"""What must always hold between the books and the people they are of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.contributions.ledger.facts import ALLOCATIONS, CALLS, PAYMENTS
from qafila.enrolment import facts as enrolment
from qafila.people.ports import Proof

# An allocation that was undone, and the row that undid it, say nothing any more.
_STANDING = f"""
SELECT a.call_id, a.call_month, a.payment_id, sum(a.amount_centimes) AS centimes
FROM {ALLOCATIONS} a WHERE a.payment_id IS NOT NULL
GROUP BY a.call_id, a.call_month, a.payment_id HAVING sum(a.amount_centimes) <> 0
"""

_BOOKS = f"""
WITH credited AS (
  SELECT call_id, sum(amount_centimes) AS total FROM {ALLOCATIONS} a GROUP BY call_id
), owed AS (
  SELECT c.person_id, sum(c.amount_centimes - coalesce(k.total, 0)) AS total
  FROM {CALLS} c LEFT JOIN credited k ON k.call_id = c.id GROUP BY c.person_id
), resting AS (
  SELECT person_id, sum(unallocated_centimes) AS total FROM {PAYMENTS} p GROUP BY person_id
), books AS (
  SELECT person_id, sum(amount_centimes) FILTER (WHERE book = 'receivable') AS receivable,
    -sum(amount_centimes) FILTER (WHERE book = 'unallocated') AS unallocated
  FROM contributions_ledgerline GROUP BY person_id
)
SELECT person_id, person_id FROM books FULL JOIN owed USING (person_id)
FULL JOIN resting USING (person_id)
WHERE coalesce(books.receivable, 0) <> coalesce(owed.total, 0)
   OR coalesce(books.unallocated, 0) <> coalesce(resting.total, 0)
"""

PROOFS = {
    "call_of_another": Proof(
        _("A call is on another person than its enrolment."),
        _(
            "Open both files: one of them was merged and parted again. Have the books of the two "
            "put right before anything is paid."
        ),
        f"""
        SELECT e.person_id, c.id FROM {CALLS} c JOIN {enrolment.ENROLMENTS} e
          ON e.id = c.enrolment_id WHERE e.person_id <> c.person_id
        """,
    ),
    "money_of_another": Proof(
        _("Money of one person settles a call of another."),
        _("Reverse the payment and record it again for the person who paid."),
        f"""
        SELECT p.person_id, p.id FROM ({_STANDING}) a
        JOIN {CALLS} c ON c.id = a.call_id AND c.month = a.call_month
        JOIN {PAYMENTS} p ON p.id = a.payment_id WHERE p.person_id <> c.person_id
        """,
    ),
    "books_unbalanced": Proof(
        _("The books of a person differ from what was called and paid."),
        _("Pay nothing out on this file; have the books proved and put right."),
        _BOOKS,
    ),
}
"""Code → proof, in the order they are told."""
