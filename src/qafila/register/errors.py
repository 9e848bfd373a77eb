"""What the register refuses, as whole sentences."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class ApplicationAlreadyOpen(DomainError):
    code = "application_already_open"
    template = _(
        "This person already has an open application. Open it from their file and go on there."
    )


class AlreadyEntered(DomainError):
    code = "already_entered"
    template = _(
        "This person is already in the register under %(register_number)s. "
        "A second entry is not needed."
    )


class ApplicationNotOpen(DomainError):
    code = "application_not_open"
    template = _(
        "This application is no longer open, so it cannot be changed. "
        "Open a new one if the person applies again."
    )


class ApplicationNotSubmitted(DomainError):
    code = "application_not_submitted"
    template = _(
        "This application was not submitted, so it cannot be decided. Complete and submit it first."
    )


class ApplicationStillIncomplete(DomainError):
    code = "application_still_incomplete"
    template = _("The application still lacks: %(missing)s. Add it, then submit again.")


class TradeNotFound(DomainError):
    code = "trade_not_found"
    template = _("There is no such trade in the list. Choose one of the list, or write it as text.")


class RefusalNeedsReason(DomainError):
    code = "refusal_needs_reason"
    template = _("Write the reason: the person receives it and can appeal.")


class EntryAlreadyStruckOff(DomainError):
    code = "entry_already_struck_off"
    template = _("This entry is already struck off. Nothing was changed.")


BY_CODE: dict[str, type[DomainError]] = {
    error.code: error
    for error in (
        ApplicationAlreadyOpen,
        ApplicationNotOpen,
        ApplicationNotSubmitted,
        AlreadyEntered,
    )
}
"""The refusals named in `states.py`."""

MISSING_NAMES = {
    "card_number": _("the national identity card number"),
    "birth_date": _("the date of birth"),
    "place": _("the place where the person lives"),
    "trade": _("the trade"),
    "register_number_conflict": _("an answer about the register number another person also has"),
}


def names_of(missing: Iterable[str]) -> str:
    """What is missing, in words of the language in force, one after the other."""
    # Translators: what stands between two things of a list.
    return gettext(", ").join(str(MISSING_NAMES[code]) for code in missing)
