"""What the places of traces are called, and the kinds of traces and of cases."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_MONEY = _("Contributions of the person")
_FAMILY = _("Family of the person")
_FUND = _("The person at the fund")
_REGISTER = _("The person on the register")
_CARE = _("Care of the person")
_ROWS = _("List rows and merges of the person")
_IDENTITY = _("Identity and contacts")
_COMMAND = _("Command line of the server")
_GROUPS: dict[Promise, Iterable[str]] = {
    _("The file"): ("file", "journal", "years", "begin_file", "close_begun"),
    _("Traces of the person"): ("audit", "audit_file"),
    _("The person's data as a file"): ("own_data",),
    _IDENTITY: ("correct", "contact", "consents", "privacy"),
    _MONEY: (
        *("money", "payment", "plan", "end_plan", "receipt", "statement", "relief", "note"),
        *("payment_reverse", "choose_year_payment", "final_tax", "take_back_tax"),
        *("take_back_note", "person_refund"),
    ),
    _FAMILY: (
        *("family", "no_family", "remove_member", "tell_event", "take_back_event", "end_event"),
        *("join_household", "leave_household", "correct_declaration"),
    ),
    _FUND: ("fund", "declare_enrolment"),
    _REGISTER: ("register", "application", "decide_application", "strike_off_entry"),
    _CARE: ("claim", "claims", "claims_statement", "declare_claim", "estimate"),
    _ROWS: ("lists", "merge_files", "undo_merge", "part_pair", "separate_row"),
    _("Attestations"): ("attestation", "attestations", "withdraw_attestation"),
    _("Personal link"): ("mine", "link", "withdraw_link"),
    _("Search"): ("people", "audit_search"),
    _("Files of other territories"): ("people_elsewhere", "access_requests", "begin_file"),
    _("Arrears"): ("arrears",),
    _("Register applications"): ("applications",),
    _("Anomalies"): ("anomalies",),
    _("Imported lists"): ("list_import", "list_remarks", "list_rows", "rejected_rows"),
    _("Pairs to review"): ("review", "review_file", "my_decisions"),
    _("Recorded receipts"): ("payment_notes",),
    _("Payments with money left over"): ("credits",),
    _("People behind a figure"): ("people_behind",),
    _("Month's contributions"): ("run_parked", "run_differences", "run_differences_file"),
    _("Traces of an agent"): ("audit_agent", "audit_agent_file"),
    _COMMAND: ("cli rights", "cli statement", "family cover", "family events", "cli people"),
}
PLACES: dict[str, Promise] = {place: word for word, group in _GROUPS.items() for place in group}
"""Place of a trace → what people call it."""

KINDS: dict[str, Promise] = {
    "read": pgettext_lazy("trace", "Saw"),
    "listed": pgettext_lazy("trace", "Saw a list"),
    "changed": pgettext_lazy("trace", "Changed"),
    "checked": pgettext_lazy("trace", "Asked whether the person is covered"),
    "signed_in": pgettext_lazy("trace", "Signed in"),
    "signed_out": pgettext_lazy("trace", "Signed out"),
    "wrong_password": pgettext_lazy("trace", "Wrong password"),
    "wrong_code": pgettext_lazy("trace", "Wrong code of the second factor"),
    "locked_out": pgettext_lazy("trace", "Locked out after too many tries"),
}
CASES: dict[str, Promise] = {
    "many_files": _("Many files opened"),
    "many_listed": _("Many people on lists"),
    "odd_hours": _("Outside 7:00 to 20:00"),
    "elsewhere": _("People outside the territory"),
    "own_family": _("People of the agent's own family name"),
    "probing": _("Numbers looked for outside the territory"),
}
REASONS: dict[str, Promise] = {
    "serving": pgettext_lazy("reading", "Serving the person"),
    "reviewing": pgettext_lazy("reading", "Reviewing pairs"),
    "following_up": pgettext_lazy("reading", "Following up"),
    "auditing": pgettext_lazy("reading", "Auditing"),
}


def place_word(place: str) -> str:
    """What people call the place of a trace; a verb of the fund's page is the fund's."""
    if place.startswith("enrolment_"):
        return str(_FUND)
    return str(PLACES.get(place, place))
