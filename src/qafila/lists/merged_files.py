"""How merges treat the rows of lists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.lists.models import Row
from qafila.people.ports import KindOfRow

KINDS_OF_ROWS = {Row._meta.db_table: KindOfRow(_("rows of lists"))}
