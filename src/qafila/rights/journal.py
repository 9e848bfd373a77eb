"""What the journal says about rights."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

RIGHTS_REBUILT = register(
    "rights.rebuilt",
    _(
        "Rights were rebuilt from facts: %(periods)s periods of %(persons)s persons, %(added)s "
        "added, %(removed)s removed."
    ),
)
ATTESTATION_WITHDRAWN = register(
    "rights.attestation_withdrawn",
    _("An attestation of rights was withdrawn: %(reason)s"),
    personal=["reason"],
)
