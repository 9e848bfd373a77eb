"""`qafila serve` on the database of a test, asked over its port as anybody would."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection
from tests.api.factories import AT

from qafila.foundation.actors import Role
from qafila.foundation.trail import acting, system_actor
from qafila.institutions.models import Account, Institution, Post


class Site:
    """`qafila serve` on the test's own database, its whole log in a file."""

    def __init__(self, log: Path, *, processes: int = 1) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.log = log
        environment = {
            **os.environ,
            "QAFILA_DATABASE_NAME": str(connection.settings_dict["NAME"]),
            "QAFILA_LOG_LEVEL": "DEBUG",
        }
        with log.open("wb") as file:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "qafila.cli", "serve", "--port", str(self.port),
                 "--workers", str(processes)],
                env=environment, stdout=file, stderr=file, start_new_session=True,
            )  # fmt: skip

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        """Status and text of the answer, over a connection of its own."""
        return self.ask_with_cookies(method, path, body, **headers)[:2]

    def ask_with_cookies(
        self, method: str, path: str, body: str = "", **headers: str
    ) -> tuple[int, str, str]:
        """The same, with the cookies to send back."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        if body:
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body or None, named)
        response = line.getresponse()
        set_cookies = response.headers.get_all("Set-Cookie") or []
        cookies = "; ".join(one.split(";", 1)[0] for one in set_cookies)
        return response.status, response.read().decode(errors="replace"), cookies

    def wait(self) -> None:
        for _ in range(600):
            try:
                if self.ask("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            assert self._process.poll() is None, self.log.read_text()
            time.sleep(0.2)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


def counter_agent(email: str, password: str, name: str) -> Account:
    """An agent of the whole country who signs in at the served site."""
    with acting(system_actor("tests"), at=AT):
        ministry, _ = Institution.objects.get_or_create(
            kind="ministry", name_fr="Ministère", city="Rabat", confidence="high"
        )
        account = Account.objects.create_user(email, password, name=name)
        Post.objects.create(
            account=account, role=Role.COUNTER_AGENT, institution=ministry, national=True,
            held_from=AT.date(),
        )  # fmt: skip
    return account
