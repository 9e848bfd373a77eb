"""The rejected rows of an import as a csv its sender can mend and send again."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.utils.translation import gettext

from qafila.foundation.actors import Actor
from qafila.lists.access import require_may_import
from qafila.lists.queries import rejected_rows
from qafila.lists.reconciling.neutralising import neutral


def export_rejected(import_id: int, *, actor: Actor, at: dt.datetime) -> tuple[bytes, int]:
    """The rejected rows as a file, and how many they are.

    Sheet, row, reason in words, then the cells as they came; UTF-8 with BOM for Excel.
    Cells that a spreadsheet would run as a formula are made harmless. Repeated rows are listed
    too. NotFoundInScope outside the actor's territory and own imports.
    """
    require_may_import(actor)
    rows = rejected_rows(import_id, scope=actor.scope, actor=actor, repeated=True, limit=None)
    text = io.StringIO()
    writer = csv.writer(text)
    width = max((len(row.cells) for row in rows), default=0)
    headings = [gettext("Column %(number)s") % {"number": n} for n in range(1, width + 1)]
    writer.writerow([gettext("Sheet"), gettext("Row"), gettext("Reason"), *headings])
    for row in rows:
        cells = [row.sheet, str(row.row_number), " ".join(row.sentences), *row.cells]
        writer.writerow([neutral(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig"), len(rows)
