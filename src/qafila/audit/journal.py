"""What the audit room writes in the journal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

UNUSUAL_FOUND = register(
    "audit.unusual_found",
    _("Reading of %(day)s was searched: cases of unusual reading found: %(cases)s."),
)
CASE_CLOSED = register(
    "audit.case_closed",
    _("A case of unusual reading of %(day)s was closed: %(reason)s"),
    personal=["reason"],
)
