"""The pages, a WSGI application, under an ASGI server: each request in one of a few threads.

a2wsgi carries requests and answers between the event loop and the threads. What it leaves open is
settled here: a request cut short is an error and not a shorter request, headers that could pass for
others are dropped, and small pieces of an answer travel together.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware

THREADS = 8
"""Of one web process. Each takes a connection to the database from the process's pool (12)."""

_BLOCK = 65_536
_UNRESERVED = bytes(range(0x21, 0x7F)).decode()

Environ = dict[str, Any]
Pages = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def pages_in_threads(
    pages: Pages, threads: int = THREADS
) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """The WSGI application `pages` as an ASGI application."""
    carried = WSGIMiddleware(_told_of_files(pages), workers=threads)  # type: ignore[arg-type]

    async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
        await carried(_readable(scope), _whole(receive), send)  # type: ignore[arg-type]

    return application


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
        return _Blocks(pages(environ, start_response))

    return application


class _File:
    """A file read in blocks large enough for the way between threads and loop."""

    def __init__(self, file: Any, _block_size: int = _BLOCK) -> None:
        self._file = file
        self.close = getattr(file, "close", lambda: None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(lambda: self._file.read(_BLOCK), b"")


class _Blocks:
    """The pieces of an answer, gathered until they are worth the way to the event loop."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
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
        if gathered:
            yield b"".join(gathered)
