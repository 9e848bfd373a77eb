"""What accompaniment refuses, as whole sentences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class UnknownChannel(DomainError):
    code = "unknown_channel"
    template = _("Choose how the person was contacted: meeting, visit, phone or message.")


class NoteNeeded(DomainError):
    code = "note_needed"
    template = _("Write in a few words what was said, so that the next agent knows.")


class ContactTakenBack(DomainError):
    """The contact was undone before."""

    code = "contact_taken_back"
    template = _("This contact was undone already. Reload the page.")
