"""How the check reaches the database: through Django's connection, or through a pool of its own."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection
from psycopg import Connection
from psycopg_pool import ConnectionPool, PoolTimeout

from qafila.care.coverage import NOTE, CheckNote, columns_of
from qafila.foundation.trail import acting, system_actor

_NOTED_BY = "coverage check"
_MOST_CONNECTIONS = 8
_PAUSE_SECONDS = 0.02
_MOST_WAITING = 20_000

logger = logging.getLogger(__name__)


def ask_through_django(statement: str, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """Run the statement on this thread's own connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(parameters))
        return list(cursor.fetchall())


def note_through_django(note: CheckNote) -> None:
    """Keep the note before the answer is given."""
    with acting(system_actor(_NOTED_BY), at=note.at), connection.cursor() as cursor:
        cursor.execute(NOTE, columns_of([note]))


class CheckPool:
    """A few connections on which each statement is prepared once and is its own transaction."""

    def __init__(self) -> None:
        self._opened: ConnectionPool[Connection[tuple[Any, ...]]] | None = None
        self._opening = threading.Lock()

    def ask(self, statement: str, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Run the statement, prepared, on a connection of the pool."""
        pool = self._opened or self._open()
        with pool.connection() as one:
            return one.execute(statement, parameters, prepare=True, binary=True).fetchall()

    def write(self, statement: str, parameters: Mapping[str, Any]) -> None:
        """Run a statement that gives no rows, in its own transaction."""
        pool = self._opened or self._open()
        with pool.connection() as one:
            one.execute(statement, parameters, prepare=True)

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


class NoteBook:
    """Notes of checks, written together some fifty times a second.

    Noting each check by itself costs the database as much as the check. A web process killed
    outright loses the notes of its last moment (`_PAUSE_SECONDS`); one that is stopped writes them.
    While the database does not take notes they are kept, and past `_MOST_WAITING` no more checks
    are answered.
    """

    def __init__(self, pool: CheckPool) -> None:
        self._pool = pool
        self._waiting: list[CheckNote] = []
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._some = threading.Event()
        self._writer: threading.Thread | None = None

    def add(self, note: CheckNote) -> None:
        """Take a note. Raises NotesUnwritten when too many are waiting."""
        with self._lock:
            if len(self._waiting) >= _MOST_WAITING:
                raise NotesUnwritten
            self._waiting.append(note)
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_on, daemon=True)
                self._writer.start()
                atexit.register(self.write_now)
        self._some.set()

    def write_now(self) -> None:
        """Write what is waiting; what cannot be written keeps waiting."""
        with self._writing:
            with self._lock:
                notes, self._waiting = self._waiting, []
            if not notes:
                return
            try:
                self._pool.write(NOTE, columns_of(notes))
            except (psycopg.Error, PoolTimeout):
                with self._lock:
                    self._waiting = notes + self._waiting
                logger.exception("%d notes of coverage checks wait for the database.", len(notes))

    def _write_on(self) -> None:
        while True:
            self._some.wait()
            self._some.clear()
            time.sleep(_PAUSE_SECONDS)
            self.write_now()
            if self._waiting:
                self._some.set()


class NotesUnwritten(RuntimeError):
    """The database has not taken the notes of earlier checks, so no further check is answered."""


pool = CheckPool()
notes = NoteBook(pool)
