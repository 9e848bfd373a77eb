"""Payments taken back by the bank or the operator, found by their references."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qafila.contributions.access import require_posting
from qafila.contributions.errors import AlreadyReversed, BadPayment
from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.payments.problems import PaymentProblem, ProblemSentence
from qafila.contributions.payments.recording import (
    PaymentOutcome,
    is_partly_refunded,
    reverse_payment,
)
from qafila.contributions.payments.references import numbers_of, payments_under
from qafila.contributions.payments.rows import PaymentRow, reference_as_kept
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting
from qafila_law.money import dirhams


@dataclass(frozen=True)
class TakenBack:
    """What became of a row of money taken back: done `now`, done before, or a problem."""

    centimes: int
    now: bool = False
    problem: PaymentProblem | None = None


def take_back(one: PaymentRow, channel: str, *, actor: Actor, at: dt.datetime) -> TakenBack:
    """Reverse the payment that a row takes back; call it inside a transaction of `acting`."""
    centimes, day = one.centimes or 0, one.paid_on
    payment = _payment_meant(one, channel)
    if payment is None or day is None:
        return _failed(one, "return_unknown", found=dirhams(centimes))
    if payment.amount_centimes != centimes:
        booked = dirhams(payment.amount_centimes)
        return _failed(one, "return_differs", found=dirhams(centimes), booked=booked)
    if payment.reversed_on is not None:
        return TakenBack(centimes)
    if not payment.paid_on <= day <= day_of(at):
        return _failed(one, "return_date", found=day.isoformat())
    if is_partly_refunded(payment.pk):
        return _failed(one, "partly_refunded")
    try:
        reverse_payment(payment.pk, reason=one.reason, on=day, actor=actor, at=at)
    except NotFoundInScope:
        return _failed(one, "return_unknown", found=dirhams(centimes))
    return TakenBack(centimes, now=True)


def _failed(one: PaymentRow, code: str, **params: str) -> TakenBack:
    return TakenBack(one.centimes or 0, problem=PaymentProblem(one.row, code, params))


def _payment_meant(one: PaymentRow, channel: str) -> Payment | None:
    """The payment of the first reference that has one of this payer.

    One taken back on the same day already is this very return come again; else the one that holds.
    """
    known = payments_under(one.references, channel)
    numbers = numbers_of({payment.person_id for under in known.values() for payment in under})
    given = one.numbers()
    for reference in one.references:
        meant = [
            payment
            for payment in known.get(reference, ())
            if not given or not numbers[payment.person_id].isdisjoint(given)
        ]
        same = (one.centimes, one.paid_on)
        done = [p for p in meant if (p.amount_centimes, p.reversed_on) == same]
        if done or meant:
            return (done or meant)[0]
    return None


def reverse_by_reference(
    reference: str, *, channel: str, reason: str, on: dt.date, actor: Actor, at: dt.datetime
) -> PaymentOutcome:
    """Reverse the payment booked under `reference`; `repeated` when it was reversed before.

    Errors: NotAllowed, NotFoundInScope (no such payment), BadPayment (`on` before the payment or
    still to come).
    """
    require_posting(actor)
    with acting(actor, at=at):
        kept = reference_as_kept(reference)
        payment = next(iter(payments_under([kept], channel).get(kept, ())), None)
        if payment is None:
            raise NotFoundInScope(payment=reference)
        if not payment.paid_on <= on <= day_of(at):
            problem = ProblemSentence("return_date", {"found": on.isoformat()})
            raise BadPayment(reference=reference, problem=problem)
        try:
            return reverse_payment(payment.pk, reason=reason, on=on, actor=actor, at=at)
        except AlreadyReversed:
            return PaymentOutcome(payment.pk, 0, 0, repeated=True)
