"""Booking what a bank's statement tells: payments, payments taken back, and what is neither."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl
from django.db import connection

from qafila.contributions.access import require_posting
from qafila.contributions.errors import AlreadyReversed, BadPayment
from qafila.contributions.ledger.allocation import lock_settlement
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.contributions.payments.csv_rows import TOTAL_WORDS
from qafila.contributions.payments.file_booking import (
    PaymentFileOutcome,
    book_payments,
)
from qafila.contributions.payments.problems import PaymentProblem, problem_sentence
from qafila.contributions.payments.recording import PaymentOutcome, reverse_payment
from qafila.enrolment.facts import NUMBERS_OF_PERSONS
from qafila.foundation.actors import Actor
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting
from qafila_law.money import dirhams

_SEVERAL = 5_000
_LONGEST_REFERENCE = 60

_NUMBERS_OF = f"""
SELECT n.person_id, n.value FROM {NUMBERS_OF_PERSONS} n
WHERE n.person_id = ANY(%(people)s) AND n.kind IN ('card', 'fund', 'register')
"""


@dataclass(frozen=True)
class BankPayment:
    """Money in. `references`: the payer's, the bank's, and last its place in the statement."""

    row: int
    references: tuple[str, ...]
    centimes: int
    paid_on: dt.date
    fund_number: str
    register_number: str
    card_number: str

    def numbers(self) -> frozenset[str]:
        """The numbers given of the payer."""
        return frozenset({self.fund_number, self.register_number, self.card_number} - {""})


@dataclass(frozen=True)
class TakenBack:
    """Money that came in under one of `references` and was taken back on `day`."""

    row: int
    references: tuple[str, ...]
    centimes: int
    day: dt.date
    reason: str
    numbers: frozenset[str]


def reference_as_kept(reference: str) -> str:
    """A reference cut to what the ledger keeps, and never taken for a csv file's total line."""
    text = f"ref {reference}" if reference.lower() in TOTAL_WORDS else reference
    return text[:_LONGEST_REFERENCE]


def book_bank_entries(
    payments: Sequence[BankPayment],
    taken_back: Sequence[TakenBack],
    problems: Sequence[PaymentProblem],
    *,
    content: bytes,
    file_name: str,
    channel: str,
    actor: Actor,
    at: dt.datetime,
) -> PaymentFileOutcome:
    """Book payments, then what was taken back, in one transaction with one balance.

    `problems` are the entries that are no payment; they count as rejected. `total_centimes` is
    what was booked less what was taken back. Errors: NotAllowed, BadPayment.
    """
    require_posting(actor)
    with acting(actor, at=at):
        with connection.cursor() as cursor:
            lock_settlement(cursor)
        named, unnamed = _named(payments, channel)
        booked = book_payments(_table(named), content, file_name, channel, actor=actor, at=at)
        if booked.known_file:
            return booked
        done = [_take_back(one, channel, actor=actor, at=at) for one in taken_back]
        outcome = _together(booked, taken_back, done, [*problems, *unnamed])
        _keep(outcome)
    return outcome


def _table(named: Mapping[int, tuple[str, BankPayment]]) -> pl.DataFrame:
    rows = named.values()
    columns: dict[str, list[str]] = {
        "reference": [reference for reference, _ in rows],
        "amount_dh": [dirhams(one.centimes) for _, one in rows],
        "paid_on": [one.paid_on.isoformat() for _, one in rows],
        "fund_number": [one.fund_number for _, one in rows],
        "register_number": [one.register_number for _, one in rows],
        "card_number": [one.card_number for _, one in rows],
    }
    texts = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return texts.insert_column(0, pl.Series("row", list(named), dtype=pl.UInt32))


def _named(
    payments: Sequence[BankPayment], channel: str
) -> tuple[dict[int, tuple[str, BankPayment]], list[PaymentProblem]]:
    """By row, the reference each payment is booked under; and those for which none is left.

    Payers choose their references, and two may choose alike: then the bank's own is taken. The
    same reference, person, amount and day as a payment booked before is that payment again.
    """
    known = _payments_under({ref for one in payments for ref in one.references}, channel)
    numbers = _numbers_of({payment.person_id for payment in known.values()})
    taken: dict[str, BankPayment] = {}
    named: dict[int, tuple[str, BankPayment]] = {}
    problems = []
    for one in payments:
        free = (ref for ref in one.references if _is_free(one, ref, known, numbers, taken))
        reference = next(free, None)
        if reference is None:
            params = {"found": one.references[0][:60]}
            problems.append(PaymentProblem(one.row, "reference_reused", params))
            continue
        taken[reference] = one
        named[one.row] = (reference, one)
    return named, problems


def _is_free(
    one: BankPayment,
    reference: str,
    known: Mapping[str, Payment],
    numbers: Mapping[int, set[str]],
    taken: Mapping[str, BankPayment],
) -> bool:
    """Whether nothing else bears the reference: neither in the books nor in this file."""
    twin, earlier = taken.get(reference), known.get(reference)
    if twin is not None and replace(twin, row=one.row) != one:
        return False
    return earlier is None or _is_the_same(one, earlier, numbers)


def _is_the_same(one: BankPayment, earlier: Payment, numbers: Mapping[int, set[str]]) -> bool:
    facts = (earlier.amount_centimes, earlier.paid_on) == (one.centimes, one.paid_on)
    return facts and not numbers[earlier.person_id].isdisjoint(one.numbers())


def _payments_under(references: Iterable[str], channel: str) -> dict[str, Payment]:
    wanted = sorted(references)
    found: dict[str, Payment] = {}
    for first in range(0, len(wanted), _SEVERAL):
        some = wanted[first : first + _SEVERAL]
        rows = Payment.objects.filter(channel=channel, reference__in=some)
        found |= {payment.reference: payment for payment in rows}
    return found


def _numbers_of(people: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {person: set() for person in people}
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS_OF, {"people": list(found)})
        for person, number in cursor.fetchall():
            found[person].add(number)
    return found


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
        payment = _payments_under([kept], channel).get(kept)
        if payment is None:
            raise NotFoundInScope(payment=reference)
        if on > at.date() or on < payment.paid_on:
            problem = problem_sentence("return_date", {"found": on.isoformat()})
            raise BadPayment(reference=reference, problem=problem)
        try:
            return reverse_payment(payment.pk, reason=reason, on=on, actor=actor, at=at)
        except AlreadyReversed:
            return PaymentOutcome(payment.pk, 0, 0, repeated=True)


def rows_booked(file_id: int) -> frozenset[str]:
    """The references booked from one file."""
    booked = Payment.objects.filter(payment_file_id=file_id)
    return frozenset(booked.values_list("reference", flat=True))


def _take_back(
    one: TakenBack, channel: str, *, actor: Actor, at: dt.datetime
) -> PaymentProblem | bool:
    """True when carried out, False when it was carried out before, or the problem."""
    payment = _payment_meant(one, channel)
    if payment is None:
        return PaymentProblem(one.row, "return_unknown", {"found": dirhams(one.centimes)})
    if payment.amount_centimes != one.centimes:
        params = {"found": dirhams(one.centimes), "booked": dirhams(payment.amount_centimes)}
        return PaymentProblem(one.row, "return_differs", params)
    if one.day > at.date() or one.day < payment.paid_on:
        return PaymentProblem(one.row, "return_date", {"found": one.day.isoformat()})
    try:
        reverse_payment(payment.pk, reason=one.reason, on=one.day, actor=actor, at=at)
    except AlreadyReversed:
        return False
    except NotFoundInScope:
        return PaymentProblem(one.row, "return_unknown", {"found": dirhams(one.centimes)})
    return True


def _payment_meant(one: TakenBack, channel: str) -> Payment | None:
    known = _payments_under(one.references, channel)
    numbers = _numbers_of({payment.person_id for payment in known.values()})
    for reference in one.references:
        payment = known.get(reference)
        if payment and not (one.numbers and numbers[payment.person_id].isdisjoint(one.numbers)):
            return payment
    return None


def _together(
    booked: PaymentFileOutcome,
    taken_back: Sequence[TakenBack],
    done: Sequence[PaymentProblem | bool],
    problems: Sequence[PaymentProblem],
) -> PaymentFileOutcome:
    failed = [one for one in done if isinstance(one, PaymentProblem)]
    carried_out = [taken for taken, one in zip(taken_back, done, strict=True) if one is True]
    told = sorted([*booked.problems, *failed, *problems], key=lambda problem: problem.row)
    return replace(
        booked,
        rows_read=booked.rows_read + len(taken_back) + len(problems),
        rows_accepted=booked.rows_accepted + len(carried_out),
        rows_rejected=booked.rows_rejected + len(failed) + len(problems),
        rows_repeated=booked.rows_repeated + sum(1 for one in done if one is False),
        total_centimes=booked.total_centimes - sum(one.centimes for one in carried_out),
        problems=tuple(told),
    )


def _keep(outcome: PaymentFileOutcome) -> None:
    PaymentFile.objects.filter(pk=outcome.file_id).update(
        rows_read=outcome.rows_read,
        rows_accepted=outcome.rows_accepted,
        rows_rejected=outcome.rows_rejected,
        rows_repeated=outcome.rows_repeated,
        problems=[problem.as_json() for problem in outcome.problems],
    )
