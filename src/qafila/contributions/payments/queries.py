"""Payments of a person, and what each of them settled."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.contributions.ledger import facts as ledger
from qafila.contributions.models.calls_and_ledger import Payment
from qafila.foundation.actors import Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import PersonFile, checked_person, person_in_scope


@dataclass(frozen=True)
class MonthPaid:
    """The part of a payment that went to one month; `settled` when nothing is left of the month."""

    month: dt.date
    centimes: int
    settled: bool


@dataclass(frozen=True)
class PaymentTold:
    """A payment, the months it went to, and what is left over on it for months to come."""

    payment_id: int
    person_id: int
    reference: str
    channel: str
    amount_centimes: int
    unallocated_centimes: int
    paid_on: dt.date
    reversed_on: dt.date | None
    reversal_reason: str
    months: tuple[MonthPaid, ...] = ()


def payments_of(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> list[PaymentTold]:
    """Every payment of a person with its months, the latest first. Two statements.

    NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    payments = Payment.objects.filter(person_id=person_id).order_by("-paid_on", "-pk")
    return payments_told(list(payments))


def get_payment(payment_id: int, *, scope: Scope) -> PaymentTold:
    """One payment with its months. NotFoundInScope where there is none, or outside the scope."""
    payment = Payment.objects.filter(pk=payment_id).first()
    if payment is None:
        raise NotFoundInScope(payment=payment_id)
    person_in_scope(payment.person_id, scope)
    return payments_told([payment])[0]


def payments_told(payments: list[Payment]) -> list[PaymentTold]:
    """Payments already read, each with the months it went to."""
    months: dict[int, list[MonthPaid]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS, [[payment.pk for payment in payments]])
        for payment_id, *facts in cursor.fetchall():
            months.setdefault(payment_id, []).append(MonthPaid(*facts))
    return [
        PaymentTold(
            payment.pk,
            payment.person_id,
            payment.reference,
            payment.channel,
            payment.amount_centimes,
            payment.unallocated_centimes,
            payment.paid_on,
            payment.reversed_on,
            payment.reversal_reason,
            tuple(months.get(payment.pk, ())),
        )
        for payment in payments
    ]


_MONTHS = f"""
SELECT a.payment_id, a.call_month, sum(a.amount_centimes)::bigint,
       bool_and(c.settled_on IS NOT NULL)
FROM {ledger.ALLOCATIONS} a
JOIN {ledger.CALLS} c ON c.id = a.call_id AND c.month = a.call_month
WHERE a.payment_id = ANY(%s)
GROUP BY a.payment_id, a.call_month HAVING sum(a.amount_centimes) > 0
ORDER BY a.payment_id, a.call_month
"""
