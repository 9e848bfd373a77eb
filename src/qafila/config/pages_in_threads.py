"""The pages, a WSGI application, under an ASGI server: each request in one of a few threads.

a2wsgi carries requests and answers between the event loop and the threads. What it leaves open is
settled here: a request cut short is an error and not a shorter request, headers that could pass for
others are dropped, and small pieces of an answer travel together.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

THREADS = 8
"""Of one web process. Each takes a connection to the database from the process's pool (12)."""

_BLOCK = 65_536
_WATCHED_FROM = 2
_ASKER = "qafila.asker"
_UNRESERVED = bytes(range(0x21, 0x7F)).decode()

Environ = dict[str, Any]
Pages = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def pages_in_threads(
    pages: Pages, threads: int = THREADS
) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """The WSGI application `pages` as an ASGI application."""
    carried = WSGIMiddleware(_told_of_files(pages), workers=threads)  # type: ignore[arg-type]

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        asker = _Asker(receive, send)
        try:
            told = {**_readable(scope), _ASKER: asker}
            await carried(told, _whole(receive), asker.send)  # type: ignore[arg-type]
        finally:
            asker.forget()

    return application


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
    if scope["type"] != "http":
        return scope
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


def _whole(receive: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
    async def received() -> Any:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError("The request ended before it was whole.")
        return message

    return received


def _told_of_files(pages: Pages) -> Pages:
    def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.errors"] = sys.stderr
        environ["wsgi.file_wrapper"] = _File
        asker: _Asker = environ["asgi.scope"][_ASKER]
        return _Blocks(pages(environ, start_response), asker)

    return application


class _File:
    """A file read in blocks large enough for the way between threads and loop."""

    def __init__(self, file: Any, _block_size: int = _BLOCK) -> None:
        self._file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(_BLOCK), b"")


class _Blocks:
    """The pieces of an answer, gathered until they are worth the way to the event loop.

    They end when whoever asked has left.
    """

    def __init__(self, pieces: Iterable[bytes], asker: _Asker) -> None:
        self._pieces = pieces
        self._asker = asker
        self.close = getattr(pieces, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        gathered: list[bytes] = []
        size = 0
        for piece in self._pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= _BLOCK:
                yield b"".join(gathered)
                gathered, size = [], 0
                if self._asker.left:
                    return
        if gathered:
            yield b"".join(gathered)
