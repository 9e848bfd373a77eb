"""A person's account: what was called and paid, the running balance, and the law's steps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Case, Q, When
from django.db.models.expressions import RawSQL

import qafila_law
from qafila.contributions.corrections.queries import YearTold, at_once, settled_years
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.ledger.facts import asked_for, rest_of
from qafila.contributions.ledger.overdue import OverdueCall
from qafila.contributions.models.calls_and_ledger import (
    Call,
    Payment,
)
from qafila.contributions.payments import facts as payment_facts
from qafila.contributions.payments.note_queries import NoteTold
from qafila.enrolment.tax_years import TAXED
from qafila.foundation import facts as foundation_facts
from qafila.foundation.actors import Scope
from qafila.people.access import PersonFile, checked_person
from qafila_law.contributions.relief import last_month_erased


@dataclass(frozen=True)
class StatementLine:
    """One thing that changed what a person owes; `balance_centimes` is what is owed after it.

    `kind`: call, year (called at once), opening, adjustment, balance (of a year), payment,
    reversal, correction, relief, refund or refund_returned. `amount_centimes` is positive when it
    adds to what is owed. `steps` are the law's for a call, empty otherwise. `payment_id` is the
    payment made or taken back; `year` the year a balance settles.
    """

    day: dt.date
    kind: str
    month: dt.date | None
    amount_centimes: int
    balance_centimes: int
    reference: str = ""
    due_on: dt.date | None = None
    settled_on: dt.date | None = None
    steps: tuple[qafila_law.Step, ...] = ()
    payment_id: int | None = None
    year: YearTold | None = None


@dataclass(frozen=True)
class Statement:
    """A person's account: lines from oldest to newest, what is owed and what is left over.

    `unpaid`: the calls open on the books, without the months that relief under way would erase.
    `notes`: payments noted from receipts that wait for the money; they count for nothing here.
    """

    person_id: int
    lines: tuple[StatementLine, ...]
    owed_centimes: int
    overdue_from: dt.date | None
    unallocated_centimes: int
    open_calls: int = 0
    unpaid: tuple[OverdueCall, ...] = ()
    years: tuple[YearTold, ...] = ()
    pays_with_tax: bool = False
    notes: tuple[NoteTold, ...] = ()

    def overdue_on(self, on: dt.date) -> list[OverdueCall]:
        """Of the unpaid calls those whose last day was before `on`, as `overdue_of` tells them."""
        return [call for call in self.unpaid if call.due_on < on]

    @property
    def has_months_of_relief(self) -> bool:
        """Whether anything was called for months that law 41-23 speaks of."""
        last = last_month_erased()
        return any(line.month is not None and line.month <= last for line in self.lines)

    @property
    def owed_dh(self) -> Decimal:
        """What is owed, less what is left over on payments, in dirhams."""
        return Decimal(self.owed_centimes) / 100


@dataclass
class _Movement:
    day: dt.date
    order: int
    kind: str
    amount: int
    month: dt.date | None = None
    reference: str = ""
    call: Call | None = field(default=None)
    payment: int | None = None
    year: YearTold | None = None


def statement_of(person_id: int, *, scope: Scope, person: PersonFile | None = None) -> Statement:
    """Everything called from and paid by a person, with the running balance and the law's steps.

    Three statements when `person` was loaded already. NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    return account_from(person_id, payments_by(person_id))


def payments_by(person_id: int) -> list[Payment]:
    """The payments of a person, oldest first."""
    return list(Payment.objects.filter(person_id=person_id).order_by("paid_on", "pk"))


def account_from(person_id: int, payments: list[Payment]) -> Statement:
    """The account from payments already read; whoever asks has checked who may see it."""
    calls = _calls_of(person_id)
    credits, notes = _credits_and_notes(person_id)
    movements = [*_called(calls), *_paid(payments), *credits]
    # Asked for only of those who pay with the tax; a balance has its own line, not its parts.
    taxed = any(call.category in TAXED for call in calls)
    years = settled_years(person_id) if taxed else []
    movements += [
        _Movement(one.posted_on, 0, "balance", one.balance_centimes, year=one)
        for one in years
        if one.balance_centimes
    ]
    movements.sort(key=lambda movement: (movement.day, movement.order))
    lines, balance = [], 0
    for movement in movements:
        balance += movement.amount
        lines.append(_line(movement, balance))
    still_open = [call for call in calls if call.settled_on is None]
    return Statement(
        person_id=person_id,
        lines=tuple(lines),
        owed_centimes=balance,
        overdue_from=min((call.due_on for call in still_open), default=None),
        unallocated_centimes=sum(payment.unallocated_centimes for payment in payments),
        open_calls=len(still_open),
        unpaid=tuple(_unpaid(still_open)),
        years=tuple(years),
        pays_with_tax=taxed,
        notes=tuple(notes),
    )


def _calls_of(person_id: int) -> list[Any]:
    """The calls with their enrolment; open ones with what is left, and whether it is asked for."""
    table, erased = Call._meta.db_table, [last_month_erased()]
    rest, is_asked = f"{rest_of(table)}::bigint", asked_for(table, last_erased="%s")
    left = RawSQL(rest, [], BigIntegerField())  # noqa: S611  constant text
    asked = RawSQL(is_asked, erased, BooleanField())  # noqa: S611  constant text
    is_open = Q(settled_on=None)
    return list(
        Call.objects.filter(person_id=person_id)
        .select_related("enrolment")
        .annotate(left=Case(When(is_open, then=left), default=0), asked_for=asked)
        .order_by("month", "sequence", "pk")
    )


def _unpaid(calls: list[Any]) -> list[OverdueCall]:
    asked = [call for call in calls if call.asked_for]
    return [
        OverdueCall(
            call.pk, call.month, call.due_on, call.category, call.amount_centimes, call.left
        )
        for call in sorted(asked, key=lambda c: (c.due_on, c.month, c.sequence, c.pk))
    ]


_KINDS: dict[str, str] = {Call.Origin.RUN: "call", Call.Origin.OPENING: "opening"}


def _called(calls: list[Call]) -> list[_Movement]:
    years = at_once(calls)
    within = {call.pk for group in years.values() for call in group[1:]}
    shown = [c for c in calls if c.pk not in within and c.origin != Call.Origin.BALANCE]
    return [_as_called(call, years.get(call.pk, [call])) for call in shown]


def _as_called(call: Call, group: list[Call]) -> _Movement:
    """A call, or all calls of a year called at once, as one movement of its first month."""
    kind = "year" if len(group) > 1 else _KINDS.get(call.origin, "adjustment")
    total = sum(one.amount_centimes for one in group)
    return _Movement(call.month, 0, kind, total, call.month, call=call)


def _paid(payments: list[Payment]) -> list[_Movement]:
    paid = [
        _Movement(
            payment.paid_on,
            1,
            "payment",
            -payment.amount_centimes,
            reference=payment.reference,
            payment=payment.pk,
        )
        for payment in payments
    ]
    reversed_ = [
        _Movement(
            payment.reversed_on,
            2,
            "reversal",
            payment.amount_centimes,
            reference=payment.reference,
            payment=payment.pk,
        )
        for payment in payments
        if payment.reversed_on
    ]
    return paid + reversed_


# What else than payments settles calls, and the notes of payments to come: in one statement.
_CREDITS_AND_NOTES = f"""
SELECT a.id, a.source, a.amount_centimes, a.allocated_on, a.call_month, NULL::text, NULL::text,
       NULL::timestamptz, NULL::text
FROM {ledger.ALLOCATIONS} a
JOIN {ledger.CALLS} c ON c.id = a.call_id AND c.month = a.call_month
WHERE c.person_id = %(person)s AND a.source NOT IN ('payment', 'balance')
UNION ALL
SELECT f.id, f.kind, -f.amount_centimes, f.on_day, date_trunc('month', f.on_day)::date, NULL, NULL,
       NULL, NULL
FROM {payment_facts.REFUND_MOVEMENTS} f WHERE f.person_id = %(person)s
UNION ALL
SELECT n.id, n.channel, n.amount_centimes, n.paid_on, NULL, n.reference, n.place, n.noted_at, r.name
FROM {payment_facts.NOTES} n JOIN {foundation_facts.ACTORS} r ON r.id = n.noted_by_id
WHERE n.person_id = %(person)s AND n.state = 'noted'
ORDER BY 5 NULLS FIRST, 1
"""


_REFUNDS = ("refund", "refund_returned")


def _credits_and_notes(person_id: int) -> tuple[list[_Movement], list[NoteTold]]:
    with connection.cursor() as cursor:
        cursor.execute(_CREDITS_AND_NOTES, {"person": person_id})
        rows = cursor.fetchall()
    credits = [
        _Movement(day, 3, source, -amount, None if source in _REFUNDS else month)
        for _, source, amount, day, month, *_note in rows
        if month
    ]
    notes = [
        NoteTold(
            pk, person_id, "", "", channel, reference, place, amount, day, "noted", at, who, None
        )
        for pk, channel, amount, day, month, reference, place, at, who in rows
        if not month
    ]
    return credits, notes


def _line(movement: _Movement, balance: int) -> StatementLine:
    call = movement.call
    return StatementLine(
        day=movement.day,
        kind=movement.kind,
        month=movement.month,
        amount_centimes=movement.amount,
        balance_centimes=balance,
        reference=movement.reference,
        due_on=_due_on(movement),
        settled_on=call.settled_on if call else None,
        steps=_steps_of(call) if call else (),
        payment_id=movement.payment,
        year=movement.year,
    )


def _due_on(movement: _Movement) -> dt.date | None:
    if movement.year is not None and movement.amount > 0:
        return movement.year.due_on
    return movement.call.due_on if movement.call else None


def _steps_of(call: Call) -> tuple[qafila_law.Step, ...]:
    """How the law reaches the amount of a call, from the facts of its enrolment today.

    Empty when the facts have changed so that they no longer give the amount that was called, or
    for an adjustment, which is a difference and not an amount of the law.
    """
    enrolment = call.enrolment
    try:
        amount = qafila_law.monthly_amount(
            call.category,
            call.month,
            annual_tax=enrolment.annual_tax_dh,
            regime=enrolment.regime or None,
            profit=enrolment.annual_profit_dh,
        )
    except qafila_law.LawError:
        return ()
    return amount.steps if amount.monthly_centimes == call.amount_centimes else ()
