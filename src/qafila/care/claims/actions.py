"""Every verb of `states.py` on claims for care."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import qafila_law
from qafila.care import access, errors, journal
from qafila.care.claims import states
from qafila.care.claims.claim_estimate import estimate_of
from qafila.care.claims.plausibility import (
    doubts_about,
    insured_and_patient,
    refuse_new_doubts,
    refuse_second,
    require_alive_on,
)
from qafila.care.models import Claim
from qafila.care.tariffs.assessing import DOCTOR_ASKED, PAYABLE, estimate, finding_sentence
from qafila.care.tariffs.tariffs import (
    tariff_on,
)
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.idempotency import once

MOST_DOCUMENTS, MOST_QUANTITY = 99, 99


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
    quantity: int = 1,
    another_time: bool = False,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Declare care that was paid for; the papers follow. The patient is the insured by default.

    `documents` counts the papers, `quantity` the boxes or sessions; `another_time` says that the
    act was done again on the day of an earlier claim. Raises NotAllowed, NotFoundInScope,
    CareInTheFuture, AmountNotPositive, DocumentsNotCounted, QuantityNotPossible, ActNotFound,
    PatientNotOfFamily, CareBeforeBirth, CareOfTheDead, CareNotAssessed and ClaimedAlready.
    """
    scope = access.require_receiving(actor)
    today = day_of(at)
    if care_on > today:
        raise errors.CareInTheFuture(care_on=care_on)
    if paid_centimes <= 0:
        raise errors.AmountNotPositive
    if not 0 <= documents <= MOST_DOCUMENTS:
        raise errors.DocumentsNotCounted(most=MOST_DOCUMENTS)
    if not 1 <= quantity <= MOST_QUANTITY:
        raise errors.QuantityNotPossible(most=MOST_QUANTITY)

    def do() -> dict[str, Any]:
        insured, patient = insured_and_patient(insured_id, patient_id, scope)
        act = tariff_on(act_code, care_on)
        require_alive_on(patient, care_on)
        # Nobody declares what could not be assessed later: the rules are asked once now.
        estimate(
            insured_id=insured.pk,
            patient_id=patient.pk,
            act_code=act.code,
            care_on=care_on,
            paid_centimes=paid_centimes,
            quantity=quantity,
            place=place,
            illness=illness,
            scope=scope,
        )
        if not another_time:
            refuse_second(patient.pk, act.code, care_on)
        claim = Claim.objects.create(
            insured=insured,
            patient=patient,
            act_code=act.code,
            care_on=care_on,
            place=place,
            illness=illness,
            documents=documents,
            quantity=quantity,
            another_time=another_time,
            paid_by_person_centimes=paid_centimes,
            declared_on=today,
            state=states.CLAIM_MOVES["declare_claim"][states.NEW],
        )
        _write(journal.CLAIM_DECLARED, claim, actor=actor, at=at)
        return _told(claim)

    return ClaimMoved(**once(command_id, "care.declare_claim", actor=actor, at=at, do=do))


def receive_claim(
    *, claim_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ClaimMoved:
    """Note that the papers came; the time limit counts to this day.

    Raises NotAllowed, NotFoundInScope, ClaimNotDeclared.
    """
    scope = access.require_receiving(actor)
    received = day_of(at)
    return _carry_out(
        "receive_claim", claim_id, journal.CLAIM_RECEIVED, actor, at, command_id, scope=scope,
        received_on=received,
    )  # fmt: skip


def assess_claim(
    *, claim_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ClaimMoved:
    """Hold the claim against rights and tariff of the day of care, and the time limit.

    What no act, patient or sum can be waits for a doctor (`plausibility.DOUBTS`). Assessing again
    takes what is known now: rights may have been put right since. Raises NotAllowed,
    NotFoundInScope, ClaimNotReceived, ActNotFound, PatientNotOfFamily, CareNotAssessed.
    """
    scope = access.require_deciding(actor)

    def do() -> dict[str, Any]:
        claim = access.get_claim(claim_id, scope=scope, lock=True)
        _require_move(claim, "assess_claim")
        found = estimate_of(claim, filed_on=claim.received_on, scope=scope)
        doubts = doubts_about(claim)
        agreed = set(claim.doubts.split()) if claim.doctor_agreed else set()
        asked = not set(doubts) <= agreed and found.finding == PAYABLE
        back = 0 if asked else found.reimbursed_centimes
        _move(claim, "assess_claim", finding=DOCTOR_ASKED if asked else found.finding,
              reimbursed_centimes=back, doubts=" ".join(doubts),
              doctor_agreed=claim.doctor_agreed and not asked)  # fmt: skip
        amount = qafila_law.dirhams(back)
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

    Raises NotAllowed, NotFoundInScope, ReferenceMissing, ClaimNotAssessed, ClaimNotPayable, and
    ClaimDoubted when something came up since the assessment, such as the same care in another file.
    """
    scope = access.require_deciding(actor)
    reference = typed_text.line(reference, most=40)
    if not reference:
        raise errors.ReferenceMissing

    def do() -> dict[str, Any]:
        claim = access.get_claim(claim_id, scope=scope, lock=True)
        _require_move(claim, "pay_claim")
        if claim.finding != PAYABLE:
            raise errors.ClaimNotPayable(why=finding_sentence(claim.finding, claim.care_on))
        refuse_new_doubts(claim)
        paid_on = day_of(at)
        _move(claim, "pay_claim", paid_on=paid_on, payment_reference=reference,
              decided_at=at, decided_by_id=actor.id)  # fmt: skip
        amount = qafila_law.dirhams(claim.reimbursed_centimes or 0)
        _write(journal.CLAIM_PAID, claim, actor=actor, at=at, amount=amount,
               reference=claim.payment_reference)  # fmt: skip
        return _told(claim)

    return ClaimMoved(**once(command_id, "care.pay_claim", actor=actor, at=at, do=do))


def agree_as_doctor(
    *,
    claim_id: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Note that the fund's doctor looked at the doubts and agrees, saying why; assess it again.

    Raises NotAllowed, NotFoundInScope, ReasonMissing, NoDoctorAsked.
    """
    scope = access.require_deciding(actor)
    told = _reason(reason)
    return _carry_out(
        "agree_as_doctor", claim_id, journal.DOCTOR_AGREED, actor, at, command_id, scope=scope,
        reason=told, found=DOCTOR_ASKED, doctor_agreed=True, finding="", reimbursed_centimes=None,
    )  # fmt: skip


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
    scope = access.require_deciding(actor)
    told = _reason(reason)
    return _carry_out(
        "refuse_claim", claim_id, journal.CLAIM_REFUSED, actor, at, command_id, scope=scope,
        reason=told, refusal_reason=told, decided_at=at, decided_by_id=actor.id,
    )  # fmt: skip


def appeal_claim(
    *,
    claim_id: int,
    reason: str,
    late_excuse: str = "",
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> ClaimMoved:
    """Take the person's appeal against a refusal, in their words.

    After the time limit an appeal is taken with the reason that excuses it. Raises NotAllowed,
    NotFoundInScope, ReasonMissing, ClaimNotRefused and AppealTooLate.
    """
    scope = access.require_receiving(actor)
    told, excuse = _reason(reason), typed_text.line(late_excuse)

    def in_time(claim: Claim) -> None:
        until = claim.decided_at and qafila_law.appeal_deadline(day_of(claim.decided_at))
        if until and day_of(at) > until and not excuse:
            raise errors.AppealTooLate(until=until.isoformat())

    return _carry_out(
        "appeal_claim", claim_id, journal.CLAIM_APPEALED, actor, at, command_id, scope=scope,
        reason=told, rule=in_time, appeal_reason=told, appeal_excuse=excuse,
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

    An excuse once found stays with the claim. Raises NotAllowed, NotFoundInScope, ClaimNotAppealed.
    """
    scope = access.require_deciding(actor)
    excused: dict[str, Any] = {"deadline_waived": True} if waive_deadline else {}
    return _carry_out(
        "grant_appeal", claim_id, journal.APPEAL_GRANTED, actor, at, command_id, scope=scope,
        refusal_reason="", finding="", reimbursed_centimes=None, **excused,
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
    scope = access.require_deciding(actor)
    told = _reason(reason)
    return _carry_out(
        "reject_appeal", claim_id, journal.APPEAL_REJECTED, actor, at, command_id, scope=scope,
        reason=told, refusal_reason=told, decided_at=at, decided_by_id=actor.id,
    )  # fmt: skip


def withdraw_claim(
    *, claim_id: int, actor: Actor, at: dt.datetime, command_id: uuid.UUID | None = None
) -> ClaimMoved:
    """Take a claim back at the person's wish. Raises NotAllowed, ClaimPastWithdrawing."""
    scope = access.require_receiving(actor)
    return _carry_out(
        "withdraw_claim", claim_id, journal.CLAIM_WITHDRAWN, actor, at, command_id, scope=scope
    )


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
    scope = access.require_deciding(actor)
    return _carry_out(
        "undo_decision", claim_id, journal.DECISION_UNDONE, actor, at, command_id, scope=scope,
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
    scope: Scope,
    reason: str = "",
    found: str | None = None,
    rule: Callable[[Claim], None] | None = None,
    **changes: Any,
) -> ClaimMoved:
    """The verbs that ask no rule beyond the table, `found` to be the finding, and one `rule`."""

    def do() -> dict[str, Any]:
        claim = access.get_claim(claim_id, scope=scope, lock=True)
        _require_move(claim, verb)
        if found not in (None, claim.finding):
            raise errors.BY_CODE[states.CLAIM_REFUSALS[verb]]
        if rule is not None:
            rule(claim)
        _move(claim, verb, **changes)
        _write(entry, claim, actor=actor, at=at, **({"reason": reason} if reason else {}))
        return _told(claim)

    return ClaimMoved(**once(command_id, f"care.{verb}", actor=actor, at=at, do=do))


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
    told = typed_text.note(reason)
    if not told:
        raise errors.ReasonMissing
    return told


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
