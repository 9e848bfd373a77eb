"""One prepared statement on one database connection, driven by the event loop itself.

psycopg's own cursors cost the web process three times as much for so small a question: they
prepare, adapt and register with the loop again each time. Here libpq is told what to send, and one
reader stays with the loop.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

from psycopg import AsyncConnection, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

PATIENCE = 10.0
"""Seconds after which a database that does not answer counts as lost."""

_NAME = b"line"
_FAILED = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE)


def _nothing() -> None:
    pass


class Line:
    """Sends one statement with one text parameter, again and again; `close` it when it is lost.

    The connection is borrowed: whoever lent it closes it, or lends it on after `close`.
    """

    def __init__(
        self, connection: AsyncConnection[Any], heard: Callable[[], None] | None = None
    ) -> None:
        """`heard` is called for each notification the connection listens for, ahead of answers."""
        self._pg: PGconn = connection.pgconn
        self._heard = heard or _nothing
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Future[list[PGresult]] | None = None
        self._results: list[PGresult] = []
        self.lost = False
        # A handle of our own: libpq closes its own at once when the connection is lost.
        self._handle = os.dup(self._pg.socket)
        self._loop.add_reader(self._handle, self._read)

    async def prepare(self, statement: str) -> None:
        """Prepare the statement, whose only parameter is written $1."""
        sending = self._pg.send_prepare
        await self._sent(lambda: sending(_NAME, statement.encode()))

    async def rows(self, parameter: str) -> PGresult:
        """The statement's rows, as text, once its transaction is committed.

        Raises OperationalError when the connection is lost (then `lost`), psycopg.Error when the
        database refuses.
        """
        sending = self._pg.send_query_prepared
        return await self._sent(lambda: sending(_NAME, [parameter.encode()]))

    def close(self) -> None:
        """Take the connection from the loop; what still waits for it fails."""
        self._lose("The connection was closed.")

    async def _sent(self, send: Any) -> PGresult:
        if self.lost:
            raise OperationalError("The connection is lost.")
        waiting: asyncio.Future[list[PGresult]] = self._loop.create_future()
        self._waiting = waiting
        bell = self._loop.call_later(PATIENCE, self._lose, "The database does not answer.")
        try:
            send()
            self._flush()
            results = await waiting
        finally:
            bell.cancel()
            self._waiting = None
        # A statement may succeed and its commit fail: then a second result tells so.
        for result in results:
            if result.status in _FAILED:
                raise error_from_result(result)
        return results[0]

    def _flush(self) -> None:
        # What does not fit into the socket at once goes on when there is room.
        if self._pg.flush():
            self._loop.add_writer(self._handle, self._flush_rest)

    def _flush_rest(self) -> None:
        try:
            if not self._pg.flush():
                self._loop.remove_writer(self._handle)
        except OperationalError as fault:
            self._lose(str(fault))

    def _read(self) -> None:
        try:
            self._pg.consume_input()
            while self._pg.notifies():
                self._heard()
            while not self._pg.is_busy():
                result = self._pg.get_result()
                if result is None:
                    # Told with the answer: known before the answer is given.
                    while self._pg.notifies():
                        self._heard()
                    self._finish()
                    return
                self._results.append(result)
        except OperationalError as fault:
            self._lose(str(fault))

    def _finish(self) -> None:
        # No result is left: the server is ready for another, and what it was asked is committed.
        results, self._results = self._results, []
        if self._waiting is not None and not self._waiting.done() and results:
            self._waiting.set_result(results)

    def _lose(self, why: str) -> None:
        if self.lost:
            return
        self.lost = True
        self._loop.remove_reader(self._handle)
        self._loop.remove_writer(self._handle)
        os.close(self._handle)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(OperationalError(why))
