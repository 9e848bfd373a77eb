"""How merges treat this room's own rows beyond moving them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.people.ports import KindOfRow

KINDS_OF_ROWS = {
    "people_identifier": KindOfRow(_("numbers"), set_by=True),
    "people_phone": KindOfRow(_("telephone numbers"), set_by=True),
    "people_personallink": KindOfRow(_("personal links"), set_by=True),
    "people_merge": KindOfRow(_("merges")),
    "people_consent": KindOfRow(_("consents"), set_by=True),
    "people_accessrequest": KindOfRow(_("requests for access"), set_by=True),
    "people_erasure": KindOfRow(_("erasures")),
}
