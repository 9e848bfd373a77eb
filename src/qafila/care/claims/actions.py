"""Every verb of `states.py` on claims for care."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import qafila_law
from qafila.care import access, errors, journal
from qafila.care.claims import states
from qafila.care.models import Claim
from qafila.care.tariffs.assessing import PAYABLE, estimate, finding_sentence
from qafila.care.tariffs.tariffs import (
    tariff_on,
)
from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.people.access import person_to_change

MOST_DOCUMENTS = 99


@dataclass(frozen=True)
class ClaimMoved:
    """A claim after a verb; `finding` and the amount stay empty until it is assessed."""

    claim_id: int
    state: str
    finding: str = ""
    reimbursed_centimes: int | None = None


def declare_claim(
    *,
    insured_id: int,
    patient_id: int | None = None,
    act_code: str,
    care_on: dt.date,
    paid_centimes: int,
    place: str = "",
    illness: str = "",
    documents: int = 0,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Declare care that was paid for; the papers follow. The patient is the insured by default.

    `documents` counts the papers. Raises NotAllowed, NotFoundInScope, CareInTheFuture,
    AmountNotPositive, DocumentsNotCounted, ActNotFound, PatientNotOfFamily, CareNotReckoned and
    ClaimedAlready.
    """
    access.require_receiving(actor)
    today = day_of(at)
    if care_on > today:
        raise errors.CareInTheFuture(care_on=care_on.isoformat())
    if paid_centimes <= 0:
        raise errors.AmountNotPositive
    if not 0 <= documents <= MOST_DOCUMENTS:
        raise errors.DocumentsNotCounted(most=MOST_DOCUMENTS)

    def do() -> dict[str, Any]:
        insured = person_to_change(insured_id, actor.scope)
        act, patient = tariff_on(act_code, care_on), patient_id or insured.pk
        # Nobody declares what could not be reckoned later: the rules are asked once now.
        estimate(
            insured_id=insured.pk, patient_id=patient, act_code=act.code, care_on=care_on,
            paid_centimes=paid_centimes, place=place, illness=illness, scope=actor.scope,
        )  # fmt: skip
        _refuse_second(patient, act.code, care_on, paid_centimes)
        claim = Claim.objects.create(
            insured=insured, patient_id=patient, act_code=act.code, care_on=care_on, place=place,
            illness=illness, documents=documents, paid_by_person_centimes=paid_centimes,
            declared_on=today,
            state=states.CLAIM_MOVES["declare_claim"][states.NEW],
        )  # fmt: skip
        _write(journal.CLAIM_DECLARED, claim, actor=actor, at=at)
        return _told(claim)

    return ClaimMoved(**once(command_id, "care.declare_claim", actor=actor, at=at, do=do))


def receive_claim(
    *, claim_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ClaimMoved:
    """Note that the papers came; the time limit counts to this day.

    Raises NotAllowed, NotFoundInScope, ClaimNotDeclared.
    """
    access.require_receiving(actor)
    received = day_of(at)
    return _carry_out(
        "receive_claim", claim_id, journal.CLAIM_RECEIVED, actor, at, command_id,
        received_on=received,
    )  # fmt: skip


def assess_claim(
    *, claim_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ClaimMoved:
    """Hold the claim against rights and tariff of the day of care, and the time limit.

    Assessing again takes what is known now: rights may have been put right since. Raises
    NotAllowed, NotFoundInScope, ClaimNotReceived, ActNotFound, PatientNotOfFamily, CareNotReckoned.
    """
    access.require_deciding(actor)

    def do() -> dict[str, Any]:
        claim = access.get_claim(claim_id, scope=actor.scope, lock=True)
        _require_move(claim, "assess_claim")
        found = estimate(
            insured_id=claim.insured_id, patient_id=claim.patient_id, act_code=claim.act_code,
            care_on=claim.care_on, paid_centimes=claim.paid_by_person_centimes,
            place=claim.place, illness=claim.illness, filed_on=claim.received_on,
            deadline_waived=claim.deadline_waived, scope=actor.scope,
        )  # fmt: skip
        _move(claim, "assess_claim", finding=found.finding,
              reimbursed_centimes=found.reimbursed_centimes)  # fmt: skip
        amount = qafila_law.dirhams(found.reimbursed_centimes)
        _write(journal.CLAIM_ASSESSED, claim, actor=actor, at=at, amount=amount)
        return _told(claim)

    return ClaimMoved(**once(command_id, "care.assess_claim", actor=actor, at=at, do=do))


def pay_claim(
    *,
    claim_id: int,
    reference: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Note that the fund paid what was assessed, under the reference of its transfer.

    Raises NotAllowed, NotFoundInScope, ReferenceMissing, ClaimNotAssessed, ClaimNotPayable.
    """
    access.require_deciding(actor)
    if not reference.strip():
        raise errors.ReferenceMissing

    def do() -> dict[str, Any]:
        claim = access.get_claim(claim_id, scope=actor.scope, lock=True)
        _require_move(claim, "pay_claim")
        if claim.finding != PAYABLE:
            raise errors.ClaimNotPayable(why=finding_sentence(claim.finding, claim.care_on))
        paid_on = day_of(at)
        _move(claim, "pay_claim", paid_on=paid_on, payment_reference=reference.strip()[:40],
              decided_at=at, decided_by_id=actor.id)  # fmt: skip
        amount = qafila_law.dirhams(claim.reimbursed_centimes or 0)
        _write(journal.CLAIM_PAID, claim, actor=actor, at=at, amount=amount,
               reference=claim.payment_reference)  # fmt: skip
        return _told(claim)

    return ClaimMoved(**once(command_id, "care.pay_claim", actor=actor, at=at, do=do))


def refuse_claim(
    *,
    claim_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Refuse a claim, saying why; the person can appeal.

    Raises NotAllowed, NotFoundInScope, ReasonMissing, ClaimNotOpen.
    """
    access.require_deciding(actor)
    told = _reason(reason)
    return _carry_out(
        "refuse_claim", claim_id, journal.CLAIM_REFUSED, actor, at, command_id, reason=told,
        refusal_reason=told, decided_at=at, decided_by_id=actor.id,
    )  # fmt: skip


def appeal_claim(
    *,
    claim_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Take the person's appeal against a refusal, in their words.

    Raises NotAllowed, NotFoundInScope, ReasonMissing, ClaimNotRefused.
    """
    access.require_receiving(actor)
    told = _reason(reason)
    return _carry_out(
        "appeal_claim", claim_id, journal.CLAIM_APPEALED, actor, at, command_id, reason=told,
        appeal_reason=told,
    )  # fmt: skip


def grant_appeal(
    *,
    claim_id: int,
    waive_deadline: bool = False,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Open a refused claim again for assessment; `waive_deadline` when filing late is excused.

    Raises NotAllowed, NotFoundInScope, ClaimNotAppealed.
    """
    access.require_deciding(actor)
    return _carry_out(
        "grant_appeal", claim_id, journal.APPEAL_GRANTED, actor, at, command_id,
        deadline_waived=waive_deadline, refusal_reason="", finding="", reimbursed_centimes=None,
    )  # fmt: skip


def reject_appeal(
    *,
    claim_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Uphold the refusal, saying why. Raises as `grant_appeal`, and ReasonMissing."""
    access.require_deciding(actor)
    told = _reason(reason)
    return _carry_out(
        "reject_appeal", claim_id, journal.APPEAL_REJECTED, actor, at, command_id, reason=told,
        refusal_reason=told, decided_at=at, decided_by_id=actor.id,
    )  # fmt: skip


def withdraw_claim(
    *, claim_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ClaimMoved:
    """Take a claim back at the person's wish. Raises NotAllowed, ClaimPastWithdrawing."""
    access.require_receiving(actor)
    return _carry_out("withdraw_claim", claim_id, journal.CLAIM_WITHDRAWN, actor, at, command_id)


def undo_decision(
    *,
    claim_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Take back a decision made by mistake, saying why: the claim waits for it again.

    A payment undone is one the fund did not make or got back. Raises NotAllowed, NotFoundInScope,
    ReasonMissing, ClaimNotDecided.
    """
    access.require_deciding(actor)
    return _carry_out(
        "undo_decision", claim_id, journal.DECISION_UNDONE, actor, at, command_id,
        reason=_reason(reason), refusal_reason="", decided_at=None, decided_by_id=None,
        paid_on=None, payment_reference="",
    )  # fmt: skip


def _carry_out(
    verb: str,
    claim_id: int,
    entry: foundation_journal.EntryType,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None,
    *,
    reason: str = "",
    **changes: Any,
) -> ClaimMoved:
    """The verbs that ask no rule beyond the table: load, move, journal."""

    def do() -> dict[str, Any]:
        claim = access.get_claim(claim_id, scope=actor.scope, lock=True)
        _require_move(claim, verb)
        _move(claim, verb, **changes)
        _write(entry, claim, actor=actor, at=at, **({"reason": reason} if reason else {}))
        return _told(claim)

    return ClaimMoved(**once(command_id, f"care.{verb}", actor=actor, at=at, do=do))


def _refuse_second(patient_id: int, act_code: str, care_on: dt.date, paid: int) -> None:
    same = Claim.objects.filter(
        patient_id=patient_id, act_code=act_code, care_on=care_on, paid_by_person_centimes=paid
    )
    earlier = same.exclude(state=Claim.State.WITHDRAWN).first()
    if earlier:
        raise errors.ClaimedAlready(claim=earlier.pk)


def _require_move(claim: Claim, verb: str) -> None:
    if states.claim_after(verb, claim.state) is None:
        raise errors.BY_CODE[states.CLAIM_REFUSALS[verb]]


def _move(claim: Claim, verb: str, **changes: Any) -> None:
    """Compare-and-swap to the state the verb leads to, with `changes`."""
    held = Claim.objects.filter(pk=claim.pk, state=claim.state)
    if not held.update(state=states.claim_after(verb, claim.state), **changes):
        raise SomeoneElseActed
    claim.refresh_from_db()


def _reason(reason: str) -> str:
    if not reason.strip():
        raise errors.ReasonMissing
    return reason.strip()


def _write(
    entry: foundation_journal.EntryType, claim: Claim, *, actor: Actor, at: dt.datetime, **data: Any
) -> None:
    foundation_journal.write(entry, claim, actor=actor, at=at, person_id=claim.insured_id, **data)


def _told(claim: Claim) -> dict[str, Any]:
    return {
        "claim_id": claim.pk,
        "state": claim.state,
        "finding": claim.finding,
        "reimbursed_centimes": claim.reimbursed_centimes,
    }
