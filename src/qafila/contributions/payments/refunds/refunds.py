"""A person's credit given back: asked for by one person, approved by another, paid by the bank.

Credit is what is left over on payments. On approval it leaves them for `refund_due`, so that no
call takes it any more; the bank's line then moves it out of the money received. What comes back is
credit again, and settles what is owed as any credit does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Sum

from qafila.contributions import journal as entries
from qafila.contributions.access import require_deciding, require_posting
from qafila.contributions.errors import RefundNotPossible
from qafila.contributions.ledger.allocation import lock_settlement, settle_people
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.lines import post_lines
from qafila.contributions.ledger.partitions import make_partitions
from qafila.contributions.models.calls_and_ledger import LedgerLine, Payment
from qafila.contributions.models.refunds import Refund, RefundPart
from qafila.contributions.payments.refunds import told
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope, SomeoneElseActed
from qafila.foundation.journal import EntryType, write
from qafila.foundation.trail import acting
from qafila.people.access import person_in_scope, person_to_change
from qafila_law.money import dirhams

_BOOK, _STATE = LedgerLine.Book, Refund.State


@dataclass(frozen=True)
class RefundOutcome:
    """A refund as it stands after the act."""

    refund_id: int
    state: str
    amount_centimes: int


def ask_refund(
    person_id: int,
    *,
    amount_centimes: int,
    reason: str,
    heir: str = "",
    heir_document: str = "",
    actor: Actor,
    at: dt.datetime,
) -> RefundOutcome:
    """Ask that a part of the person's credit be given back. Nothing moves before it is approved.

    What a dead person had paid ahead goes to `heir`, as `heir_document` (the deed of heirs) shows.
    Errors: NotAllowed, NotFoundInScope, RefundNotPossible.
    """
    scope = require_posting(actor)
    reason = typed_text.line(reason, most=told.LONGEST_REASON)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        person = person_to_change(person_id, scope)
        if not reason:
            raise RefundNotPossible(problem="reason")
        heirs = told.heirs_told(person_id, heir, heir_document)
        _require_credit(person_id, amount_centimes)
        try:
            with transaction.atomic():
                refund = Refund.objects.create(
                    person=person,
                    amount_centimes=amount_centimes,
                    reason=reason,
                    state=_STATE.ASKED,
                    asked_at=at,
                    asked_by_id=actor.id,
                    region_code=person.region_code,
                    **heirs,
                )
        except IntegrityError as known:
            raise RefundNotPossible(problem="asked") from known
        _journal(entries.REFUND_ASKED, refund, actor, at, reason=reason)
    return _outcome(refund)


def _require_credit(person_id: int, amount: int) -> None:
    if amount <= 0:
        raise RefundNotPossible(problem="amount")
    credit = _credit(person_id)
    if amount > credit:
        raise RefundNotPossible(problem="credit", credit=dirhams(credit), asked=dirhams(amount))


def credit_of(person_id: int, *, scope: Scope) -> int:
    """What is left over on the person's payments, in centimes. NotFoundInScope outside."""
    person_in_scope(person_id, scope)
    return _credit(person_id)


def _credit(person_id: int) -> int:
    found = Payment.objects.filter(person_id=person_id, unallocated_centimes__gt=0)
    return int(found.aggregate(total=Sum("unallocated_centimes", default=0))["total"])


def refuse_refund(refund_id: int, *, reason: str, actor: Actor, at: dt.datetime) -> RefundOutcome:
    """Refuse a refund that waits, or withdraw one's own request, with the reason.

    Errors: NotAllowed, NotFoundInScope, RefundNotPossible.
    """
    scope = require_deciding(actor)
    with acting(actor, at=at):
        refund = _locked(refund_id, scope, _STATE.ASKED, "not_asked")
        _move(
            refund,
            _STATE.REFUSED,
            decided_at=at,
            decided_by_id=actor.id,
            outcome=told.reason_told(reason),
        )
        _journal(entries.REFUND_REFUSED, refund, actor, at, reason=refund.outcome)
    return _outcome(refund)


def approve_refund(refund_id: int, *, actor: Actor, at: dt.datetime) -> RefundOutcome:
    """Approve, as a second person, what was asked for: the money is no credit from now on.

    Errors: NotAllowed, NotFoundInScope, RefundNotPossible.
    """
    scope = require_deciding(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        refund = _locked(refund_id, scope, _STATE.ASKED, "not_asked")
        if refund.asked_by_id == actor.id:
            raise RefundNotPossible(problem="same_person")
        _require_credit(refund.person_id, refund.amount_centimes)
        _take_credit(refund)
        _post(refund, "refund", {_BOOK.UNALLOCATED: 1, _BOOK.REFUND_DUE: -1}, at)
        _move(
            refund,
            _STATE.APPROVED,
            decided_at=at,
            decided_by_id=actor.id,
            credit_left_on=day_of(at),
        )
        _journal(entries.REFUND_APPROVED, refund, actor, at)
    return _outcome(refund)


def cancel_refund(refund_id: int, *, reason: str, actor: Actor, at: dt.datetime) -> RefundOutcome:
    """Cancel an approved refund that was not paid: the money is credit again.

    Errors: NotAllowed, NotFoundInScope, RefundNotPossible.
    """
    scope = require_deciding(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        refund = _locked(refund_id, scope, _STATE.APPROVED, "not_approved")
        outcome = told.reason_told(reason)
        _move(refund, _STATE.CANCELLED, outcome=outcome)
        _give_credit_back(
            cursor, refund, "refund-cancelled", {_BOOK.UNALLOCATED: -1, _BOOK.REFUND_DUE: 1}, at
        )
        _journal(entries.REFUND_CANCELLED, refund, actor, at, reason=outcome)
    return _outcome(refund)


def pay_refund(
    refund_id: int, *, channel: str, bank_line: str, paid_on: dt.date, actor: Actor, at: dt.datetime
) -> RefundOutcome:
    """Note that the bank paid an approved refund, with the reference of its line.

    Errors: NotAllowed, NotFoundInScope, RefundNotPossible.
    """
    scope = require_posting(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        refund = _locked(refund_id, scope, _STATE.APPROVED, "not_approved")
        line = told.line_told(bank_line, channel)
        if not day_of(refund.decided_at or at) <= paid_on <= day_of(at):
            raise RefundNotPossible(problem="day")
        _pay(refund, channel, line, paid_on, actor, at)
    return _outcome(refund)


def _pay(
    refund: Refund, channel: str, line: str, paid_on: dt.date, actor: Actor, at: dt.datetime
) -> None:
    _post(refund, "refund-paid", {_BOOK.REFUND_DUE: 1, _BOOK.RECEIVED: -1}, at)
    _move(refund, _STATE.PAID, channel=channel, bank_line=line, paid_on=paid_on)
    _journal(entries.REFUND_PAID, refund, actor, at, day=f"{paid_on}")


def return_refund(
    refund_id: int, *, return_line: str, on: dt.date, actor: Actor, at: dt.datetime
) -> RefundOutcome:
    """Note that a refund paid out came back: it is credit of the person again.

    Errors: NotAllowed, NotFoundInScope, RefundNotPossible.
    """
    scope = require_posting(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        refund = _locked(refund_id, scope, _STATE.PAID, "not_paid")
        line = typed_text.line(return_line)
        if not line or len(line) > told.LONGEST_LINE:
            raise RefundNotPossible(problem="line")
        if refund.paid_on is None or not refund.paid_on <= on <= day_of(at):
            raise RefundNotPossible(problem="day")
        _come_back(cursor, refund, line, on, actor, at)
    return _outcome(refund)


def _come_back(
    cursor: Any, refund: Refund, line: str, on: dt.date, actor: Actor, at: dt.datetime
) -> None:
    _move(refund, _STATE.RETURNED, return_line=line, returned_on=on)
    _give_credit_back(cursor, refund, "refund-back", {_BOOK.UNALLOCATED: -1, _BOOK.RECEIVED: 1}, at)
    _journal(entries.REFUND_RETURNED, refund, actor, at, day=f"{on}")


def pay_out_by_bank(
    person_id: int,
    centimes: int,
    *,
    channel: str,
    lines: Sequence[str],
    on: dt.date,
    reason: str,
    unnamed: bool,
    actor: Actor,
    at: dt.datetime,
) -> str:
    """What a bank's line paid out to a person: the refund approved for it, else straight of credit.

    Called inside `acting` with the settlement locked; the first of `lines` that names no other
    refund names it. Returns "paid", "repeated" (this very line was booked), "possible_repeat"
    (`unnamed`, and such a line was) or "beyond_credit"; nothing was changed then.
    """
    alike = Refund.objects.filter(
        channel=channel, person_id=person_id, amount_centimes=centimes, paid_on=on
    )
    if alike.filter(bank_line__in=lines).exists():
        return "repeated"
    if unnamed and alike.exists():
        return "possible_repeat"
    named = Refund.objects.filter(channel=channel, bank_line__in=lines)
    taken = set(named.values_list("bank_line", flat=True))
    line = next((one for one in lines if one not in taken), "")
    if not line:
        return "possible_repeat"
    approved = Refund.objects.select_for_update().filter(
        person_id=person_id, amount_centimes=centimes, state=_STATE.APPROVED
    )
    refund = approved.order_by("decided_at", "pk").first()
    if refund is not None:
        _pay(refund, channel, line, on, actor, at)
        return "paid"
    if centimes > _credit(person_id):
        return "beyond_credit"
    person = person_in_scope(person_id, require_posting(actor))
    refund = Refund.objects.create(
        person=person,
        amount_centimes=centimes,
        reason=reason[: told.LONGEST_REASON],
        state=_STATE.PAID,
        asked_at=at,
        asked_by_id=actor.id,
        channel=channel,
        bank_line=line,
        paid_on=on,
        credit_left_on=on,
        region_code=person.region_code,
    )
    _take_credit(refund)
    _post(refund, "refund", {_BOOK.UNALLOCATED: 1, _BOOK.RECEIVED: -1}, at)
    _journal(entries.REFUND_PAID, refund, actor, at, day=f"{on}")
    return "paid"


def come_back_by_bank(
    cursor: Any,
    person_id: int,
    centimes: int,
    *,
    channel: str,
    lines: Sequence[str],
    on: dt.date,
    actor: Actor,
    at: dt.datetime,
) -> str:
    """What a bank's line brought back of a refund: "returned", "repeated", or "unknown".

    Called inside `acting` with the settlement locked.
    """
    of_person = Refund.objects.select_for_update().filter(
        person_id=person_id, amount_centimes=centimes, channel=channel
    )
    returned = of_person.filter(state=_STATE.RETURNED, returned_on=on)
    if returned.filter(return_line__in=lines).exists():
        return "repeated"
    paid = of_person.filter(state=_STATE.PAID, paid_on__lte=on).order_by("-paid_on", "-pk").first()
    if paid is None:
        return "unknown"
    _come_back(cursor, paid, lines[0], on, actor, at)
    return "returned"


def _take_credit(refund: Refund) -> None:
    """Take the refund off the payments that have something left, the latest first."""
    wanted, parts = refund.amount_centimes, []
    having = Payment.objects.select_for_update().filter(
        person_id=refund.person_id, unallocated_centimes__gt=0
    )
    for payment in having.order_by("-paid_on", "-pk"):
        share = min(wanted, payment.unallocated_centimes)
        if share:
            parts.append(RefundPart(refund=refund, payment=payment, amount_centimes=share))
            Payment.objects.filter(pk=payment.pk).update(
                unallocated_centimes=F("unallocated_centimes") - share
            )
        wanted -= share
    if wanted:
        raise RefundNotPossible(
            problem="credit",
            credit=dirhams(refund.amount_centimes - wanted),
            asked=dirhams(refund.amount_centimes),
        )
    RefundPart.objects.bulk_create(parts)


def _give_credit_back(
    cursor: Any, refund: Refund, posting: str, sides: dict[str, int], at: dt.datetime
) -> None:
    for part in list(refund.parts.order_by("pk")):
        RefundPart.objects.create(
            refund=refund, payment_id=part.payment_id, amount_centimes=-part.amount_centimes
        )
        Payment.objects.filter(pk=part.payment_id).update(
            unallocated_centimes=F("unallocated_centimes") + part.amount_centimes
        )
    _post(refund, posting, sides, at)
    day = day_of(at)
    settle_people(cursor, [refund.person_id], day=day, books_month=books_month(day))


def _post(refund: Refund, posting: str, sides: dict[str, int], at: dt.datetime) -> None:
    day = day_of(at)
    month = books_month(day)
    make_partitions([month])
    amount = refund.amount_centimes
    post_lines(
        f"{posting}:{refund.pk}",
        refund.person_id,
        refund.region_code,
        {book: sign * amount for book, sign in sides.items()},
        day=day,
        books_month=month,
    )


def _locked(refund_id: int, scope: Scope, state: str, problem: str) -> Refund:
    refund = Refund.objects.select_for_update().filter(pk=refund_id).first()
    if refund is None:
        raise NotFoundInScope(refund=refund_id)
    person_in_scope(refund.person_id, scope)
    if refund.state != state:
        raise RefundNotPossible(problem=problem)
    return refund


def _move(refund: Refund, state: str, **fields: Any) -> None:
    moved = Refund.objects.filter(pk=refund.pk, state=refund.state).update(state=state, **fields)
    if not moved:
        raise SomeoneElseActed
    refund.refresh_from_db()


def _journal(entry: EntryType, refund: Refund, actor: Actor, at: dt.datetime, **told: str) -> None:
    write(
        entry,
        refund,
        actor=actor,
        at=at,
        person_id=refund.person_id,
        amount_dh=dirhams(refund.amount_centimes),
        **told,
    )


def _outcome(refund: Refund) -> RefundOutcome:
    return RefundOutcome(refund.pk, refund.state, refund.amount_centimes)
