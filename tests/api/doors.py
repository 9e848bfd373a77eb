"""The fast door as a server would use it, on an event loop and in a thread of its own.

Tests in a browser leave a running event loop in the thread of the tests.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import json
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import uvloop
from django.core.wsgi import get_wsgi_application

from qafila.api.coverage_check.coverage_asgi import with_coverage_door
from qafila.config.askers import address_of, is_known
from qafila.config.bodies import Bodies
from qafila.config.pages_in_threads import pages_in_threads

Answer = tuple[int, dict[str, str], Any]
Result = TypeVar("Result")


class OwnLoop:
    """Runs coroutines on one event loop, in one thread beside that of the tests."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner(loop_factory=uvloop.new_event_loop)  # as Granian's

    def run(self, asked: Coroutine[Any, Any, Result]) -> Result:
        """What the coroutine returns or raises; it sees the context of the test."""
        context = contextvars.copy_context()
        return self._thread.submit(self._runner.run, asked, context=context).result()

    def close(self) -> None:
        """End the loop and its thread."""
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


def run_once(asked: Coroutine[Any, Any, Result]) -> Result:
    """Run one coroutine on a loop of its own."""
    loop = OwnLoop()
    try:
        return loop.run(asked)
    finally:
        loop.close()


class Door:
    """Started with its application, closed with it; questions asked one by one or at once."""

    def __init__(self) -> None:
        self._loop = OwnLoop()
        self.application = with_coverage_door(
            pages_in_threads(get_wsgi_application(), Bodies(is_known, address_of))
        )
        self._told: asyncio.Queue[dict[str, str]]
        self._loop.run(self._start())

    async def _start(self) -> None:
        self._told = asyncio.Queue()
        self.heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        scope = {"type": "lifespan"}
        self._life = asyncio.ensure_future(
            self.application(scope, self._told.get, self.heard.put)  # type: ignore[arg-type]
        )
        await self._told.put({"type": "lifespan.startup"})
        assert (await self.heard.get())["type"] == "lifespan.startup.complete"

    def close(self) -> None:
        """Stop as a server stops."""
        self._loop.run(self._stop())
        self._loop.close()
        gc.unfreeze()

    async def _stop(self) -> None:
        await self._told.put({"type": "lifespan.shutdown"})
        assert (await self.heard.get())["type"] == "lifespan.shutdown.complete"
        await self._life

    def ask(self, query: str, bearer: str, **more: Any) -> Answer:
        """What is answered to one question; `more` replaces parts of the scope."""
        return self._loop.run(self._asked(query, bearer, more))

    def ask_at_once(self, queries: list[str], bearer: str) -> list[Answer]:
        """What is answered to questions that arrive together."""

        async def asked() -> list[Answer]:
            return list(await asyncio.gather(*(self._asked(one, bearer, {}) for one in queries)))

        return self._loop.run(asked())

    async def _asked(self, query: str, bearer: str, more: dict[str, Any]) -> Answer:
        scope = {
            "type": "http", "http_version": "1.1", "method": "GET", "path": "/api/v1/coverage",
            "scheme": "http", "query_string": query.encode("latin-1"), "server": ("localhost", 80),
            "client": ("127.0.0.1", 5),
            "headers": [
                (b"host", b"localhost"), (b"authorization", f"Bearer {bearer}".encode("latin-1")),
                (b"accept-language", b"fr"),
            ],
            **more,
        }  # fmt: skip
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        start, *rest = sent
        headers = {name.decode().title(): value.decode() for name, value in start["headers"]}
        body = b"".join(message["body"] for message in rest)
        plain = headers["Content-Type"].startswith("application/json")
        return start["status"], headers, json.loads(body) if plain else body
