"""Who acts in the demonstration where a person is needed, not a job."""

from __future__ import annotations

from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.trail import system_actor


def desk(name: str) -> Actor:
    """Somebody at the fund: refunds and plans need people, not jobs."""
    known = system_actor(name)
    return Actor.holding(known.id, known.name, {Role.FUND_LIAISON, Role.SYSTEM}, WHOLE_COUNTRY)
