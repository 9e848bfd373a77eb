"""Who may have rights rebuilt; reading follows the scope."""

from __future__ import annotations

from qafila.foundation.actors import Actor, Role

REBUILDING_ROLES = (Role.FUND_LIAISON, Role.PROGRAMME_LEAD, Role.SYSTEM)


def require_rebuilding(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may rebuild rights."""
    actor.require(*REBUILDING_ROLES)
