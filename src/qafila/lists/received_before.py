"""A file handed in that another institution had handed in before: what may be said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from qafila.foundation.actors import Actor
from qafila.lists.access import handed_in_again, require_may_import
from qafila.lists.models import Row


@dataclass(frozen=True)
class ReceivedBefore:
    """A file that had come before: when, from whom, and the rows of one's territory."""

    file_name: str
    institution_id: int | None
    received_at: dt.datetime
    rows_in_territory: int
    rows: list[Row]


def received_before(import_id: int, *, actor: Actor, limit: int = 100) -> ReceivedBefore | None:
    """What may be said of an import handed in again by somebody who may not see it; else None."""
    again = handed_in_again(import_id, actor)
    if again is None:
        return None
    rows = Row.objects.filter(list_import=import_id, outcome=Row.Outcome.ACCEPTED)
    scope = require_may_import(actor)
    if not scope.national:
        codes = sorted(scope.province_codes)
        rows = rows.filter(
            Q(person__province_id__in=codes) | Q(person=None, province_code__in=codes)
        )
    earlier, shown = again.list_import, list(rows.order_by("pk")[:limit])
    return ReceivedBefore(
        again.file_name, earlier.institution_id, earlier.imported_at, rows.count(), shown
    )
