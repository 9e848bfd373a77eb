"""Claims for care: every verb in every state, allowed or refused by name.

This one table is what the database's checks, the tests and docs/states.md are held against.
"""

from __future__ import annotations

from qafila.care.models import Claim

NEW = "(none)"
"""The state of what does not exist yet."""

CLAIM_STATES = (NEW, *Claim.State.values)

CLAIM_MOVES: dict[str, dict[str, str]] = {
    "declare_claim": {NEW: "declared"},
    "receive_claim": {"declared": "received"},
    "assess_claim": {"received": "assessed", "assessed": "assessed"},
    "agree_as_doctor": {"assessed": "received"},
    "pay_claim": {"assessed": "paid"},
    "refuse_claim": {"received": "refused", "assessed": "refused"},
    "appeal_claim": {"refused": "appealed"},
    "grant_appeal": {"appealed": "received"},
    "reject_appeal": {"appealed": "rejected"},
    "withdraw_claim": {"declared": "withdrawn", "received": "withdrawn"},
    "undo_decision": {"paid": "assessed", "refused": "received", "rejected": "appealed"},
}
"""verb → state before → state after. A pair that is absent is refused."""

CLAIM_REFUSALS: dict[str, str] = {
    "declare_claim": "claimed_already",
    "receive_claim": "claim_not_declared",
    "assess_claim": "claim_not_received",
    "agree_as_doctor": "no_doctor_asked",
    "pay_claim": "claim_not_assessed",
    "refuse_claim": "claim_not_open",
    "appeal_claim": "claim_not_refused",
    "grant_appeal": "claim_not_appealed",
    "reject_appeal": "claim_not_appealed",
    "withdraw_claim": "claim_past_withdrawing",
    "undo_decision": "claim_not_decided",
}
"""The error code with which a verb refuses the other states."""


def claim_after(verb: str, state: str) -> str | None:
    """The state `verb` leads to from `state`, or None when it is refused there."""
    return CLAIM_MOVES[verb].get(state)
