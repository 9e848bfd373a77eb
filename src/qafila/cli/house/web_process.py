"""One web process: Granian with one worker, whose end it tells by its own exit code.

Several of these share a port (the kernel deals connections out), each started again by itself:
`python -m qafila.cli.house.web_process HOST PORT APPLICATION`.
"""

from __future__ import annotations

import ctypes
import signal
import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces

CONNECTIONS = 4096
"""Requests under way at once in a process; slow ones wait on the event loop and hold no thread."""
HEADERS_WITHIN_MS = 10_000
_PR_SET_PDEATHSIG = 1


class WebProcess(Granian):
    """Remembers how its worker ended."""

    ended_with = 0

    def _stop_workers(self) -> None:
        ended = [worker.inner.exitcode for worker in self.wrks]
        self.ended_with = next((code for code in ended if code), 0)
        super()._stop_workers()


def serve_one(host: str, port: int, application: str) -> int:
    """Serve until stopped; 0 then, else how the worker ended (128 and the signal's number)."""
    server: Any = WebProcess(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_access=False,
        log_level="error",
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http1_settings=_within(HEADERS_WITHIN_MS),
        workers_kill_timeout=8,
    )
    try:
        server.serve()
    except SystemExit as end:
        code = server.ended_with
        return 128 - code if code < 0 else code or int(end.code or 0)
    return 0


def _within(milliseconds: int) -> Any:
    from granian.http import HTTP1Settings

    return HTTP1Settings(header_read_timeout=milliseconds)


if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    sys.exit(serve_one(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
