"""A corrected list takes the place of the one it corrects: same persons, no row doubled."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.lists.access import import_in_scope, require_may_import
from qafila.lists.errors import NotACorrection, OtherKindOfList
from qafila.lists.journal import LIST_CORRECTED
from qafila.lists.models import ListImport

KEPT, REPLACED, WITHDRAWN = "kept", "replaced", "withdrawn"

# The surest first: the same row by its own number, by name and birth, by name, phone and place, and
# last by its name alone where only one row of each list bears it.
_MATCHES = (
    ("content_key", "true"),
    ("nullif(name_key, '') || '|' || birth_date::text", "true"),
    ("nullif(name_key, '') || '|' || nullif(phone, '') || '|' || commune_code", "true"),
    ("name_key", "old.times = 1 AND new.times = 1"),
)
_PAIR_UP = """
WITH old AS (
  SELECT id, {sheet} AS sheet, {key} AS key,
    row_number() OVER (PARTITION BY {sheet}, {key} ORDER BY sheet, row_number) AS nth,
    count(*) OVER (PARTITION BY {sheet}, {key}) AS times
  FROM lists_row WHERE list_import_id = %(old)s AND outcome = 'accepted' AND replaced_by_id IS NULL
), new AS (
  SELECT id, {sheet} AS sheet, {key} AS key,
    row_number() OVER (PARTITION BY {sheet}, {key} ORDER BY sheet, row_number) AS nth,
    count(*) OVER (PARTITION BY {sheet}, {key}) AS times
  FROM lists_row r WHERE list_import_id = %(new)s AND outcome = 'accepted'
    AND NOT EXISTS (SELECT FROM lists_row o WHERE o.replaced_by_id = r.id)
)
UPDATE lists_row r SET replaced_by_id = new.id FROM old
JOIN new ON new.key = old.key AND new.nth = old.nth AND new.sheet = old.sheet AND {only}
WHERE r.id = old.id AND old.key <> ''
"""
_HAND_ON = f"""
UPDATE lists_row new SET person_id = old.person_id, link_probability = old.link_probability,
  link_decision = '{KEPT}'
FROM lists_row old
WHERE old.list_import_id = %(old)s AND new.id = old.replaced_by_id AND old.person_id IS NOT NULL
"""
_CARRY_DECISIONS = """
INSERT INTO lists_candidatepair
  (left_id, right_id, probability, evidence, state, effect, decided_by_id, decided_at)
SELECT least(l, r), greatest(l, r), probability, evidence, state, effect, decided_by_id, decided_at
FROM (
  SELECT p.*, coalesce(a.replaced_by_id, a.id) AS l, coalesce(b.replaced_by_id, b.id) AS r
  FROM lists_candidatepair p
  JOIN lists_row a ON a.id = p.left_id JOIN lists_row b ON b.id = p.right_id
  WHERE p.state IN ('same', 'different') AND %(old)s IN (a.list_import_id, b.list_import_id)
    AND (a.replaced_by_id IS NOT NULL OR b.replaced_by_id IS NOT NULL)
) carried WHERE l <> r ON CONFLICT (left_id, right_id) DO NOTHING
"""
_LET_GO = f"""
UPDATE lists_row SET person_id = NULL, link_probability = NULL, link_decision =
  CASE WHEN replaced_by_id IS NULL THEN '{WITHDRAWN}' ELSE '{REPLACED}' END
WHERE list_import_id = %(old)s AND outcome = 'accepted'
"""


def check_correction(
    corrects: int, *, institution: int | None, file_name: str, actor: Actor
) -> None:
    """Raise NotACorrection unless the import can be corrected by this institution now."""
    earlier = import_in_scope(corrects, require_may_import(actor), actor=actor)
    read = earlier.state in (ListImport.State.READ, ListImport.State.LINKED)
    again = earlier.corrected_by.exclude(state=ListImport.State.FAILED).exists()
    if not read or again or earlier.institution_id != institution:
        raise NotACorrection(file=file_name, corrects=corrects)


def _pair_up(cursor: Any, both: dict[str, int]) -> None:
    for key, only in _MATCHES:
        for sheet in ("sheet", "''"):
            cursor.execute(_PAIR_UP.format(key=key, only=only, sheet=sheet), both)


def replace_rows(record: ListImport, *, actor: Actor, at: dt.datetime) -> None:
    """Hand the persons of the corrected import's rows on to the rows that take their place.

    Decisions about the old rows are carried over to the new ones. Rows the corrected list no
    longer has are withdrawn: they stay, and speak of nobody.
    """
    earlier = record.corrects
    assert earlier is not None
    if earlier.source != record.source:
        raise OtherKindOfList(
            file=record.file_name,
            source=record.source,
            corrects=earlier.pk,
            expected=earlier.source,
        )
    with connection.cursor() as cursor:
        both = {"old": earlier.pk, "new": record.pk}
        _pair_up(cursor, both)
        cursor.execute(_HAND_ON, both)
        kept = cursor.rowcount
        cursor.execute(_CARRY_DECISIONS, both)
        cursor.execute(_LET_GO, both)
        cursor.execute(
            "SELECT count(*) FROM lists_row WHERE list_import_id = %(old)s "
            "AND outcome = 'accepted' AND replaced_by_id IS NULL",
            both,
        )
        (withdrawn,) = cursor.fetchone()
    journal.write(LIST_CORRECTED, record, actor=actor, at=at, kept=kept, withdrawn=withdrawn)
