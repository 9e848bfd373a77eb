"""The decision table of rights: what holds on a day, and the status that follows from it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The state of rights."""

    OPEN = "open"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    NONE = "none"


class Standing(NamedTuple):
    """A status and the code of its reason."""

    status: Status
    reason: str


class Situation(NamedTuple):
    """What holds on one day; the decision looks at nothing else.

    `waiting`: the months of the waiting period are not over; `wait_unpaid`: they are not all paid;
    `interrupted`: after a long time without payment, the new waiting period is not over.
    """

    deceased: bool
    ever_enrolled: bool
    active: bool
    waiting: bool
    wait_unpaid: bool
    continued: bool
    unpaid: bool
    ever_paid: bool
    relief_waiting: bool
    interrupted: bool


NOT_ENROLLED = Standing(Status.NONE, "not_enrolled")
_ENDED = Standing(Status.CLOSED, "activity_ended")
_FIRST_PAYMENT = Standing(Status.WAITING, "first_payment_awaited")


def standing(now: Situation) -> Standing:
    """The decision table of rights."""
    if now.deceased and now.ever_enrolled:
        return Standing(Status.CLOSED, "deceased")
    if not now.active and (now.waiting or not now.continued):
        return _ENDED if now.ever_enrolled else NOT_ENROLLED
    if now.active and now.waiting:
        return Standing(Status.WAITING, "waiting_period")
    if now.unpaid:
        return Standing(Status.SUSPENDED, "unpaid_months" if now.ever_paid else "never_paid")
    return _nothing_owed(now)


def _nothing_owed(now: Situation) -> Standing:
    """Whoever has nothing overdue waits, or has open rights."""
    if now.relief_waiting:
        return Standing(Status.WAITING, "relief_waiting_period")
    if now.interrupted:
        return Standing(Status.WAITING, "interruption_waiting_period")
    if not now.ever_paid:
        return _FIRST_PAYMENT if now.active else _ENDED
    if not now.active:
        return Standing(Status.OPEN, "continued_after_activity")
    if now.wait_unpaid:
        return Standing(Status.WAITING, "waiting_months_unpaid")
    return Standing(Status.OPEN, "paid_up")
