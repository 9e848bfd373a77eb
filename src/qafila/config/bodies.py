"""Bodies of requests, read on the event loop before a thread is taken.

However slowly a body comes, it costs a few bytes of memory and no thread. What nobody signed in for
is small; what a signed-in person uploads goes to a file as it comes. A body that is too large, too
slow, one of too many from its address, or that finds no room, never reaches the pages: they are
asked to say so instead (`REFUSED` in the environment), in the person's language.
"""

from __future__ import annotations

import asyncio
import errno
import io
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import IO, Any

Receive = Callable[[], Awaitable[Any]]
MaySendMuch = Callable[[dict[str, Any]], bool]

REFUSED = "qafila.body_refused"
"""The status of a body that was refused, for `web.site.refusals`."""

SMALL = 100_000
IN_MEMORY = 262_144
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class BodyRefused(Exception):
    """The body is not read: 408 too slow, 413 too large, 429 too many at once, 507 no room."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class AskerLeft(Exception):
    """The request ended before it was whole: there is nobody to answer."""


@dataclass
class Bodies:
    """How bodies are read. Seconds, bytes; `may_send_much` is asked in a thread of its own."""

    may_send_much: MaySendMuch
    address_of: Callable[[dict[str, Any]], str]
    largest: int = 200_000_000
    small_within: float = 20.0
    stalled_after: float = 20.0
    slowest_pace: float = 5_000.0
    at_once: int = 64
    _reading: Counter[str] = field(default_factory=Counter)

    async def whole(self, scope: dict[str, Any], receive: Receive) -> tuple[IO[bytes], int]:
        """The body, at its beginning, and its length. Raises BodyRefused, AskerLeft."""
        headers = dict(scope["headers"])
        announced = _announced(headers)
        unannounced = announced is None and b"transfer-encoding" not in headers
        if (unannounced or announced == 0) and scope["method"] in ("GET", "HEAD", "OPTIONS"):
            return io.BytesIO(), 0
        address = self.address_of(scope)
        if self._reading[address] >= self.at_once:
            raise BodyRefused(429)
        self._reading[address] += 1
        try:
            return await self._read(scope, receive, announced)
        except OSError as fault:
            raise BodyRefused(507) if fault.errno in _NO_ROOM else fault from None
        finally:
            self._reading[address] -= 1
            if not self._reading[address]:
                del self._reading[address]

    async def _read(
        self, scope: dict[str, Any], receive: Receive, announced: int | None
    ) -> tuple[IO[bytes], int]:
        most = SMALL
        if announced is not None and announced > SMALL:
            most = await self._most(scope)
            if announced > most:
                raise BodyRefused(413)
        begun = time.monotonic()
        body = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  (handed on)
        try:
            size = 0
            async for piece in self._pieces(receive, begun):
                size += len(piece)
                if size > most:
                    # Not announced, so only seen now.
                    most = await self._most(scope)
                    if size > most:
                        raise BodyRefused(413)
                body.write(piece)
            body.seek(0)
        except BaseException:
            body.close()
            raise
        return body, size

    async def _pieces(self, receive: Receive, begun: float) -> Any:
        size, more = 0, True
        while more:
            # As long as a small body may take, then at the slowest pace that is worth waiting for.
            time_left = self.small_within + size / self.slowest_pace - (time.monotonic() - begun)
            wait = min(self.stalled_after, time_left)
            if wait <= 0:
                raise BodyRefused(408)
            try:
                message = await asyncio.wait_for(receive(), wait)
            except TimeoutError:
                raise BodyRefused(408) from None
            if message["type"] == "http.disconnect":
                raise AskerLeft
            piece, more = message.get("body", b""), message.get("more_body", False)
            size += len(piece)
            if piece:
                yield piece

    async def _most(self, scope: dict[str, Any]) -> int:
        may = await asyncio.to_thread(self.may_send_much, scope)
        return self.largest if may else SMALL


def _announced(headers: dict[bytes, bytes]) -> int | None:
    told = headers.get(b"content-length", b"")
    return int(told) if told.isdigit() and len(told) < 16 else None
