"""The SQL relations this room promises to every other: named columns, whatever the tables become.

Each room that is read in SQL has such a module. A relation is a SELECT in brackets, to stand after
FROM or JOIN under a name of the reader's (`f"FROM {facts.JOURNAL} j"`); PostgreSQL plans it as if
the tables were written there. No other room writes a table's name (`tests/architecture/test_sql`).
"""

from __future__ import annotations

ACTORS = "(SELECT id, kind, name FROM foundation_actor)"
"""Who can act. id; kind: staff, system, device or partner; name."""

JOURNAL = "(SELECT id, at, actor_id, verb, person_id, data FROM foundation_journal_entry)"
"""What was done. id; at; actor_id; verb; person_id (NULL: of no person); data: jsonb."""
