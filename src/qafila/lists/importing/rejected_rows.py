"""What was left out of an import, and the remarks on the rest, as csv files for its sender."""

from __future__ import annotations

import csv
import datetime as dt
import io

from django.utils.translation import gettext

from qafila.foundation.actors import Actor
from qafila.lists.access import require_may_import
from qafila.lists.queries import RowShown, rejected_rows, remarked_rows
from qafila.lists.reading.labels import outcome_heading, outcome_word
from qafila.lists.reconciling.neutralising import neutral


def export_rejected(import_id: int, *, actor: Actor, at: dt.datetime) -> tuple[bytes, int]:
    """The rejected rows as a file, and how many they are.

    Sheet, row, reason in words, then the cells as they came; UTF-8 with BOM for Excel.
    Cells that a spreadsheet would run as a formula are made harmless. Repeated rows are listed
    too. NotFoundInScope outside the actor's territory and own imports.
    """
    scope = require_may_import(actor)
    rows = rejected_rows(import_id, scope=scope, actor=actor, repeated=True, limit=None)
    return _written(rows, gettext("Reason")), len(rows)


def export_remarks(import_id: int, *, actor: Actor, at: dt.datetime) -> tuple[bytes, int]:
    """The accepted rows of which something was not understood, as `export_rejected` writes."""
    scope = require_may_import(actor)
    rows = remarked_rows(import_id, scope=scope, actor=actor, limit=None)
    return _written(rows, gettext("What was done")), len(rows)


def _written(rows: list[RowShown], said: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    width = max((len(row.cells) for row in rows), default=0)
    headings = [gettext("Column %(number)s") % {"number": n} for n in range(1, width + 1)]
    writer.writerow([gettext("Sheet"), gettext("Row"), outcome_heading(), said, *headings])
    for row in rows:
        cells = [
            row.sheet,
            str(row.row_number),
            outcome_word(row.outcome),
            " ".join(row.sentences),
            *row.cells,
        ]
        writer.writerow([neutral(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")
