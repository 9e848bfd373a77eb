"""How checks reach the database: through Django's connection, or on connections of the door's own.

On the door's own, checks that arrive together are answered and noted by one statement, which is
committed, and on the disk, before any of them is answered: no answer outlives its note, whatever is
killed (`benchmarks/kills.py`). Committed without waiting for the disk, the notes of the last fifth
of a second went with the database's first process.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from psycopg import AsyncConnection, InterfaceError, OperationalError
from psycopg.pq.abc import PGresult
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from qafila.api.clients import WITHDRAWN, KnownTokens, Rows
from qafila.api.coverage_check.batching import Together
from qafila.api.coverage_check.prepared_statement import Line
from qafila.care.coverage_check.coverage import CHECK, Check, Coverage, as_parameter
from qafila.foundation.trail import acting, system_actor

UNREACHABLE = (OperationalError, InterfaceError, PoolTimeout)
"""The database does not answer, or not any more."""

_NOTED_BY = "coverage check"
_PATIENCE = 5.0
"""Seconds a question waits for a connection."""

Connections = AsyncConnectionPool[AsyncConnection[tuple[Any, ...]]]


def check_through_django(check: Check) -> Coverage:
    """The answer to one check, noted, on this thread's own connection."""
    with acting(system_actor(_NOTED_BY), at=check.at), connection.cursor() as cursor:
        cursor.execute(CHECK, {"asked": as_parameter([check])})
        return Coverage(*cursor.fetchall()[0])


def ask_through_django(statement: str, parameters: Mapping[str, Any]) -> Rows:
    """Run the statement on this thread's own connection."""
    with connection.cursor() as cursor:
        cursor.execute(statement, dict(parameters))
        return list(cursor.fetchall())


class CheckDesk:
    """Connections of one event loop: a line for checks, another connection for anything else."""

    def __init__(self) -> None:
        self._opening = asyncio.Lock()
        self._opened: Connections | None = None
        self._line: Line | None = None
        self._lent: AsyncConnection[tuple[Any, ...]] | None = None
        self._checks = Together(self._check_all, fatal=UNREACHABLE)
        self._dialling = asyncio.Lock()
        self.tokens = KnownTokens()

    @property
    def listens(self) -> bool:
        """Whether the database can say that something was withdrawn."""
        return self._line is not None and not self._line.lost

    async def listen(self) -> None:
        """Make sure that it can."""
        async with self._dialling:
            if not self.listens:
                await self._dialled()

    async def check(self, check: Check) -> Coverage:
        """The answer to one check, found and noted with those others ask just now."""
        return await self._checks.ask(check)

    async def ask(self, statement: str, parameters: Mapping[str, Any]) -> Rows:
        """Run the statement on a connection of its own."""
        pool = await self._connections()
        async with pool.connection() as one:
            return await (await one.execute(statement, parameters)).fetchall()

    async def close(self) -> None:
        """Close every connection; the next question opens them again."""
        line, lent, pool = self._line, self._lent, self._opened
        self._line = self._lent = self._opened = None
        if line is not None:
            line.close()
        if pool is not None:
            if lent is not None:
                await pool.putconn(lent)
            await pool.close()

    async def _check_all(self, checks: Sequence[Check]) -> list[Coverage]:
        try:
            await self.listen()
            line = self._line
            assert line is not None
            return _understood(await line.rows(as_parameter(checks)))
        except BaseException:
            await self._hang_up()
            raise

    async def _dialled(self) -> None:
        await self._hang_up()
        pool = await self._connections()
        self._lent = await pool.getconn()
        await self._lent.execute(f"LISTEN {WITHDRAWN}")
        line = Line(self._lent, heard=self.tokens.forget)
        try:
            await line.prepare(CHECK % {"asked": "$1"})
        except BaseException:
            line.close()
            await self._hang_up()
            raise
        self.tokens.forget()
        self._line = line

    async def _hang_up(self) -> None:
        line, lent, self._line, self._lent = self._line, self._lent, None, None
        self.tokens.forget()
        if line is not None:
            line.close()
        if lent is not None and self._opened is not None:
            # Whatever was under way on it is nobody's any more.
            await lent.close()
            await self._opened.putconn(lent)

    async def _connections(self) -> Connections:
        async with self._opening:
            if self._opened is None:
                parameters = await asyncio.to_thread(_parameters)
                pool: Connections = AsyncConnectionPool(
                    min_size=1,
                    max_size=3,
                    timeout=_PATIENCE,
                    open=False,
                    kwargs=parameters,
                    check=AsyncConnectionPool.check_connection,
                )
                await pool.open()
                self._opened = pool
            return self._opened


def _understood(rows: PGresult) -> list[Coverage]:
    value = rows.get_value
    return [Coverage(*_read(value, row)) for row in range(rows.ntuples)]


def _read(value: Any, row: int) -> tuple[Any, ...]:
    person_id, name, status, reason, since, until, through, known_until = (
        value(row, column) for column in range(8)
    )
    return (
        int(person_id) if person_id else None,
        name.decode(),
        status.decode(),
        reason.decode(),
        _day(since),
        _day(until),
        through == b"t",
        _day(known_until),
    )


def _day(text: bytes | None) -> dt.date | None:
    return dt.date.fromisoformat(text.decode()) if text else None


def _parameters() -> dict[str, Any]:
    """Where the database is, for connections that note checks as the system does."""
    found = connection.get_connection_params()
    kept = {
        key: found[key] for key in ("host", "port", "user", "password", "dbname") if found.get(key)
    }
    noted_by = system_actor(_NOTED_BY).id
    connection.close()
    options = (
        f"-c qafila.actor={noted_by}"
        " -c plan_cache_mode=force_generic_plan -c datestyle=ISO -c client_encoding=UTF8"
        # What nobody waits for any more ends by itself.
        " -c client_connection_check_interval=1s"
    )
    return {**kept, "autocommit": True, "options": options}
