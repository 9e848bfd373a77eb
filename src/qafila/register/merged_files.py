"""How merges treat the rows of the register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.people.ports import KindOfRow

_OWN = ("register_application", "register_entry")

KINDS_OF_ROWS = {
    "register_application": KindOfRow(_("applications"), beside=_OWN, set_by=True),
    "register_entry": KindOfRow(_("register entries"), beside=_OWN),
}
