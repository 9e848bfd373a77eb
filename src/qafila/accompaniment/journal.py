"""What accompaniment writes into the journal."""

from django.utils.translation import gettext_lazy as _

from qafila.foundation.journal import register

STANDINGS_REFRESHED = register(
    "accompaniment.standings_refreshed",
    _("Standings were recomputed: %(changed)d people changed."),
)
CONTACT_TAKEN_BACK = register(
    "accompaniment.contact_taken_back", _("A contact that was written down by mistake was undone.")
)
CONTACT_RECORDED = register(
    "accompaniment.contact_recorded",
    _("The person was contacted: %(note)s"),
    personal=["note"],
)
