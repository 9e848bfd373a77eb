"""Who may do what about care, and the one door to claims and partners."""

from __future__ import annotations

from qafila.care.models import Claim
from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where
from qafila.foundation.errors import NotFoundInScope
from qafila.people.access import lock_persons_of

RECEIVING = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.FUND_LIAISON,
    Role.ADMINISTRATOR,
    Role.SYSTEM,
)
"""Roles that take claims, their papers, appeals and withdrawals."""

DECIDING = (Role.FUND_LIAISON, Role.SYSTEM)
"""Roles that assess, pay and refuse: the fund's."""

SETTING_UP = (Role.ADMINISTRATOR, Role.SYSTEM)
"""Roles that import tariffs and register partners."""


def require_receiving(actor: Actor) -> Scope:
    """Where the actor may take claims and appeals; NotAllowed where nowhere."""
    return actor.require(*RECEIVING)


def require_deciding(actor: Actor) -> Scope:
    """Where the actor may assess, pay and refuse claims; NotAllowed where nowhere."""
    return actor.require(*DECIDING)


def require_setting_up(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may import tariffs and register partners."""
    actor.require_everywhere(*SETTING_UP)


def get_claim(claim_id: int, *, scope: Scope, lock: bool = False) -> Claim:
    """The claim with the insured and the patient; NotFoundInScope when there is none to be seen."""
    rows = Claim.objects.select_related("insured", "patient")
    if lock:
        lock_persons_of(Claim, claim_id, scope, "insured_id", "patient_id")
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=claim_id).first()
    if found is None or not scope.covers(found.insured.province_id):
        raise NotFoundInScope
    return found


def may_receive_claims(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, field agents, chambers, the fund and administrators take claims and appeals."""
    return actor.has(*RECEIVING, province=province)


def may_decide_claims(actor: Actor, province: Where = ANYWHERE) -> bool:
    """The fund assesses, pays and refuses claims."""
    return actor.has(*DECIDING, province=province)


def may_see_claims(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Care is private: those who take claims see them, those who decide them, and the auditor."""
    return actor.has(*RECEIVING, *DECIDING, Role.AUDITOR, province=province)


def may_set_up(actor: Actor) -> bool:
    """Administrators of the whole country look after the partners and their programs."""
    return actor.scope_of(Role.ADMINISTRATOR).national


def claims_seen_by(actor: Actor) -> Scope:
    """Where the actor may see claims."""
    return actor.scope_of(*RECEIVING, *DECIDING, Role.AUDITOR)


def may_estimate(actor: Actor) -> bool:
    """Everybody on the staff may ask what the law gives back: nobody's data is in the answer."""
    return actor.has(*RECEIVING, Role.AUDITOR, Role.PROGRAMME_LEAD, Role.DIRECTORATE)
