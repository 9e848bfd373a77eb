"""How the check reaches the database: through Django's connection, or through a pool of its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import Connection
from psycopg_pool import ConnectionPool

from qafila.foundation.clock import now
from qafila.foundation.trail import acting, system_actor

_NOTED_BY = "coverage check"
_MOST_CONNECTIONS = 8


def ask_through_django(statement: str, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """Run the statement on this thread's own connection, in a transaction that may write."""
    with acting(system_actor(_NOTED_BY), at=now()), connection.cursor() as cursor:
        cursor.execute(statement, dict(parameters))
        return list(cursor.fetchall())


class CheckPool:
    """A few connections on which each statement is prepared once and is its own transaction.

    Notes of checks need not wait for the disk: a crash of the database server, not of a web
    process, may lose those of the last fraction of a second.
    """

    def __init__(self) -> None:
        self._opened: ConnectionPool[Connection[tuple[Any, ...]]] | None = None
        self._opening = threading.Lock()

    def ask(self, statement: str, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Run the statement, prepared, on a connection of the pool."""
        pool = self._opened or self._open()
        with pool.connection() as one:
            return one.execute(statement, parameters, prepare=True, binary=True).fetchall()

    def close(self) -> None:
        """Close every connection; the next question opens the pool again."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _open(self) -> ConnectionPool[Connection[tuple[Any, ...]]]:
        with self._opening:
            if self._opened is None:
                self._opened = ConnectionPool(
                    min_size=1, max_size=_MOST_CONNECTIONS, open=True, kwargs=_parameters()
                )
            return self._opened


def _parameters() -> dict[str, Any]:
    found = connection.get_connection_params()
    kept = {key: found[key] for key in ("host", "port", "user", "password", "dbname")
            if found.get(key)}  # fmt: skip
    noted_by = system_actor(_NOTED_BY).id
    connection.close()
    options = (
        f"-c qafila.actor={noted_by} -c synchronous_commit=off"
        " -c plan_cache_mode=force_generic_plan"
    )
    return {**kept, "autocommit": True, "options": options}


pool = CheckPool()
