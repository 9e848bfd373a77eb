"""What the institutions room writes in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation import journal
from qafila.institutions.role_names import ROLE_NAMES

ROLE_WORDS = {role.value: name for role, name in ROLE_NAMES.items()}

INSTITUTIONS_LOADED = journal.register(
    "institutions.loaded",
    _("The list of institutions was loaded: %(changed)s of %(read)s changed."),
)
ACCOUNT_CREATED = journal.register(
    "institutions.account_created",
    _("An account was created for %(name)s."),
    personal=["name"],
)
POST_HELD = journal.register(
    "institutions.post_held",
    _("%(name)s was given a post from %(held_from)s (role: %(role)s, territory: %(territory)s)."),
    personal=["name"],
    named={"role": ROLE_WORDS},
)
POST_ENDED = journal.register(
    "institutions.post_ended",
    _("A post of %(name)s ends on %(held_until)s (role: %(role)s)."),
    personal=["name"],
    named={"role": ROLE_WORDS},
)
ACCOUNT_DEACTIVATED = journal.register(
    "institutions.account_deactivated",
    _("The account of %(name)s was closed; %(posts)s posts ended with it."),
    personal=["name"],
)
LANGUAGE_CHANGED = journal.register(
    "institutions.language_changed",
    _("The language of the pages of %(name)s was changed (%(language)s)."),
    personal=["name"],
)
PASSWORD_RESET = journal.register(
    "institutions.password_reset",
    _("The password of %(name)s was reset."),
    personal=["name"],
)
SECOND_FACTOR_RESET = journal.register(
    "institutions.second_factor_reset",
    _("The second factor of %(name)s was removed: another is set up at the next sign-in."),
    personal=["name"],
)
SESSION_ENDED = journal.register(
    "institutions.session_ended",
    _("%(name)s signed out of a session on another device."),
    personal=["name"],
)

ACCOUNT_REOPENED = journal.register(
    "institutions.account_reopened",
    _("The account of %(name)s was opened again, without posts."),
    personal=["name"],
)
ACT_ASKED = journal.register(
    "institutions.act_asked",
    _("For the account of %(name)s a second administrator was asked to confirm: %(act)s."),
    personal=["name"],
)
ACT_REFUSED = journal.register(
    "institutions.act_refused",
    _("What was asked for the account of %(name)s was not confirmed: %(act)s."),
    personal=["name"],
)
HANDED_OVER = journal.register(
    "institutions.handed_over",
    _("The files of %(name)s were handed over to %(to)s."),
    personal=["name", "to"],
)
VIEW_SAVED = journal.register(
    "institutions.view_saved",
    _("%(name)s saved a view of a list."),
    personal=["name"],
)
VIEW_DROPPED = journal.register(
    "institutions.view_dropped",
    _("%(name)s dropped a saved view of a list."),
    personal=["name"],
)
