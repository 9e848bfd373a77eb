"""What a database and its documents amount to, so that a restored copy can be compared."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

_TABLES = """
SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE relkind IN ('r', 'p') AND NOT relispartition AND nspname = 'public' ORDER BY relname
"""
# What comes and goes by itself tells nothing of what is kept.
_PASSING = ("django_session", "foundation_shared_value", "foundation_allowance", "procrastinate_")
_MONEY = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND column_name LIKE '%%\\_centimes' ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Facts:
    """Rows of each table; sums of money, the ledger's too; one digest of all documents."""

    rows: dict[str, int]
    centimes: dict[str, int]
    documents: str


def facts_of(address: str, documents: Path) -> Facts:
    """Counted in one snapshot, so that no table is ahead of another."""
    with psycopg.connect(address) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        tables = [row[0] for row in connection.execute(_TABLES)]
        rows = {
            table: _number(connection, sql.SQL("SELECT count(*) FROM {}").format(_named(table)))
            for table in tables
            if not table.startswith(_PASSING)
        }
        money = [row for row in connection.execute(_MONEY) if row[0] in rows]
        centimes = {
            f"{table}.{column}": _summed(connection, table, column) for table, column in money
        }
    return Facts(rows, centimes, documents_digest(documents))


def documents_digest(folder: Path) -> str:
    """One digest of the names and contents of every file below a folder."""
    whole = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        with path.open("rb") as file:
            own = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{path.relative_to(folder)} {own}\n".encode())
    return whole.hexdigest()


def _summed(connection: psycopg.Connection[Any], table: str, column: str) -> int:
    summed = sql.SQL("SELECT coalesce(sum({}), 0) FROM {}")
    return _number(connection, summed.format(sql.Identifier(column), _named(table)))


def _number(connection: psycopg.Connection[Any], query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _named(table: str) -> sql.Identifier:
    return sql.Identifier("public", table)
