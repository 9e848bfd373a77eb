"""Enrolments and dependants: every verb in every state, allowed or refused by name.

This one table is what the database's checks, the tests and docs/states.md are held against.
"""

from __future__ import annotations

from qafila.enrolment.models import Dependant, Enrolment, LifeEvent

NEW = "(none)"
"""The state of what does not exist yet, or no more."""

ENROLMENT_STATES = (NEW, *Enrolment.State.values)
DEPENDANT_STATES = (NEW, *Dependant.State.values)
LIFE_EVENT_STATES = (NEW, *LifeEvent.State.values)

ENROLMENT_MOVES: dict[str, dict[str, str]] = {
    "declare_enrolment": {NEW: "declared", "closed": "declared"},
    "declare_registered": {NEW: "declared"},
    "enrol_listed_at_fund": {NEW: "enrolled", "declared": "enrolled"},
    "confirm_enrolment": {"declared": "enrolled"},
    "close_enrolment": {"declared": "closed", "enrolled": "closed"},
    "change_category": {"declared": "closed", "enrolled": "closed"},
    "reopen_enrolment": {"closed": "enrolled"},
    "decide_enrolment": {"declared": "declared", "enrolled": "enrolled"},
    "correct_facts": {"declared": "declared", "enrolled": "enrolled"},
    "state_no_family": {"declared": "declared", "enrolled": "enrolled"},
}
"""verb → state before → state after. A pair that is absent is refused.

`declare_enrolment` after a closed enrolment makes a new one; `change_category` closes one enrolment
and opens another in the state the first was in; `reopen_enrolment` opens one that had no fund
number yet as declared. A death told (`LIFE_EVENT_MOVES`) closes the person's enrolment; taken back,
it is open again, unless the person was declared again meanwhile.
"""

ENROLMENT_REFUSALS: dict[str, str] = {
    "declare_enrolment": "already_enrolled",
    "confirm_enrolment": "enrolment_not_declared",
    "close_enrolment": "enrolment_not_open",
    "change_category": "enrolment_not_open",
    "reopen_enrolment": "enrolment_not_ended",
    "decide_enrolment": "enrolment_not_open",
    "correct_facts": "enrolment_not_open",
    "state_no_family": "enrolment_not_open",
}
"""The error code with which a verb on one person refuses the other states."""

DEPENDANT_MOVES: dict[str, dict[str, str]] = {
    "note_dependants": {NEW: "mentioned"},
    "declare_dependant": {NEW: "declared", "mentioned": "declared", "refused": "declared"},
    "remove_dependant": {"mentioned": NEW, "declared": "refused"},
    "merge_persons": {"declared": "doubled"},
    "undo_merge": {"doubled": "declared"},
}
DEPENDANT_REFUSALS: dict[str, str] = {
    "declare_dependant": "already_declared",
    "remove_dependant": "dependant_not_declared",
}

LIFE_EVENT_MOVES: dict[str, dict[str, str]] = {
    "tell_life_event": {NEW: "told"},
    "end_life_event": {"told": "told"},
    "take_back_life_event": {"told": "taken_back"},
}
LIFE_EVENT_REFUSALS: dict[str, str] = {
    "tell_life_event": "event_already_told",
    "end_life_event": "event_taken_back",
    "take_back_life_event": "event_taken_back",
}


def enrolment_after(verb: str, state: str) -> str | None:
    """The state `verb` leads to from `state`, or None when it is refused there."""
    return ENROLMENT_MOVES[verb].get(state)


def dependant_after(verb: str, state: str) -> str | None:
    """The state `verb` leads to from `state`, or None when it is refused there."""
    return DEPENDANT_MOVES[verb].get(state)


def life_event_after(verb: str, state: str) -> str | None:
    """The state `verb` leads to from `state`, or None when it is refused there."""
    return LIFE_EVENT_MOVES[verb].get(state)
