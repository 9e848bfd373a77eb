"""`qafila serve` and `qafila worker`: the pages and the background jobs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Annotated

import typer

from qafila.cli.django_setup import prepare_django


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Web processes.", min=1)] = 2,
) -> None:
    """Serve the pages, with a worker for background jobs beside them. Ctrl-C stops both."""
    prepare_django()
    from django.db import connection

    # Reached once here, so that the embedded server runs before the workers look for it, and is
    # stopped when this process, the last to use it, leaves.
    connection.ensure_connection()
    tell_old_keys()
    connection.close()
    environment = {**os.environ, "QAFILA_POOL": "1", "QAFILA_WEB_PROCESSES": str(workers)}
    web = web_command(host, port, workers)
    processes = [
        subprocess.Popen([*web, "qafila.config.asgi:application"], env=environment),
        subprocess.Popen([sys.executable, "-m", "qafila.cli", "worker"]),
    ]
    _run_until_one_stops(processes)


def tell_old_keys() -> None:
    """A sentence on the error output where stored keys of names are of an earlier version."""
    from qafila.lists.queries import old_keys_sentence

    if sentence := old_keys_sentence():
        typer.echo(sentence, err=True)


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The command that serves an application, still to be named, with so many web processes."""
    return [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "asgi",
        "--host",
        host,
        "--port",
        str(port),
        "--workers",
        str(workers),
        "--no-ws",
        "--no-access-log",
        "--log-level",
        "error",
    ]


def worker() -> None:
    """Run background jobs until stopped."""
    prepare_django()
    from django.core.management import call_command

    call_command("procrastinate", "worker", "--concurrency=1")


def _run_until_one_stops(processes: list[subprocess.Popen[bytes]]) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(process.poll() is None for process in processes):
            time.sleep(0.3)
    except KeyboardInterrupt:
        pass
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
