"""The seven steps from unknown to covered, in order, with their names."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEP_LABELS: dict[str, Promise] = {
    "identified": _("Identified"),
    "reached": _("Reached"),
    "registered": _("Registered"),
    "enrolled": _("Enrolled"),
    "family_declared": _("Family declared"),
    "paying": _("Paying"),
    "rights_open": _("Rights open"),
}
STEPS = tuple(STEP_LABELS)
