"""Which call a payment settles.

The order is the law's, by date (`qafila_law.allocation_order`, with its doubt): the oldest due
first; among calls due on one day the earlier month, then the earlier posting; earlier payments
before later ones. Partial settlement is allowed, and what is left over stays on the payment until
the next call. While relief under law 41-23 runs, the months it would erase are left alone.

One SQL statement places the money of any number of people: both sides are laid end to end per
person, and where a payment's stretch overlaps a call's stretch, that much is allocated.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import qafila_law
from qafila.contributions.ledger.facts import asked_for
from qafila_law.contributions.payment_rules import OLDEST_DUE_FIRST
from qafila_law.contributions.relief import last_month_erased

# How each order of the law is written in SQL; an order the law names and we lack is an error.
_ORDERS = {OLDEST_DUE_FIRST: "due_on, month, sequence, id"}

# Of the persons in {people}: lay money and debts end to end, store overlaps, mark what is settled,
# and move each overlap in the ledger from `unallocated` to `receivable`.
_SETTLE = """
WITH money AS MATERIALIZED (
    SELECT id, person_id, paid_on, unallocated_centimes AS rest,
           sum(unallocated_centimes) OVER (PARTITION BY person_id ORDER BY paid_on, id) AS upto
    FROM contributions_payment WHERE unallocated_centimes > 0 AND {people}
), owing AS (
    SELECT c.id, c.month, c.sequence, c.person_id, c.due_on,
           c.amount_centimes - coalesce(a.settled, 0) AS rest, a.latest
    FROM contributions_call c
    LEFT JOIN LATERAL (
        SELECT sum(amount_centimes) AS settled,
               max(allocated_on) FILTER (WHERE standing) AS latest
        FROM (SELECT amount_centimes, allocated_on, undoes_id IS NULL AND NOT EXISTS (
                  SELECT FROM contributions_allocation u WHERE u.undoes_id = x.id) AS standing
              FROM contributions_allocation x
              WHERE x.call_id = c.id AND x.call_month = c.month) every
    ) a ON true
    WHERE c.settled_on IS NULL AND c.person_id IN (SELECT person_id FROM money)
      AND {asked_for}
), owed AS MATERIALIZED (
    SELECT *, sum(rest) OVER (PARTITION BY person_id ORDER BY {order}) AS upto
    FROM owing
), overlap AS MATERIALIZED (
    SELECT m.id AS payment_id, m.paid_on, o.id AS call_id, o.month AS call_month, o.latest,
           least(m.upto, o.upto) - greatest(m.upto - m.rest, o.upto - o.rest) AS share,
           o.upto <= m.upto AS settles
    FROM money m JOIN owed o USING (person_id)
    WHERE least(m.upto, o.upto) > greatest(m.upto - m.rest, o.upto - o.rest)
), placed AS (
    INSERT INTO contributions_allocation
        (source, payment_id, call_id, call_month, amount_centimes, allocated_on)
    SELECT 'payment', payment_id, call_id, call_month, share, paid_on
    FROM overlap ORDER BY payment_id, call_month, call_id
    RETURNING id, payment_id, amount_centimes
), emptied AS (
    UPDATE contributions_payment p SET unallocated_centimes = unallocated_centimes - x.total
    FROM (SELECT payment_id, sum(share) AS total FROM overlap GROUP BY payment_id) x
    WHERE p.id = x.payment_id
), settled AS (
    UPDATE contributions_call c SET settled_on = x.day
    FROM (SELECT call_id, call_month, max(greatest(paid_on, latest)) AS day
          FROM overlap GROUP BY call_id, call_month HAVING bool_or(settles)) x
    WHERE c.id = x.call_id AND c.month = x.call_month
), lines AS (
    INSERT INTO contributions_ledgerline
        (posting, book, person_id, amount_centimes, posted_on, month, region_code)
    SELECT 'allocation:' || placed.id, side.book, p.person_id, side.sign * placed.amount_centimes,
           %(day)s, %(books_month)s, p.region_code
    FROM placed JOIN contributions_payment p ON p.id = placed.payment_id
    CROSS JOIN (VALUES ('unallocated', 1), ('receivable', -1)) AS side (book, sign)
)
SELECT count(*), coalesce(sum(amount_centimes), 0) FROM placed
"""

_LOCK = "qafila contributions settlement"


def lock_settlement(cursor: Any, *, shared: bool = False) -> None:
    """Wait for one's turn to place money, until the end of the transaction.

    The parts of a run, which never share a person, hold it `shared`; everything else alone.
    """
    form = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    cursor.execute(f"SELECT {form}(hashtext(%s))", [_LOCK])


def settle_range(
    cursor: Any, first_person: int, last_person: int, *, day: dt.date, books_month: dt.date
) -> int:
    """Place the money left over by persons of an id range; the sum placed, in centimes."""
    people = "person_id BETWEEN %(first)s AND %(last)s"
    return _settle(cursor, people, day, books_month, first=first_person, last=last_person)


def settle_people(cursor: Any, person_ids: list[int], *, day: dt.date, books_month: dt.date) -> int:
    """Place the money left over by `person_ids`; the sum placed, in centimes."""
    return _settle(cursor, "person_id = ANY(%(people)s)", day, books_month, people=person_ids)


def settle_listed(cursor: Any, table: str, *, day: dt.date, books_month: dt.date) -> int:
    """Place the money left over by the persons of the temporary `table` (column person_id)."""
    return _settle(cursor, f"person_id IN (SELECT person_id FROM {table})", day, books_month)


def _settle(
    cursor: Any, condition: str, day: dt.date, books_month: dt.date, **params: object
) -> int:
    told = {"day": day, "books_month": books_month, "last_erased": last_month_erased()}
    order = _ORDERS[qafila_law.allocation_order(day)]
    statement = _SETTLE.format(people=condition, order=order, asked_for=asked_for("c"))
    cursor.execute(statement, {**told, **params})
    _, total = cursor.fetchone()
    return int(total)
