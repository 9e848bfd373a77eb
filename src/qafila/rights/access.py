"""Who may have rights rebuilt; reading follows the scope."""

from __future__ import annotations

from collections.abc import Sequence

from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where

REBUILDING_ROLES = (Role.FUND_LIAISON, Role.PROGRAMME_LEAD, Role.SYSTEM)


ATTESTING_ROLES = (
    Role.COUNTER_AGENT,
    Role.FIELD_AGENT,
    Role.CHAMBER_STAFF,
    Role.FUND_LIAISON,
    Role.ADMINISTRATOR,
    Role.SYSTEM,
)


def may_attest(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Counters, field agents, chambers, the fund and administrators print attestations."""
    return actor.has(*ATTESTING_ROLES, province=province)


def require_attesting(actor: Actor) -> Scope:
    """Where the actor may make and withdraw attestations; NotAllowed where nowhere."""
    return actor.require(*ATTESTING_ROLES)


def require_rebuilding(actor: Actor, person_ids: Sequence[int] | None = None) -> None:
    """Raise NotAllowed unless the actor may rebuild rights; everybody's, in the whole country.

    Whoever names persons has found them in their own territory.
    """
    if person_ids is None:
        actor.require_everywhere(*REBUILDING_ROLES)
    else:
        actor.require(*REBUILDING_ROLES)
