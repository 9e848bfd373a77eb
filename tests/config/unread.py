"""A site that says what it was sent, for a server in a process of its own."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from qafila.config.bodies import REFUSED, Bodies
from qafila.config.pages_in_threads import pages_in_threads

PIECES = 20_000


def told(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Length of the body; or, at /long, many small pieces until whoever asked has left."""
    if environ["PATH_INFO"] == "/long":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return (b"0123456789\n" for _ in range(PIECES))
    if environ["PATH_INFO"] == "/endless":
        start_response("200 OK", [("Content-Type", "text/plain")])
        return _Endless()
    if environ.get(REFUSED):
        start_response(f"{environ[REFUSED]} Refused", [("Content-Type", "text/plain")])
        return [b"refused"]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    _note(f"read {len(body)}")
    kept = {name: environ.get(name) for name in ("QUERY_STRING", "HTTP_COOKIE", "HTTP_X_REAL_IP")}
    answer = {**kept, "length": len(body), "thread": threading.current_thread().name}
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


class _Endless:
    """Goes on until it is closed, which is noted."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b"x" * 65_536

    def close(self) -> None:
        _note("closed")


def _note(line: str) -> None:
    with Path(os.environ["NOTES"]).open("a", encoding="utf-8") as notes:
        notes.write(line + "\n")


def _signed_in(scope: dict[str, Any]) -> bool:
    return (b"cookie", b"signed=in") in scope["headers"]


bodies = Bodies(_signed_in, lambda scope: scope["client"][0], small_within=3.0, stalled_after=2.0)
application = pages_in_threads(told, bodies, threads=3)
