"""The pages, a WSGI application, under an ASGI server: each request in one of a few threads.

What a2wsgi leaves open is settled here: bodies are read whole before a thread is taken (`bodies`),
and headers that could pass for others are dropped. Answers are handed to the event loop whole, or
in large blocks: each way between a thread and the loop costs more than a small page's bytes, and
waits for the other threads. The page that watches the house has a thread of its own, so that it
answers while all others wait.
"""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from functools import partial
from typing import IO, Any
from urllib.parse import quote_from_bytes

from a2wsgi.wsgi import build_environ

from qafila.config.bodies import REFUSED, AskerLeft, Bodies, BodyRefused

THREADS = 8
"""Of one web process. Each takes a connection to the database from the process's pool (12)."""

WATCHED_AT = "/health"

_BLOCK = 65_536
_WATCHED_FROM = 2
_UNRESERVED = bytes(range(0x21, 0x7F)).decode()

Environ = dict[str, Any]
Pages = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def pages_in_threads(
    pages: Pages, bodies: Bodies, threads: int = THREADS
) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """The WSGI application `pages` as an ASGI application for HTTP requests."""
    executor = ThreadPoolExecutor(threads, thread_name_prefix="pages")
    watching = ThreadPoolExecutor(1, thread_name_prefix="watching")

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError("The pages answer HTTP requests only.")
        try:
            environ, body = await _environ(bodies, scope, receive)
        except AskerLeft:
            return
        loop = asyncio.get_running_loop()
        asker = _Asker(receive, send)
        thread = watching if scope["path"] == WATCHED_AT else executor
        try:
            for message in await loop.run_in_executor(
                thread, partial(_carried, pages, environ, asker, loop)
            ):
                await send(message)
        finally:
            asker.forget()
            body.close()

    return application


async def _environ(
    bodies: Bodies, scope: dict[str, Any], receive: Any
) -> tuple[Environ, IO[bytes]]:
    """What the pages are told of the request; of a body that was refused, only that."""
    refused: Environ = {}
    try:
        body, size = await bodies.whole(scope, receive)
    except BodyRefused as refusal:
        # The connection ends with the answer: what is still on its way is not read.
        body, size, refused = io.BytesIO(), 0, {REFUSED: refusal.status}
    environ: Environ = {**build_environ(_readable(scope), body)}  # type: ignore[arg-type]
    environ |= {"wsgi.errors": sys.stderr, "wsgi.file_wrapper": _File, **refused}
    environ["CONTENT_LENGTH"] = str(size)
    return environ, body


def _carried(
    pages: Pages, environ: Environ, asker: _Asker, loop: asyncio.AbstractEventLoop
) -> list[dict[str, Any]]:
    """Answer in this thread; returns what is still to be sent: all of it when it is one block."""
    start: dict[str, Any] = {"type": "http.response.start"}

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        start["status"] = int(status[:3])
        start["headers"] = [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ]

    def send(message: dict[str, Any]) -> None:
        asyncio.run_coroutine_threadsafe(asker.send(message), loop).result()

    pieces: Any = pages(environ, start_response)
    with closing(pieces) if hasattr(pieces, "close") else nullcontext():
        blocks = _in_blocks(pieces)
        block = next(blocks, b"")
        following = next(blocks, None)
        if following is not None:
            send(start)
        while following is not None:
            send(_part(block, more=True))
            block, following = following, None if asker.left else next(blocks, None)
            if following is None:
                return [_part(block)]
    return [start, _part(block)]


def _part(block: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": block, "more_body": more}


def _in_blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    gathered: list[bytes] = []
    size = 0
    for piece in pieces:
        gathered.append(piece)
        size += len(piece)
        if size >= _BLOCK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


class _Asker:
    """Whoever asked: sent the answer, and watched as soon as it takes more than one block.

    Without that a long answer would go on for nobody, and keep its thread for ever.
    """

    def __init__(self, receive: Any, send: Any) -> None:
        self._receive, self._send = receive, send
        self._blocks = 0
        self._watch: asyncio.Task[None] | None = None

    @property
    def left(self) -> bool:
        """Whether nobody is there any more."""
        return self._watch is not None and self._watch.done()

    async def send(self, message: Any) -> None:
        """Send a part of the answer; in vain when whoever asked has left."""
        self._blocks += bool(message.get("body"))
        if self._blocks < _WATCHED_FROM:
            await self._send(message)
            return
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._watched())
        if not self.left:
            sent = asyncio.ensure_future(self._send(message))
            await asyncio.wait((sent, self._watch), return_when=asyncio.FIRST_COMPLETED)
            if sent.done():
                sent.result()
            else:
                sent.cancel()

    async def _watched(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def forget(self) -> None:
        """Watch no longer."""
        if self._watch is not None:
            self._watch.cancel()


def _readable(scope: dict[str, Any]) -> dict[str, Any]:
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    headers = [
        # X_Real_Ip would be read as X-Real-Ip, which only the balancer may set.
        (name, value)
        for name, value in scope["headers"]
        if b"_" not in name and name != b"cookie"
    ]
    if cookies:
        headers.append((b"cookie", b"; ".join(cookies)))
    query = quote_from_bytes(scope["query_string"], safe=_UNRESERVED).encode()
    return {**scope, "headers": headers, "query_string": query}


class _File:
    """A file read in blocks large enough for the way between threads and loop."""

    def __init__(self, file: Any, _block_size: int = _BLOCK) -> None:
        self._file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(_BLOCK), b"")
