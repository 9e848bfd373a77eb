"""What came of an import once its rows were linked: new persons, rows of persons known before."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting
from qafila.lists.access import require_may_import
from qafila.people.facts import OPENED

# A person is new when no row of an earlier import speaks of it and it was not there before.
_NOTE = f"""
WITH told AS (
  SELECT r.list_import_id, r.person_id, count(*) AS rows,
    bool_or(p.created_at < i.imported_at OR EXISTS (
      SELECT FROM lists_row o WHERE o.person_id = r.person_id
        AND o.list_import_id < r.list_import_id
    )) AS known
  FROM lists_row r
  JOIN lists_listimport i ON i.id = r.list_import_id
  JOIN {OPENED} p ON p.id = r.person_id
  WHERE i.state = 'linked' AND i.persons_new IS NULL AND r.outcome = 'accepted'
  GROUP BY r.list_import_id, r.person_id
)
UPDATE lists_listimport i SET persons_new = coalesce(n.new, 0), rows_known = coalesce(n.known, 0)
FROM (
  SELECT i.id, count(t.person_id) FILTER (WHERE NOT t.known) AS new,
    sum(t.rows) FILTER (WHERE t.known) AS known
  FROM lists_listimport i LEFT JOIN told t ON t.list_import_id = i.id
  WHERE i.state = 'linked' AND i.persons_new IS NULL GROUP BY i.id
) n WHERE n.id = i.id
"""


def note_what_came(*, actor: Actor, at: dt.datetime) -> None:
    """Write down what came of every import linked since; safe to repeat."""
    require_may_import(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        cursor.execute(_NOTE)
