"""What the register writes into the journal."""

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

TRADES_LOADED = register(
    "register.trades_loaded", _("The list of trades was loaded (%(trades)d trades).")
)
LISTED_ENTERED = register(
    "register.listed_entered",
    _("%(entries)d people were entered under the number their list gives."),
)
APPLICATIONS_OPENED = register(
    "register.applications_opened", _("%(applications)d applications were opened from lists.")
)
APPLICATIONS_DECIDED = register(
    "register.applications_decided", _("%(accepted)d complete applications were accepted.")
)
APPLICATION_OPENED = register(
    "register.application_opened", _("An application to enter the register was opened.")
)
APPLICATION_COMPLETED = register(
    "register.application_completed", _("The application was completed.")
)
APPLICATION_SUBMITTED = register(
    "register.application_submitted", _("The application was submitted to the chamber.")
)
APPLICATION_ACCEPTED = register(
    "register.application_accepted",
    _("The application was accepted and the person entered under %(register_number)s."),
    personal=["register_number"],
)
APPLICATION_REFUSED = register(
    "register.application_refused",
    _("The application was refused: %(reason)s"),
    personal=["reason"],
)
ENTRY_STRUCK_OFF = register(
    "register.entry_struck_off",
    _("The entry %(register_number)s was struck off: %(reason)s"),
    personal=["register_number", "reason"],
)
ENTRY_ENDED_BY_DEATH = register(
    "register.entry_ended_by_death",
    _("The entry %(register_number)s was struck off because of the death on %(died)s."),
    personal=["register_number"],
)
ENTRY_HELD_AGAIN = register(
    "register.entry_held_again",
    _("The entry %(register_number)s holds again: the death was cancelled."),
    personal=["register_number"],
)
