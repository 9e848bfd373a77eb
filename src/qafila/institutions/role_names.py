"""What roles are called on the screens."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation.actors import Role

ROLE_NAMES: dict[Role, Promise] = {
    Role.COUNTER_AGENT: _("Counter agent"),
    Role.FIELD_AGENT: _("Field agent"),
    Role.CHAMBER_STAFF: _("Chamber staff"),
    Role.DIRECTORATE: _("Directorate staff"),
    Role.FUND_LIAISON: _("Fund liaison"),
    Role.PROGRAMME_LEAD: _("Programme lead"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.SYSTEM: _("The system"),
}
STAFF_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)


def role_name(role: Role | str) -> str:
    """The role in the language in force."""
    return str(ROLE_NAMES[Role(role)])
