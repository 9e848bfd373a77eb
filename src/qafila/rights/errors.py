"""What is refused about attestations, as whole sentences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError


class ReasonNeeded(DomainError):
    code = "reason_needed"
    template = _("Write why the attestation is withdrawn.")


class AttestationWithdrawn(DomainError):
    code = "attestation_withdrawn"
    template = _("This attestation was withdrawn. Issue a new one if it is needed.")


class AttestationOutdated(DomainError):
    code = "attestation_outdated"
    template = _(
        "The names or the card number were corrected since this attestation was issued. "
        "Issue a new one."
    )
