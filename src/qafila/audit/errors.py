"""What the audit room refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class CaseClosed(DomainError):
    """Somebody closed the case before."""

    code = "case_closed"
    template = _("This case was closed already, with the reason that is written there.")


class ReasonMissing(DomainError):
    """A case is closed with what was found out."""

    code = "reason_missing"
    template = _("Write what you found out, for the next reader of the case.")


class OwnReading(DomainError):
    """Nobody judges their own reading."""

    code = "own_reading"
    template = _("This is about what you read yourself. Another auditor closes it.")


class DayToCome(DomainError):
    """Only days that are over are searched."""

    code = "day_to_come"
    template = _("The day %(day)s is not over. Choose a day that is.")
