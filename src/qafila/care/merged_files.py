"""How merges treat claims."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.enrolment.facts import TABLES as INSURED
from qafila.people.ports import KindOfRow

KINDS_OF_ROWS = {
    "care_claim": KindOfRow(
        _("claims for care"),
        counts="state <> 'withdrawn'",
        beside=INSURED,
    ),
}
