"""What the institutions room writes in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation import journal

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
    _("%(name)s was given the role %(role)s from %(held_from)s (territory: %(territory)s)."),
    personal=["name"],
)
POST_ENDED = journal.register(
    "institutions.post_ended",
    _("%(name)s holds the role %(role)s until %(held_until)s only."),
    personal=["name"],
)
ACCOUNT_DEACTIVATED = journal.register(
    "institutions.account_deactivated",
    _("The account of %(name)s was closed; %(posts)s posts ended with it."),
    personal=["name"],
)
LANGUAGE_CHANGED = journal.register(
    "institutions.language_changed",
    _("%(name)s now reads the pages in the language %(language)s."),
    personal=["name"],
)
