"""Who may post, book, reverse and decide; reading follows the scope."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.enrolment.access import CONFIRMING
from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where

# The fund's liaison handles the money files; the lead answers for the national run; jobs run both.
POSTING_ROLES = (Role.FUND_LIAISON, Role.PROGRAMME_LEAD, Role.SYSTEM)
DECIDING_ROLES = (Role.FUND_LIAISON, Role.PROGRAMME_LEAD)
# Counters and chambers receive the request; the fund decides it.
ASKING_ROLES = (
    Role.COUNTER_AGENT,
    Role.CHAMBER_STAFF,
    Role.FUND_LIAISON,
    Role.PROGRAMME_LEAD,
    Role.SYSTEM,
)

# A receipt shown at a counter is noted, not booked: the money is the fund's to confirm.
NOTING_ROLES = (Role.COUNTER_AGENT, Role.CHAMBER_STAFF, Role.FUND_LIAISON)


SETTLING_ROLES = tuple(role for role in CONFIRMING if role in POSTING_ROLES)
_SEEING_ANOMALIES = (
    Role.COUNTER_AGENT,
    Role.CHAMBER_STAFF,
    Role.DIRECTORATE,
    Role.FUND_LIAISON,
    Role.PROGRAMME_LEAD,
    Role.AUDITOR,
)


def require_noting(actor: Actor) -> Scope:
    """Where the actor may note a payment from its receipt; NotAllowed where nowhere."""
    return actor.require(*NOTING_ROLES)


def require_posting(actor: Actor) -> Scope:
    """Where the actor may run a month, book or reverse payments; NotAllowed where nowhere."""
    return actor.require(*POSTING_ROLES)


def require_posting_everywhere(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may post for the whole country: months and whole files."""
    actor.require_everywhere(*POSTING_ROLES)


def require_posting_of(person_ids: Sequence[int] | None, actor: Actor) -> None:
    """Raise NotAllowed unless the actor may post; for everybody (None), in the whole country.

    Whoever names persons has found them in their own territory.
    """
    if person_ids is None:
        require_posting_everywhere(actor)
    else:
        require_posting(actor)


def require_deciding(actor: Actor) -> Scope:
    """Where the actor may agree a plan or end an anomaly; NotAllowed where nowhere."""
    return actor.require(*DECIDING_ROLES)


def require_asking(actor: Actor) -> Scope:
    """Where the actor may take a person's request; NotAllowed where nowhere."""
    return actor.require(*ASKING_ROLES)


def may_post(actor: Actor, province: Where = ANYWHERE) -> bool:
    """The fund's liaison and the programme lead run months, book and reverse payments."""
    return actor.has(*POSTING_ROLES, province=province)


def may_post_everywhere(actor: Actor) -> bool:
    """Those who post for the whole country run months and book files of payments."""
    return actor.scope_of(*POSTING_ROLES).national


def may_decide_money(actor: Actor, province: Where = ANYWHERE) -> bool:
    """The fund's liaison and the programme lead agree plans and end anomalies."""
    return actor.has(*DECIDING_ROLES, province=province)


def may_note(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, chambers and the fund note a payment from its receipt."""
    return actor.has(*NOTING_ROLES, province=province)


def may_ask_relief(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, chambers, the fund and the lead take a person's request for relief."""
    return actor.has(*ASKING_ROLES, province=province)


def may_see_books(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Who posts sees runs and files of payments, and so does the auditor."""
    return actor.has(*POSTING_ROLES, Role.AUDITOR, province=province)


def may_see_notes(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Who notes receipts or posts sees those that wait, and so does the auditor."""
    return actor.has(*NOTING_ROLES, *POSTING_ROLES, Role.AUDITOR, province=province)


def may_see_arrears(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Everybody on the staff but administrators sees whom to call about arrears."""
    return actor.has(*_SEEING_ANOMALIES, Role.FIELD_AGENT, province=province)


def may_see_anomalies(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Everybody on the staff but field agents and administrators sees what is wrong."""
    return actor.has(*_SEEING_ANOMALIES, province=province)


def books_seen_by(actor: Actor) -> Scope:
    """Where the actor may see runs, files of payments and credits."""
    return actor.scope_of(*POSTING_ROLES, Role.AUDITOR)


def notes_seen_by(actor: Actor) -> Scope:
    """Where the actor may see the receipts that wait."""
    return actor.scope_of(*NOTING_ROLES, *POSTING_ROLES, Role.AUDITOR)


def arrears_seen_by(actor: Actor) -> Scope:
    """Where the actor may see whom to call about arrears."""
    return actor.scope_of(*_SEEING_ANOMALIES, Role.FIELD_AGENT)


def anomalies_seen_by(actor: Actor) -> Scope:
    """Where the actor may see what is wrong."""
    return actor.scope_of(*_SEEING_ANOMALIES)


def may_settle_years(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Who speaks for the fund and may post writes down a final tax: the fund's liaison."""
    return actor.has(*SETTLING_ROLES, province=province)


def require_settling_years(actor: Actor) -> Scope:
    """Where the actor may write down a final tax; NotAllowed where nowhere."""
    return actor.require(*SETTLING_ROLES)
