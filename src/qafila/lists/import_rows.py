"""The rows of one import as its sender looks through them: what each became, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass

from qafila.foundation.actors import Actor, Scope
from qafila.lists.access import import_in_scope
from qafila.lists.models import Row
from qafila.lists.queries import row_sentences

REMARKED = "remarked"
"""Beside the outcomes of rows: accepted with a remark."""


@dataclass(frozen=True)
class ImportRow:
    """A row with the name it gives; `person_id` where its person lies in the reader's territory."""

    row_id: int
    sheet: str
    row_number: int
    outcome: str
    name: str
    person_id: int | None
    sentences: tuple[str, ...]
    cells: tuple[str, ...]


def rows_of_import(
    import_id: int,
    *,
    scope: Scope,
    actor: Actor,
    outcome: str = "",
    after: int = 0,
    count: int = 50,
) -> list[ImportRow]:
    """Rows in the order of the file, from the one after `after`; all, or those of one outcome.

    NotFoundInScope for an import that is not the territory's or the actor's. One statement for the
    rows, however deep.
    """
    found = import_in_scope(import_id, scope, actor=actor)
    rows = Row.objects.filter(list_import=found, pk__gt=after).select_related("person")
    if outcome == REMARKED:
        rows = rows.filter(outcome=Row.Outcome.ACCEPTED).exclude(reasons=[])
    elif outcome:
        rows = rows.filter(outcome=outcome)
    return [_shown(row, scope) for row in rows.order_by("pk")[:count]]


def _shown(row: Row, scope: Scope) -> ImportRow:
    person = row.person
    inside = person is not None and (scope.national or scope.covers(person.province_id or ""))
    cells = sorted(row.cells.items(), key=lambda item: int(item[0]))
    return ImportRow(
        row.pk,
        row.sheet,
        row.row_number,
        row.outcome,
        row.full_name or " ".join(part for part in (row.family_name, row.given_name) if part),
        person.pk if person is not None and inside else None,
        row_sentences(row),
        tuple(value or "" for _, value in cells),
    )
