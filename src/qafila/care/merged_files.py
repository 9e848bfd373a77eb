"""How merges treat claims."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.people.ports import KindOfRow

KINDS_OF_ROWS = {
    "care_claim": KindOfRow(
        _("claims for care"),
        counts="state <> 'withdrawn'",
        beside=("enrolment_enrolment", "enrolment_dependant"),
    ),
}
