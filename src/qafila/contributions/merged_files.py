"""What the books settle when a merge is undone, and how merges treat their rows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.deallocation import undo_allocations
from qafila.contributions.ledger.partitions import make_partitions
from qafila.enrolment import facts as enrolment
from qafila.foundation.clock import day_of
from qafila.foundation.scope import known_by
from qafila.people.ports import KindOfRow

_MONEY = (
    *enrolment.TABLES,
    "contributions_call",
    "contributions_payment",
    "contributions_reliefapplication",
)

KINDS_OF_ROWS = {
    "contributions_payment": KindOfRow(_("payments"), counts="reversed_on IS NULL", beside=_MONEY),
    "contributions_paymentnote": KindOfRow(
        _("receipts recorded"), counts="state = 'noted'", beside=_MONEY
    ),
    "contributions_instalmentplan": KindOfRow(
        _("instalment plans"), counts="state = 'running'", beside=_MONEY
    ),
    "contributions_refund": KindOfRow(
        _("refunds"), counts="state IN ('asked', 'approved', 'paid')", beside=_MONEY
    ),
    "contributions_reliefapplication": KindOfRow(_("requests for relief"), beside=_MONEY),
    "contributions_workitem": KindOfRow(_("matters to look at"), set_by=True),
}


BEHIND_THE_LOCK = ("contributions_call", "contributions_ledgerline")
"""Tables that whole months are written to by those alone who hold the settlement lock."""


@known_by("the merge")
def take_turn() -> None:
    """Wait for one's turn to place money: before any person is locked."""
    with connection.cursor() as cursor:
        lock_settlement(cursor)


@known_by("the merge")
def part_money(kept: int, absorbed: int, at: dt.datetime) -> None:
    """After a merge was undone: each call with its enrolment, each posting with its payer.

    Money of one person that had settled a call of the other is freed, and both are settled again,
    so that the books of each are as if they had never been one.
    """
    pair = {"pair": [kept, absorbed]}
    with connection.cursor() as cursor:
        cursor.execute(_CALLS_FOLLOW, pair)
        cursor.execute(_MATTERS_FOLLOW, pair)
        _free_what_crossed(cursor, [kept, absorbed], at)
        cursor.execute(_LINES_FOLLOW, pair)
        books = books_month(day_of(at))
        make_partitions([books])
        settle_people(cursor, [kept, absorbed], day=day_of(at), books_month=books)


_CALLS_FOLLOW = f"""
UPDATE contributions_call c SET person_id = e.person_id FROM {enrolment.ENROLMENTS} e
WHERE e.id = c.enrolment_id AND c.person_id = ANY(%(pair)s) AND c.person_id <> e.person_id
  AND e.person_id = ANY(%(pair)s)
"""

_MATTERS_FOLLOW = f"""
UPDATE contributions_workitem w SET person_id = e.person_id FROM {enrolment.ENROLMENTS} e
WHERE e.id = w.enrolment_id AND w.person_id = ANY(%(pair)s) AND w.person_id <> e.person_id
  AND e.person_id = ANY(%(pair)s) AND w.state <> 'open'
"""


def _free_what_crossed(cursor: Any, pair: list[int], at: dt.datetime) -> None:
    """Take money of one of the two off the calls of the other, by rows that undo."""
    crossing = (
        "a.source = 'payment' AND EXISTS (SELECT FROM contributions_payment p, contributions_call c"
        " WHERE p.id = a.payment_id AND c.id = a.call_id AND c.month = a.call_month"
        " AND p.person_id = ANY(%s) AND c.person_id = ANY(%s) AND p.person_id <> c.person_id)"
    )
    undone = undo_allocations(cursor, crossing, [pair, pair], day_of(at))
    books = books_month(day_of(at))
    make_partitions([books])
    cursor.execute(
        _FREE, {"undone": [one.allocation_id for one in undone], "day": day_of(at), "books": books}
    )


# Each side in the books of the person it is of: the debt is the caller's, the money the payer's.
_FREE = """
WITH undone AS (
    SELECT id, payment_id, call_id, call_month, -amount_centimes AS freed
    FROM contributions_allocation WHERE id = ANY(%(undone)s)
), returned AS (
    UPDATE contributions_payment p SET unallocated_centimes = unallocated_centimes + x.total
    FROM (SELECT payment_id, sum(freed) AS total FROM undone GROUP BY payment_id) x
    WHERE p.id = x.payment_id
)
INSERT INTO contributions_ledgerline
    (posting, book, person_id, amount_centimes, posted_on, month, region_code)
SELECT 'freed:' || u.id, side.book,
       CASE side.book WHEN 'receivable' THEN c.person_id ELSE p.person_id END,
       side.sign * u.freed, %(day)s, %(books)s, p.region_code
FROM undone u JOIN contributions_payment p ON p.id = u.payment_id
JOIN contributions_call c ON c.id = u.call_id AND c.month = u.call_month
CROSS JOIN (VALUES ('receivable', 1), ('unallocated', -1)) side (book, sign)
"""

# A posting names what it is of: a call's enrolment and month, a payment, or an allocation. The side
# of the debt is of the call's person, the side of the money of the payer.
_LINES_FOLLOW = f"""
WITH line AS MATERIALIZED (
    SELECT l.id, l.month, l.book, l.person_id, split_part(l.posting, ':', 1) AS kind,
           split_part(l.posting, ':', 2)::bigint AS of
    FROM contributions_ledgerline l WHERE l.person_id = ANY(%(pair)s)
), owner AS (
    SELECT line.id, line.month, coalesce(
        CASE WHEN line.kind = 'call'
          THEN (SELECT e.person_id FROM {enrolment.ENROLMENTS} e WHERE e.id = line.of)
        WHEN line.kind IN ('payment', 'reversal')
          THEN (SELECT p.person_id FROM contributions_payment p WHERE p.id = line.of)
        WHEN line.kind LIKE 'refund%%'
          THEN (SELECT r.person_id FROM contributions_refund r WHERE r.id = line.of)
        WHEN line.kind NOT IN ('allocation', 'freed', 'correction', 'balance', 'relief')
          THEN NULL
        WHEN line.book = 'unallocated'
          THEN (SELECT p.person_id FROM contributions_allocation a
                JOIN contributions_payment p ON p.id = a.payment_id WHERE a.id = line.of)
        ELSE (SELECT c.person_id FROM contributions_allocation a
              JOIN contributions_call c ON c.id = a.call_id AND c.month = a.call_month
              WHERE a.id = line.of) END, line.person_id) AS person_id, line.person_id AS now
    FROM line
)
UPDATE contributions_ledgerline l SET person_id = owner.person_id FROM owner
WHERE l.id = owner.id AND l.month = owner.month AND owner.person_id <> owner.now
  AND owner.person_id = ANY(%(pair)s)
"""
