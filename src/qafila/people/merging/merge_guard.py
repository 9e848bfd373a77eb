"""Nothing is written to a merged file: the database itself refuses it, whatever the verb.

A verb looks whether the file was merged behind its lock (`access.person_to_change`). Work on whole
lists, and a verb that would forget to look, meet these triggers: on every table whose rows hang on
a person, a new row or a row that changes hands is held against the state of that person, waiting
for a merge under way.
"""

from __future__ import annotations

from django.db import connection

from qafila.foundation.scope import reference_data
from qafila.people.errors import AlreadyMerged
from qafila.people.merging.references import hanging_tables
from qafila.people.ports import derived_tables, tables_behind_lock

MERGED = "QM001"
"""The SQLSTATE of the refusal; its detail is the number of the merged file."""

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION qafila_person_not_merged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_row text;
  found bigint;
BEGIN
  FOREACH of_row IN ARRAY TG_ARGV[1:] LOOP
    EXECUTE format(
      'SELECT max(id) FILTER (WHERE state = ''merged'') FROM (SELECT p.id, p.state'
      ' FROM people_person p WHERE p.id IN (SELECT n.%%I FROM new_rows n) ORDER BY p.id %%s) held',
      of_row, TG_ARGV[0]) INTO found;
    IF found IS NOT NULL THEN
      RAISE EXCEPTION 'A row of %% was refused: its person was merged.', tg_table_name
        USING ERRCODE = '{state}', DETAIL = found::text;
    END IF;
  END LOOP;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION qafila_person_not_merged_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_row text;
  held record;
BEGIN
  FOREACH of_row IN ARRAY TG_ARGV LOOP
    SELECT p.id, p.state INTO held FROM people_person p
      WHERE p.id = (to_jsonb(NEW) ->> of_row)::bigint
        AND to_jsonb(NEW) -> of_row IS DISTINCT FROM to_jsonb(OLD) -> of_row FOR KEY SHARE;
    IF held.state = 'merged' THEN
      RAISE EXCEPTION 'A row of %% was refused: its person was merged.', tg_table_name
        USING ERRCODE = '{state}', DETAIL = held.id::text;
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
"""


@reference_data
def guard_against_merged() -> None:
    """Put the guard on every table whose rows hang on a person; safe to repeat."""
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if "people_person" not in existing:
            return
        cursor.execute(_FUNCTIONS.format(state=MERGED), [])
        for table in hanging_tables():
            if table.name not in existing or table.name in derived_tables:
                continue
            held = "" if table.name in tables_behind_lock else "FOR KEY SHARE"
            columns = ", ".join(f"'{one}'" for one in table.columns)
            named = ", ".join(f'"{one}"' for one in table.columns)
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER person_not_merged AFTER INSERT ON "
                f'"{table.name}" REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT '
                f"EXECUTE FUNCTION qafila_person_not_merged('{held}', {columns})"
            )
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER person_not_merged_row BEFORE UPDATE OF {named} ON "
                f'"{table.name}" FOR EACH ROW '
                f"EXECUTE FUNCTION qafila_person_not_merged_row({columns})"
            )


def refusal_of(detail: str) -> AlreadyMerged:
    """What the trigger refused, as the refusal of this room."""
    return AlreadyMerged(person=detail)
