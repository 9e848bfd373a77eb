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

READS = """(
  SELECT id, at, reader_id, person_id, people_count, asked, reason, place
  FROM foundation_access_log_entry
)"""
"""Who looked at what. id; at; reader_id; person_id of a file, or people_count and asked of a list;
reason; place: the page, file or command."""

SIGN_INS = "(SELECT id, at, kind, actor_id, address FROM foundation_sign_in_entry)"
"""Sign-ins, sign-outs and failed tries. id; at; kind: signed_in, signed_out, wrong_password,
wrong_code or locked_out; actor_id (NULL: no such account); address."""
