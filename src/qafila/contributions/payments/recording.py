"""One payment at a time: recorded by the API or a counter, reversed when the bank takes it back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Sum

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_posting
from qafila.contributions.errors import AlreadyReversed, BadPayment
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.deallocation import undo_allocations
from qafila.contributions.ledger.lines import post_lines
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import LedgerLine, Payment
from qafila.contributions.models.refunds import RefundPart
from qafila.contributions.payments.bounds import largest_payment
from qafila.contributions.payments.note_matching import match_notes
from qafila.contributions.payments.problems import ProblemSentence
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.idempotency import once
from qafila.foundation.journal import write
from qafila.foundation.trail import acting
from qafila.people.access import person_in_scope, person_to_change
from qafila_law.money import dirhams

_BOOK = LedgerLine.Book


@dataclass(frozen=True)
class PaymentOutcome:
    """A payment as booked; `repeated` when this reference was known already."""

    payment_id: int
    allocated_centimes: int
    unallocated_centimes: int
    repeated: bool


def record_payment(
    *,
    person_id: int,
    reference: str,
    channel: str,
    amount_centimes: int,
    paid_on: dt.date,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PaymentOutcome:
    """Record one payment of a person in the actor's scope and settle the oldest due.

    The same reference on the same channel is booked once; what was taken back leaves it free.
    Errors: NotAllowed, NotFoundInScope, BadPayment (amount, date, reference, or a reference of
    another payment), CommandIdReused.
    """
    scope = require_posting(actor)

    def do() -> dict[str, Any]:
        person_in_scope(person_id, scope)
        clean = typed_text.line(reference)
        _refuse_bad(clean, amount_centimes, paid_on, at)
        with connection.cursor() as cursor:
            lock_settlement(cursor)
            person = person_to_change(person_id, scope)
            under = Payment.objects.filter(channel=channel, reference=clean)
            earlier = under.filter(reversed_on=None).first()
            if earlier:
                _refuse_other_payment(earlier, person_id, amount_centimes, paid_on)
                return _answer(earlier, repeated=True)
            taken_back = under.filter(reversed_on__isnull=False)
            if taken_back.filter(
                person_id=person_id, amount_centimes=amount_centimes, paid_on=paid_on
            ).exists():
                problem = ProblemSentence("reference_taken_back", {"found": clean})
                raise BadPayment(reference=clean, problem=problem)
            payment = Payment.objects.create(
                reference=clean,
                channel=channel,
                person=person,
                paid_on=paid_on,
                amount_centimes=amount_centimes,
                unallocated_centimes=amount_centimes,
                recorded_at=at,
                region_code=person.region_code,
            )
            _post_and_settle(cursor, payment, at)
            match_notes(cursor, [person.pk], at=at)
        payment.refresh_from_db()
        write(
            entries.PAYMENT_RECORDED,
            payment,
            actor=actor,
            at=at,
            person_id=person.pk,
            amount_dh=dirhams(amount_centimes),
        )
        return _answer(payment, repeated=False)

    answer = once(command_id, "contributions.record_payment", actor=actor, at=at, do=do)
    return PaymentOutcome(**answer)


def _refuse_bad(reference: str, amount: int, paid_on: dt.date, at: dt.datetime) -> None:
    first = min(qafila_law.first_month(category) for category in qafila_law.Category)
    problems = {
        "no_reference": not reference,
        "long_reference": len(reference) > 60,
        "negative_amount": amount < 0,
        "zero_amount": amount == 0,
        "above_bound": amount > largest_payment(paid_on),
        "future_date": paid_on > day_of(at),
        "before_scheme": paid_on < first,
    }
    for code, wrong in problems.items():
        if wrong:
            told = code in ("negative_amount", "above_bound")
            found = dirhams(amount) if told else f"{paid_on}"
            raise BadPayment(reference=reference, problem=ProblemSentence(code, {"found": found}))


def _refuse_other_payment(earlier: Payment, person_id: int, amount: int, paid_on: dt.date) -> None:
    if (earlier.person_id, earlier.amount_centimes, earlier.paid_on) != (
        person_id,
        amount,
        paid_on,
    ):
        problem = ProblemSentence("reference_reused", {"found": earlier.reference})
        raise BadPayment(reference=earlier.reference, problem=problem)


def _post_and_settle(cursor: Any, payment: Payment, at: dt.datetime) -> None:
    # A payment of a closed month stands in the open one, with its true day.
    today, month = books_month(day_of(at)), books_month(payment.paid_on)
    make_partitions([today, month])
    post_lines(
        f"payment:{payment.pk}",
        payment.person_id,
        payment.region_code,
        {_BOOK.RECEIVED: payment.amount_centimes, _BOOK.UNALLOCATED: -payment.amount_centimes},
        day=payment.paid_on,
        books_month=month,
    )
    settle_people(cursor, [payment.person_id], day=day_of(at), books_month=today)


def _answer(payment: Payment, *, repeated: bool) -> dict[str, Any]:
    rest = payment.unallocated_centimes
    allocated = 0 if payment.reversed_on else payment.amount_centimes - rest
    return {
        "payment_id": payment.pk,
        "allocated_centimes": allocated,
        "unallocated_centimes": rest,
        "repeated": repeated,
    }


def reverse_payment(
    payment_id: int, *, reason: str, on: dt.date, actor: Actor, at: dt.datetime
) -> PaymentOutcome:
    """Undo a payment the bank or the operator took back, by new rows; its calls are due again.

    Money the person has left over settles them at once. Errors: NotAllowed, NotFoundInScope,
    AlreadyReversed, BadPayment (no reason, or a day before the payment or still to come).
    """
    scope = require_posting(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        payment = Payment.objects.select_for_update().filter(pk=payment_id).first()
        if payment is None:
            raise NotFoundInScope(payment=payment_id)
        person_to_change(payment.person_id, scope)
        if payment.reversed_on is not None:
            raise AlreadyReversed(reference=payment.reference, day=f"{payment.reversed_on}")
        _refuse_bad_reversal(payment, reason, on, at)
        _refuse_refunded(payment)
        freed = _undo(cursor, payment, reason, on, books_month(day_of(at)), at)
        write(
            entries.PAYMENT_REVERSED,
            payment,
            actor=actor,
            at=at,
            person_id=payment.person_id,
            amount_dh=dirhams(payment.amount_centimes),
            reason=reason,
        )
    return PaymentOutcome(payment.pk, -freed, 0, repeated=False)


def _refuse_bad_reversal(payment: Payment, reason: str, on: dt.date, at: dt.datetime) -> None:
    problems = {
        "no_reason": not typed_text.note(reason),
        "return_date": not payment.paid_on <= on <= day_of(at),
    }
    for code, wrong in problems.items():
        if wrong:
            problem = ProblemSentence(code, {"found": f"{on}"})
            raise BadPayment(reference=payment.reference, problem=problem)


def _refuse_refunded(payment: Payment) -> None:
    if is_partly_refunded(payment.pk):
        problem = ProblemSentence("partly_refunded", {})
        raise BadPayment(reference=payment.reference, problem=problem)


def is_partly_refunded(payment_id: int) -> bool:
    """Whether something of the payment was given back to the person and did not come back."""
    parts = RefundPart.objects.filter(payment_id=payment_id)
    return bool(parts.aggregate(total=Sum("amount_centimes", default=0))["total"])


def _undo(
    cursor: Any, payment: Payment, reason: str, on: dt.date, month: dt.date, at: dt.datetime
) -> int:
    make_partitions([month])
    undone = undo_allocations(cursor, "a.payment_id = %s", [payment.pk], on)
    freed = sum(one.centimes for one in undone)
    post_lines(
        f"reversal:{payment.pk}",
        payment.person_id,
        payment.region_code,
        {
            _BOOK.RECEIVED: -payment.amount_centimes,
            _BOOK.RECEIVABLE: freed,
            _BOOK.UNALLOCATED: payment.amount_centimes - freed,
        },
        day=day_of(at),
        books_month=month,
    )
    Payment.objects.filter(pk=payment.pk, reversed_on=None).update(
        reversed_on=on, reversal_reason=reason, unallocated_centimes=0
    )
    settle_people(cursor, [payment.person_id], day=day_of(at), books_month=month)
    return freed
