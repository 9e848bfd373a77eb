"""Why a file of another system is refused whole."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class BankFileRefused(DomainError):
    """The bank's file cannot be read, or does not agree with itself; nothing of it was booked."""

    code = "bank_file_refused"
    template = _("The bank file %(file)s was refused: %(reason)s Nothing was booked.")
