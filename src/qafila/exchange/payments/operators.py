"""Payments that an operator (relay points, mobile money) sends one batch at a time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from qafila.care.coverage_check.coverage import number_as_kept
from qafila.contributions.payments.booking import book_rows, rows_booked
from qafila.contributions.payments.problems import PaymentProblem, problem_sentence
from qafila.contributions.payments.rows import (
    Kind,
    PaymentRow,
    reference_as_kept,
    rows_frame,
)
from qafila.contributions.payments.taking_back import reverse_by_reference
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.scope import known_by
from qafila_law.money import dirhams

ACCEPTED, REPEATED, REJECTED = "accepted", "repeated", "rejected"
_KINDS = ("fund", "nia", "cin")


@dataclass(frozen=True)
class Operator:
    """A partner that may send payments; `actor_id` is who the journal names."""

    partner_id: int
    actor_id: int
    name: str

    @property
    def channel(self) -> str:
        """The ledger's channel: each operator has its own references."""
        return f"operator-{self.partner_id}"

    def actor(self) -> Actor:
        """The operator as an actor, for what its agreement lets it do and nothing else."""
        return Actor.holding(self.actor_id, self.name, {Role.SYSTEM}, WHOLE_COUNTRY)


@dataclass(frozen=True)
class SentPayment:
    """A payment as sent; `number` is of the kind `id_type`: fund, nia or cin."""

    reference: str
    id_type: str
    number: str
    centimes: int
    paid_on: str


@dataclass(frozen=True)
class Answer:
    """What became of one payment; `code` and `sentence` say why it was rejected."""

    reference: str
    outcome: str
    code: str = ""
    sentence: str = ""


@known_by("the operator's token")
def book_sent_payments(
    sent: Sequence[SentPayment], operator: Operator, *, at: dt.datetime
) -> list[Answer]:
    """Book a batch in one transaction; one answer per payment, in its order.

    The reference is the key: sent again with the same payer, amount and day it is repeated, with
    others, or when it was taken back, it is rejected. Sentences are in the language in force.
    """
    rows = rows_frame(_row(number, one) for number, one in enumerate(sent, start=1))
    # A batch is no file: sent again, each of its payments is looked at again.
    content = uuid.uuid4().bytes
    outcome = book_rows(
        rows,
        content=content,
        file_name=f"{operator.name} {at:%Y-%m-%d %H:%M}",
        channel=operator.channel,
        actor=operator.actor(),
        at=at,
    )
    return _answers(sent, outcome.problems, rows_booked(outcome.file_id))


@known_by("the operator's token")
def reverse_sent_payment(
    reference: str, operator: Operator, *, reason: str, on: dt.date, at: dt.datetime
) -> bool:
    """Take back a payment of the operator; False when it was taken back before.

    Errors: NotFoundInScope (no such reference of this operator), BadPayment.
    """
    done = reverse_by_reference(
        reference, channel=operator.channel, reason=reason, on=on, actor=operator.actor(), at=at
    )
    return not done.repeated


def _row(number: int, one: SentPayment) -> PaymentRow:
    payer, day = number_as_kept(one.id_type, one.number), _day(one.paid_on)
    problem = found = None
    if day is None:
        problem, found = "bad_date", one.paid_on[:40]
    elif payer is None:
        problem = "unknown_person"
    elif one.centimes <= 0:
        problem = "negative_amount" if one.centimes else "zero_amount"
        found = dirhams(one.centimes) if one.centimes else None
    fund, register, card = (payer or "" if one.id_type == kind else "" for kind in _KINDS)
    return PaymentRow(
        number,
        Kind.PAYMENT,
        (reference_as_kept(one.reference),),
        one.centimes,
        day,
        fund,
        register,
        card,
        problem=problem,
        found=found,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _answers(
    sent: Sequence[SentPayment], problems: Sequence[PaymentProblem], booked: frozenset[str]
) -> list[Answer]:
    """A booked reference that stands twice in the batch was accepted once, then repeated."""
    wrong = {problem.row: problem for problem in problems}
    told: set[str] = set()
    answers = []
    for row, one in enumerate(sent, start=1):
        problem = wrong.get(row)
        if problem:
            sentence = problem_sentence(problem.code, problem.params)
            answers.append(Answer(one.reference, REJECTED, problem.code, sentence))
            continue
        kept = reference_as_kept(one.reference)
        new = kept in booked and kept not in told
        told.add(kept)
        answers.append(Answer(one.reference, ACCEPTED if new else REPEATED))
    return answers
