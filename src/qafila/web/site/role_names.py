"""What the roles are called on the screen."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.actors import Role

ROLE_NAMES = {
    Role.COUNTER_AGENT: _("Counter agent"),
    Role.FIELD_AGENT: _("Field agent"),
    Role.CHAMBER_STAFF: _("Chamber staff"),
    Role.DIRECTORATE: _("Directorate"),
    Role.FUND_LIAISON: _("Fund liaison"),
    Role.PROGRAMME_LEAD: _("Programme lead"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.SYSTEM: _("System"),
}
