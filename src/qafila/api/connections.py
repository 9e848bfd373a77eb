"""How the check reaches the database: through Django's connection, or on connections of its own.

On its own connections, checks that arrive together are asked about in one statement and noted in
another, both before any of them is answered. Notes are committed without waiting for the disk
(`synchronous_commit=off`): they outlive a web process or a database process killed outright; only a
machine that loses its power may lose the notes of its last half second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.db import connection
from psycopg import Connection
from psycopg_pool import ConnectionPool

from qafila.api.together import Together
from qafila.care.coverage import (
    NOTE,
    Check,
    CheckNote,
    Coverage,
    as_parameters,
    check_coverages,
)
from qafila.foundation.trail import acting, system_actor

_NOTED_BY = "coverage check"
_MOST_CONNECTIONS = 4

Rows = Sequence[tuple[Any, ...]]


def check_through_django(check: Check) -> Coverage:
    """The answer to one check, on this thread's own connection."""
    return check_coverages(ask_through_django, _note_through_django, [check])[0]


def ask_through_django(statement: str, parameters: Mapping[str, Any]) -> Rows:
    """Run the statement on this thread's own connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(parameters))
        return list(cursor.fetchall())


def _note_through_django(notes: Sequence[CheckNote]) -> None:
    with acting(system_actor(_NOTED_BY), at=notes[0].at), connection.cursor() as cursor:
        cursor.execute(NOTE, as_parameters(notes))


class CheckPool:
    """A few connections on which each statement is prepared once and is its own transaction."""

    def __init__(self) -> None:
        self._opened: ConnectionPool[Connection[tuple[Any, ...]]] | None = None
        self._opening = threading.Lock()
        self._checks = Together(self._check_all)

    def check(self, check: Check) -> Coverage:
        """The answer to one check, found and noted with those other threads ask just now."""
        return self._checks.ask(check)

    def ask(self, statement: str, parameters: Mapping[str, Any]) -> Rows:
        """Run the statement, prepared, on a connection of the pool."""
        with self._connections().connection() as one:
            return _asked_on(one, statement, parameters)

    def close(self) -> None:
        """Close every connection; the next question opens the pool again."""
        with self._opening:
            if self._opened is not None:
                self._opened.close()
                self._opened = None

    def _check_all(self, checks: Sequence[Check]) -> list[Coverage]:
        with self._connections().connection() as one:
            return check_coverages(partial(_asked_on, one), partial(_noted_on, one), checks)

    def _connections(self) -> ConnectionPool[Connection[tuple[Any, ...]]]:
        return self._opened or self._open()

    def _open(self) -> ConnectionPool[Connection[tuple[Any, ...]]]:
        with self._opening:
            if self._opened is None:
                self._opened = ConnectionPool(
                    min_size=1, max_size=_MOST_CONNECTIONS, open=True, kwargs=_parameters()
                )
            return self._opened


def _asked_on(
    one: Connection[tuple[Any, ...]], statement: str, parameters: Mapping[str, Any]
) -> Rows:
    return one.execute(statement, parameters, prepare=True, binary=True).fetchall()


def _noted_on(one: Connection[tuple[Any, ...]], notes: Sequence[CheckNote]) -> None:
    one.execute(NOTE, as_parameters(notes), prepare=True)


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
