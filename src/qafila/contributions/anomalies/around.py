"""What stands around a matter for who mends it: whom to call, and the money it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.contributions.anomalies.searches import DAYS_APART
from qafila.contributions.arrears import facts as arrears
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.payments import facts as payments
from qafila.foundation.actors import Scope
from qafila.people import facts as people_facts


@dataclass(frozen=True)
class MoneyInvolved:
    """A sum of a matter. `what`: payment, note (a receipt shown) or overdue (all that is).

    `on`: the day it was paid, or since when it is due; `payment_id` of a payment.
    """

    what: str
    centimes: int
    on: dt.date
    payment_id: int | None = None
    reference: str = ""


@dataclass(frozen=True)
class Around:
    """The phones of the person and the sums a matter is about, by day."""

    phones: tuple[str, ...] = ()
    money: tuple[MoneyInvolved, ...] = ()


def around_matters(item_ids: Collection[int], *, scope: Scope) -> dict[int, Around]:
    """What stands around each of these matters of the scope. Two statements for all of them."""
    params: dict[str, Any] = {
        "items": sorted(item_ids),
        "days_apart": DAYS_APART,
        "national": scope.national,
        "provinces": sorted(scope.province_codes),
    }
    money: dict[int, list[MoneyInvolved]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MONEY, params)
        for item, *sum_of in cursor.fetchall():
            money.setdefault(item, []).append(MoneyInvolved(*sum_of))
        cursor.execute(_PHONES, params)
        phones = dict(cursor.fetchall())
    return {
        item: Around(tuple(phones[item]), tuple(money.get(item, ()))) for item in sorted(phones)
    }


_WANTED = f"""
wanted AS MATERIALIZED (
    SELECT w.id, w.kind, w.person_id, w.details
    FROM contributions_workitem w JOIN {people_facts.PERSONS} o ON o.id = w.person_id
    WHERE w.id = ANY(%(items)s) AND (%(national)s OR o.province_id = ANY(%(provinces)s))
)
"""
_PHONES = f"""
WITH {_WANTED}
SELECT w.id, ARRAY(SELECT t.number FROM {people_facts.PHONES} t
                   WHERE t.person_id = w.person_id ORDER BY t.number)
FROM wanted w
"""
# Of what was paid twice both payments are shown; of money that waits each payment it is left of.
_MONEY = f"""
WITH {_WANTED}
SELECT w.id, 'payment', p.amount_centimes, p.paid_on, p.id, p.reference
FROM wanted w
JOIN {ledger.PAYMENTS} later ON later.id = (w.details ->> 'payment')::bigint
JOIN {ledger.GOOD_PAYMENTS} p ON p.person_id = later.person_id
 AND p.amount_centimes = later.amount_centimes
 AND p.paid_on BETWEEN later.paid_on - %(days_apart)s AND later.paid_on
WHERE w.kind = 'paid_twice'
UNION ALL
SELECT w.id, 'payment', p.unallocated_centimes, p.paid_on, p.id, p.reference
FROM wanted w JOIN {ledger.PAYMENTS} p ON p.person_id = w.person_id
WHERE w.kind = 'paid_without_call' AND p.unallocated_centimes > 0
UNION ALL
SELECT w.id, 'note', n.amount_centimes, n.paid_on, NULL, n.reference
FROM wanted w JOIN {payments.NOTES} n ON n.person_id = w.person_id AND n.state = 'noted'
WHERE w.kind = 'note_unconfirmed'
UNION ALL
SELECT w.id, 'overdue', a.overdue_centimes, a.oldest_due_on, NULL, ''
FROM wanted w JOIN {arrears.IN_ARREARS} a ON a.person_id = w.person_id
WHERE w.kind IN ('never_paid', 'plan_broken', 'two_activities_billed', 'called_after_cessation')
ORDER BY 1, 4, 5
"""
