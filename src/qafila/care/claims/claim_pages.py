"""Claims as the fund's desk and the counter look at them: a queue, and one claim whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from qafila.care import access
from qafila.care.claims import states
from qafila.care.claims.claim_estimate import estimate_of
from qafila.care.claims.claim_lines import StatementLine, line_of
from qafila.care.claims.plausibility import doubts_told
from qafila.care.claims.time_limits import TimeLeft, papers_by
from qafila.care.models import Act, Claim
from qafila.care.tariffs.assessing import DOCTOR_ASKED, PAYABLE, Estimate
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import DomainError
from qafila.people.models import Person

WAITING = ("declared", "received", "assessed", "appealed")
"""The states in which somebody has to do something, in the order of the work."""

_DECIDING_VERBS = (
    "assess_claim",
    "agree_as_doctor",
    "pay_claim",
    "refuse_claim",
    "grant_appeal",
    "reject_appeal",
    "undo_decision",
)
_RECEIVING_VERBS = ("receive_claim", "appeal_claim", "withdraw_claim")


@dataclass(frozen=True)
class ClaimRow:
    """A claim in the queue, with the insured person and the time left for its papers."""

    line: StatementLine
    insured_id: int
    insured_name: str
    other_name: str
    card_number: str
    declared_on: dt.date
    time_left: TimeLeft | None


@dataclass(frozen=True)
class ClaimTold:
    """One claim whole: `estimate` is the law's answer today, or `refusal` why there is none."""

    row: ClaimRow
    act: Act | None
    place: str
    illness: str
    documents: int
    received_on: dt.date | None
    decided_on: dt.date | None
    payment_reference: str
    appeal_reason: str
    deadline_waived: bool
    finding: str
    estimate: Estimate | None
    refusal: str
    verbs: tuple[str, ...]
    quantity: int = 1
    doubts: tuple[str, ...] = ()


def claims_waiting(
    *, scope: Scope, state: str, today: dt.date, first: int = 0, limit: int = 25
) -> list[ClaimRow]:
    """Claims in one state whose insured person is in scope, the oldest care first."""
    found = _in_scope(scope).filter(state=state).order_by("care_on", "pk")
    claims = list(found.select_related("insured", "patient")[first : first + limit])
    acts = {act.code: act for act in Act.objects.filter(code__in={c.act_code for c in claims})}
    return [_row(claim, acts.get(claim.act_code), today) for claim in claims]


def claims_by_state(*, scope: Scope) -> dict[str, int]:
    """How many claims stand in each state in which somebody has to do something."""
    waiting = _in_scope(scope).filter(state__in=WAITING).order_by()
    counted = dict(waiting.values_list("state").annotate(Count("pk")))
    return {state: counted.get(state, 0) for state in WAITING}


def claim_told(claim_id: int, *, actor: Actor, today: dt.date) -> ClaimTold:
    """One claim with what the law says of it and the verbs open to the actor.

    Raises NotFoundInScope.
    """
    scope = access.claims_seen_by(actor)
    claim = access.get_claim(claim_id, scope=scope)
    act = Act.objects.filter(code=claim.act_code).order_by("-valid_from").first()
    found, refusal = None, ""
    try:
        found = estimate_of(claim, filed_on=claim.received_on, scope=scope)
    except DomainError as error:
        refusal = error.sentence()
    return ClaimTold(
        row=_row(claim, act, today),
        act=found.act if found else act,
        place=claim.place,
        illness=claim.illness,
        documents=claim.documents,
        received_on=claim.received_on,
        decided_on=day_of(claim.decided_at) if claim.decided_at else None,
        payment_reference=claim.payment_reference,
        appeal_reason=claim.appeal_reason,
        deadline_waived=claim.deadline_waived,
        finding=claim.finding,
        quantity=claim.quantity,
        doubts=tuple(doubts_told(claim.doubts.split())),
        estimate=found,
        refusal=refusal,
        verbs=tuple(_verbs(claim, actor)),
    )


def _verbs(claim: Claim, actor: Actor) -> list[str]:
    mine: tuple[str, ...] = ()
    province = claim.insured.province_id
    if access.may_receive_claims(actor, province):
        mine = _RECEIVING_VERBS
    if access.may_decide_claims(actor, province):
        mine = (*_DECIDING_VERBS, *_RECEIVING_VERBS)
    held_back = {"pay_claim"} if claim.finding != PAYABLE else set()
    if claim.finding != DOCTOR_ASKED:
        held_back.add("agree_as_doctor")
    open_now = (verb for verb in mine if states.claim_after(verb, claim.state))
    return [verb for verb in open_now if verb not in held_back]


def _in_scope(scope: Scope) -> QuerySet[Claim]:
    here = Q(insured__province_id__in=scope.province_codes)
    return Claim.objects.all() if scope.national else Claim.objects.filter(here)


def _row(claim: Claim, act: Act | None, today: dt.date) -> ClaimRow:
    insured: Person = claim.insured
    line = line_of(claim, act)
    open_for_papers = claim.state == Claim.State.DECLARED
    return ClaimRow(
        line=line,
        insured_id=insured.pk,
        insured_name=line.insured_name,
        other_name=line.insured_other_name,
        card_number=insured.card_number,
        declared_on=claim.declared_on,
        time_left=papers_by(claim.care_on, today) if open_for_papers else None,
    )
