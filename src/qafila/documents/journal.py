"""What is journalled about documents."""

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

ATTESTATION_ISSUED = register(
    "documents.attestation_issued",
    _("An attestation of rights was issued; it holds until %(valid_until)s."),
)
