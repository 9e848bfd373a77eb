"""What the planner knows of a table, brought up to what the table holds.

A statement planned on statistics older than the data may join by nested loops over all of it:
minutes where seconds are enough. PostgreSQL's own process comes a minute late, its counters of
changes follow a transaction by a second, and neither sees rows this transaction has just written.
So the size of the table itself is asked too.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_STALE = """
WITH named AS (
  SELECT oid FROM pg_class
  WHERE relnamespace = current_schema()::regnamespace AND relname = ANY(%s)
)
SELECT c.oid::regclass::text FROM pg_class c LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
WHERE c.relkind = 'r' AND c.oid IN (
    SELECT oid FROM named UNION
    SELECT i.inhrelid FROM pg_inherits i JOIN named n ON n.oid = i.inhparent)
  AND (c.reltuples <= 0 OR s.n_mod_since_analyze > 1000 + c.reltuples / 10
    OR abs(pg_relation_size(c.oid) / current_setting('block_size')::int - c.relpages)
      > 8 + c.relpages / 10)
ORDER BY 1
"""


def refresh_statistics(cursor: CursorWrapper, tables: Iterable[str]) -> list[str]:
    """Analyse those of the tables that are not as they were when last analysed; their names.

    A table counts as changed when a tenth of its rows or pages did, and when it was thought empty;
    of a partitioned one its partitions are asked.
    """
    cursor.execute(_STALE, [list(tables)])
    stale = [name for (name,) in cursor.fetchall()]
    for name in stale:
        cursor.execute(f"ANALYZE {name}")
    return stale
