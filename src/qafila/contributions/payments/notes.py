"""A payment shown at a counter: noted from its receipt, confirmed by the money, or taken back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction

import qafila_law
from qafila.contributions import journal as entries
from qafila.contributions.access import require_noting
from qafila.contributions.errors import BadPayment, NoteNotWaiting, ReceiptNotedBefore
from qafila.contributions.models.notes import PaymentNote
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
from qafila.people.access import person_to_change
from qafila_law.money import dirhams


@dataclass(frozen=True)
class Receipt:
    """What a paper receipt tells; `reference` or `place` may be empty, not both."""

    channel: str
    reference: str
    place: str
    amount_centimes: int
    paid_on: dt.date


@dataclass(frozen=True)
class PaymentNoted:
    """A note; `confirmed` when the payment had come by a file already."""

    note_id: int
    confirmed: bool


def note_payment(
    *,
    person_id: int,
    receipt: Receipt,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PaymentNoted:
    """Note a payment from the receipt a person shows. The books stay as they are.

    Errors: NotAllowed, NotFoundInScope, BadPayment (amount, day, neither number nor place),
    ReceiptNotedBefore, CommandIdReused.
    """
    scope = require_noting(actor)

    def do() -> dict[str, Any]:
        person = person_to_change(person_id, scope)
        reference, place = typed_text.line(receipt.reference), typed_text.line(receipt.place)
        _refuse_bad(receipt, reference, place, at)
        try:
            with transaction.atomic():
                note = PaymentNote.objects.create(
                    person=person,
                    channel=receipt.channel,
                    reference=reference,
                    place=place,
                    amount_centimes=receipt.amount_centimes,
                    paid_on=receipt.paid_on,
                    noted_at=at,
                    noted_by_id=actor.id,
                    region_code=person.region_code,
                )
        except IntegrityError as known:
            raise ReceiptNotedBefore(reference=reference) from known
        with connection.cursor() as cursor:
            confirmed = match_notes(cursor, [person.pk], at=at)
        write(
            entries.PAYMENT_NOTED,
            note,
            actor=actor,
            at=at,
            person_id=person.pk,
            amount_dh=dirhams(receipt.amount_centimes),
        )
        note.refresh_from_db()
        return {"note_id": note.pk, "confirmed": bool(confirmed) and note.state == "confirmed"}

    return PaymentNoted(**once(command_id, "contributions.note_payment", actor=actor, at=at, do=do))


def _refuse_bad(receipt: Receipt, reference: str, place: str, at: dt.datetime) -> None:
    first = min(qafila_law.first_month(category) for category in qafila_law.Category)
    amount = receipt.amount_centimes
    problems = {
        "no_receipt": not reference and not place,
        "long_reference": len(reference) > 60,
        "long_place": len(place) > 120,
        "negative_amount": amount < 0,
        "zero_amount": amount == 0,
        "above_bound": amount > largest_payment(receipt.paid_on),
        "future_date": receipt.paid_on > day_of(at),
        "before_scheme": receipt.paid_on < first,
    }
    for code, wrong in problems.items():
        if wrong:
            told = code in ("negative_amount", "above_bound")
            found = dirhams(amount) if told else f"{receipt.paid_on}"
            raise BadPayment(reference=reference, problem=ProblemSentence(code, {"found": found}))


def take_back_note(note_id: int, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """Take back a note made by mistake, with the reason.

    Errors: NotAllowed, NotFoundInScope, BadPayment (no reason), NoteNotWaiting once it was
    confirmed or taken back.
    """
    scope = require_noting(actor)
    with acting(actor, at=at):
        note = PaymentNote.objects.filter(pk=note_id).first()
        if note is None:
            raise NotFoundInScope(note=note_id)
        person_to_change(note.person_id, scope)
        reason = typed_text.note(reason)
        if not reason:
            problem = ProblemSentence("no_reason", {})
            raise BadPayment(reference=note.reference, problem=problem)
        waiting = PaymentNote.objects.filter(pk=note_id, state=PaymentNote.State.NOTED)
        moved = waiting.update(state=PaymentNote.State.TAKEN_BACK, reason=reason, ended_at=at)
        if not moved:
            raise NoteNotWaiting
        write(
            entries.NOTE_TAKEN_BACK,
            note,
            actor=actor,
            at=at,
            person_id=note.person_id,
            reason=reason,
        )
