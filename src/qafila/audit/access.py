"""Who watches over those who look at people's files, and whom they may watch."""

from __future__ import annotations

from qafila.foundation.actors import ANYWHERE, Actor, Role, Scope, Where

WATCHING = (Role.AUDITOR, Role.ADMINISTRATOR)


def may_audit(actor: Actor, province: Where = ANYWHERE) -> bool:
    """Auditors and administrators read the traces, within their territory."""
    return actor.has(*WATCHING, province=province)


def traces_seen_by(actor: Actor) -> Scope:
    """Where the actor reads the traces; NotAllowed where nowhere."""
    return actor.require(*WATCHING)


def may_close_cases(actor: Actor) -> bool:
    """Auditors alone close a case of unusual reading."""
    return actor.has(Role.AUDITOR)


def require_closing(actor: Actor) -> Scope:
    """Where the actor closes cases of unusual reading; NotAllowed where nowhere."""
    return actor.require(Role.AUDITOR)


def require_searching(actor: Actor) -> None:
    """Raise NotAllowed unless the house itself searches the traces of the country."""
    actor.require_everywhere(Role.SYSTEM)
