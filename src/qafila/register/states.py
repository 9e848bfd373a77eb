"""Applications and entries: every verb in every state, allowed or refused by name.

This one table is what the database's checks, the tests and docs/states.md are held against.
"""

from __future__ import annotations

from qafila.register.models import Application, Entry

NEW = "(none)"
"""The state of what does not exist yet."""

APPLICATION_STATES = (NEW, *Application.State.values)
ENTRY_STATES = (NEW, *Entry.State.values)

APPLICATION_MOVES: dict[str, dict[str, str]] = {
    "open_application": {NEW: "incomplete"},
    "complete_application": {"incomplete": "incomplete"},
    "submit_application": {"incomplete": "submitted"},
    "accept_application": {"submitted": "accepted"},
    "refuse_application": {"submitted": "refused"},
    "decide_complete_applications": {"incomplete": "accepted", "submitted": "accepted"},
}
"""verb → state before → state after. A pair that is absent is refused."""

APPLICATION_REFUSALS: dict[str, str] = {
    "open_application": "application_already_open",
    "complete_application": "application_not_open",
    "submit_application": "application_not_open",
    "accept_application": "application_not_submitted",
    "refuse_application": "application_not_submitted",
    "decide_complete_applications": "application_not_open",
}
"""The error code with which a verb refuses the other states."""

ENTRY_MOVES: dict[str, dict[str, str]] = {
    "accept_application": {NEW: "active"},
    "enter_listed": {NEW: "active"},
    "strike_off_entry": {"active": "struck_off"},
    "strike_off_dead": {"active": "struck_off"},
    "hold_entries_again": {"struck_off": "active"},
}
ENTRY_REFUSALS: dict[str, str] = {
    "accept_application": "already_entered",
    "enter_listed": "register_number_taken",
    "strike_off_entry": "entry_already_struck_off",
}


def application_after(verb: str, state: str) -> str | None:
    """The state `verb` leads to from `state`, or None when it is refused there."""
    return APPLICATION_MOVES[verb].get(state)


def entry_after(verb: str, state: str) -> str | None:
    """The state `verb` leads to from `state`, or None when it is refused there."""
    return ENTRY_MOVES[verb].get(state)
