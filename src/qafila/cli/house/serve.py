"""`qafila serve` and `qafila worker`: the pages and the background jobs."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from typing import Annotated

import typer

from qafila.cli.django_setup import prepare_django
from qafila.cli.house.supervisor import BackOff, Kept, KeptServer, keep_running

WORKERS_WAIT_SECONDS = 3.0
PORT_PATIENCE_SECONDS = 10.0
PAGES_WAIT_SECONDS = 3.0
_APPLICATION = "qafila.config.asgi:application"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Web processes.", min=1)] = 2,
    jobs: Annotated[
        bool, typer.Option(help="Run the workers for background jobs too, one of each kind.")
    ] = True,
) -> None:
    """Serve the pages, with workers for background jobs beside them. Ctrl-C stops all.

    Whichever process ends, or the embedded server, is started again; one line says which and why.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    require_free_port(host, port)
    # Pages come first, then what they need, then the workers, which want the processor as well.
    # Nothing here loads the rooms: after a power cut every second before the pages counts.
    keep_running([*_web(host, port, workers), *_embedded_server(), *(_jobs() if jobs else [])])


def require_free_port(host: str, port: int, patience: float = PORT_PATIENCE_SECONDS) -> None:
    """Exit with a sentence when somebody else serves there.

    Web processes share their port, so a second house would be given a part of the first one's
    questions without a word. What a killed house left behind ends within seconds: waited for.
    """
    until = time.monotonic() + patience
    while not _is_free(host, port):
        if time.monotonic() > until:
            typer.echo(f"Port {port} of {host} is in use. Stop what runs there, or name another "
                       "with --port.", err=True)  # fmt: skip
            raise typer.Exit(2)
        time.sleep(0.1)


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        # Connections that have just ended are no hindrance; whoever listens is.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _web(host: str, port: int, count: int) -> list[Kept]:
    environment = {**os.environ, "QAFILA_POOL": "1"}
    command = [*web_command(host, port), _APPLICATION]
    # All of them may be ended again and again; without pages for half a minute nobody is helped.
    return [
        Kept(f"Web process {n}", command, environment, back_off=BackOff(longest=PAGES_WAIT_SECONDS))
        for n in range(1, count + 1)
    ]


def _jobs() -> list[Kept]:
    from qafila.foundation.queue.kinds import KINDS

    command = [sys.executable, "-m", "qafila.cli", "worker", "--kind"]
    due = time.monotonic() + WORKERS_WAIT_SECONDS
    return [Kept(f"Worker ({kind})", [*command, kind], dict(os.environ), due=due) for kind in KINDS]


def _embedded_server() -> list[KeptServer]:
    from django.conf import settings

    from qafila.foundation.database.base import embedded_server

    folder = settings.DATABASES["default"].get("EMBEDDED_FOLDER")
    if not folder:
        return []
    server = embedded_server(str(folder))
    return [KeptServer("The embedded PostgreSQL", server.is_alive, server.use)]


def tell_old_keys() -> None:
    """A sentence on the error output where stored keys of names are of an earlier version."""
    from qafila.lists.linking.stored_keys import old_keys_sentence

    if sentence := old_keys_sentence():
        typer.echo(sentence, err=True)


def web_command(host: str, port: int) -> list[str]:
    """The command of one web process that serves an application, still to be named.

    Several on one port share what is asked of it.
    """
    return [sys.executable, "-m", "qafila.cli.house.web_process", host, str(port)]


def worker(
    kind: Annotated[
        str, typer.Option(help="short, lists or contributions; all kinds one by one without it.")
    ] = "",
) -> None:
    """Run background jobs until stopped: those of one kind, or of all."""
    prepare_django()
    from django.core.management import call_command

    from qafila.foundation.database.schema import schema_sentence
    from qafila.foundation.queue.kinds import KINDS
    from qafila.foundation.queue.orphans import watch_for_orphans

    if kind and kind not in KINDS:
        raise typer.BadParameter(f"Choose one of {', '.join(KINDS)}.", param_hint="--kind")
    if sentence := schema_sentence():
        typer.echo(sentence, err=True)
        raise typer.Exit(2)
    if kind in ("", "lists"):
        tell_old_keys()
    queues = KINDS[kind] if kind else [name for names in KINDS.values() for name in names]
    stop = threading.Event()
    watcher = threading.Thread(target=watch_for_orphans, args=[stop], daemon=True)
    watcher.start()
    try:
        call_command(
            "procrastinate",
            "worker",
            f"--queues={','.join(queues)}",
            f"--name={kind or 'all'}",
            "--concurrency=1",
        )
    finally:
        stop.set()
