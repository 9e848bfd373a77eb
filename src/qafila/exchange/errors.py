"""Why a file of another system is refused whole."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError
from qafila.foundation.wording.told import told


class BankFileRefused(DomainError):
    """The bank's file cannot be read, or does not agree with itself; nothing of it was booked."""

    code = "bank_file_refused"
    template = _("The bank file %(file)s was refused: %(reason)s Nothing was booked.")


class PaymentFileUnreadable(DomainError):
    """The file is no table of payments, or its total disagrees; nothing of it was booked."""

    code = "payment_file_unreadable"
    template = _("The file %(file)s was refused: %(reason)s Nothing was booked.")


class SynonymsFileRefused(DomainError):
    """A file that names further headings cannot be used; no file of payments was read with it."""

    code = "synonyms_file_refused"
    template = _("The synonyms file %(file)s was refused: %(reason)s Nothing was booked.")


class Filled:
    """A reason whose blanks are filled when it is shown, in the language of who reads it."""

    def __init__(self, reason: str | Promise, **params: object) -> None:
        self._reason, self._params = reason, params

    def __str__(self) -> str:
        return str(self._reason) % told(self._params)


class PaymentFileTooLarge(DomainError):
    """More than the page takes; nothing of the file was kept."""

    code = "payment_file_too_large"
    template = _(
        "The file %(file)s is larger than %(limit)s MB; nothing of it was kept. Ask its sender for "
        "a file per day and upload them one after another."
    )


class PaymentFileNotChecked(DomainError):
    """A file is booked only once its check told what booking would do."""

    code = "payment_file_not_checked"
    template = _("The file %(file)s is not checked yet. Wait for the result of the check.")


class PostingTakenAway(DomainError):
    """Who handed the file in held a post that ended before it was booked."""

    code = "posting_taken_away"
    template = _(
        "%(name)s handed in the file %(file)s and may book payments no longer. Nothing was booked. "
        "Somebody who may book payments has to hand the file in again."
    )
