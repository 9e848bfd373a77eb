"""Who may post, book, reverse and decide; reading follows the scope."""

from __future__ import annotations

from qafila.foundation.actors import Actor, Role

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


def require_noting(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may note a payment from its receipt."""
    actor.require(*NOTING_ROLES)


def require_posting(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may run a month, book or reverse payments."""
    actor.require(*POSTING_ROLES)


def require_deciding(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may agree a plan, decide relief or end a work item."""
    actor.require(*DECIDING_ROLES)


def require_asking(actor: Actor) -> None:
    """Raise NotAllowed unless the actor may take a person's request."""
    actor.require(*ASKING_ROLES)
