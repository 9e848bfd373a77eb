"""Who may be in contact with people and note it; reading follows the scope."""

from __future__ import annotations

from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where

CONTACTING = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.DIRECTORATE,
    Role.FUND_LIAISON,
    Role.PROGRAMME_LEAD,
    Role.ADMINISTRATOR,
)


def may_contact(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Everybody on the staff but the auditor notes contacts."""
    return actor.has(*CONTACTING, province=province)


def require_contacting(actor: Actor) -> Scope:
    """Where the actor may note a contact; NotAllowed where nowhere."""
    return actor.require(*CONTACTING)
