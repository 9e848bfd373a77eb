"""`qafila serve` in a folder of its own, on people of the demonstration, and those who ask it.

Shared by the benchmarks that look at a house at work (`soak.py`, `kills.py`).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import os
import random
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

NOT_ANSWERED = (OSError, http.client.HTTPException)
LONGEST_WAIT = 120.0
DATABASE = "qafila_headless"
EMAIL = "youssef@qafila.test"
OPERATORS = 4
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the connection was cut off before the answer was whole."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def asks_to_sign_in(self) -> bool:
        """Whether it leads to the page where people sign in."""
        return "/accounts/login" in self.headers.get("Location", "")


class House:
    """`qafila serve` in the folder `QAFILA_VAR` names, on a port that nobody uses."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until its pages answer."""
        self.begin()
        self.wait_for_pages()

    def begin(self) -> None:
        """Start it without waiting."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "qafila.cli", "serve", "--port", str(self.port)],
                start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip

    @property
    def log(self) -> Path:
        """All that the house writes to its outputs."""
        return Path(os.environ["QAFILA_VAR"], "serve.log")

    def wait_for_pages(self, well_for: int = 4) -> float:
        """The seconds until so many answers in a row say that pages and database work."""
        begun, well, answered = time.monotonic(), 0, 0.0
        while time.monotonic() - begun < LONGEST_WAIT:
            asked = time.monotonic()
            if self.ask("GET", "/health").status == 200:
                answered = answered if well else asked
                well += 1
            else:
                well = 0
            if well == well_for:
                return answered - begun
            time.sleep(0.05)
        raise SystemExit("The pages did not answer again.")

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> Answer:
        """The answer to one question over a connection of its own."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            line.request(method, path, body.encode() if body else None, named)
            told = line.getresponse()
            set_cookies = told.headers.get_all("Set-Cookie") or []
            cookies = dict(one.split(";", 1)[0].split("=", 1) for one in set_cookies)
            return Answer(told.status, told.read(), dict(told.headers), cookies)
        except NOT_ANSWERED:
            return Answer(0)
        finally:
            line.close()

    def tree(self) -> dict[int, str]:
        """Every process of the house below the supervisor, with its command line."""
        assert self.process
        found: dict[int, str] = {}
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            with contextlib.suppress(OSError):
                for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                    line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
                    found[int(child)] = line.decode(errors="replace").strip()
                    waiting.append(int(child))
        return found

    def stop(self) -> None:
        """Stop it as systemd does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@dataclass
class Desk:
    """A counter agent's browser: signs in, opens pages, signs out."""

    house: House
    password: str
    jar: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> Answer:
        """Ask with the cookies at hand, and keep those that come back."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())}
        if form is not None:
            headers["Content_Type"] = _FORM
        answer = self.house.ask(method, path, urlencode(form) if form else None, **headers)
        self.jar.update(answer.cookies)
        return answer

    def sign_in(self) -> Answer:
        """302 to the first page when it went well; what refused it otherwise."""
        self.jar.clear()
        page = self.ask("GET", "/accounts/login/")
        if page.status != 200:
            return page
        sent = {"csrfmiddlewaretoken": _csrf(page), "login": EMAIL, "password": self.password}
        return self.ask("POST", "/accounts/login/", sent)

    def sign_out(self) -> Answer:
        """302 when it went well; the session is held against us otherwise."""
        page = self.ask("GET", "/accounts/logout/")
        if page.status != 200:
            return page
        return self.ask("POST", "/accounts/logout/", {"csrfmiddlewaretoken": _csrf(page)})


def _csrf(page: Answer) -> str:
    found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
    return found[1].decode() if found else ""


@dataclass(frozen=True)
class Town:
    """Whom the house knows: payers by card, files by number, partners by token."""

    cards: list[str]
    persons: list[int]
    checker: str
    operators: list[str]
    password: str


def page_of(town: Town) -> str:
    """An address a counter agent opens."""
    person = random.choice(town.persons)
    return random.choice(
        ["/", "/people/?q=" + random.choice(town.cards), f"/people/{person}/",
         f"/people/{person}/money/", f"/people/{person}/rows/", "/people/?q=fatima"]
    )  # fmt: skip


def check_of(town: Town) -> tuple[str, dict[str, str]]:
    """The address and the headers of a coverage check."""
    card = random.choice(town.cards)
    path = f"/api/v1/coverage?id_type=cin&id={card}&on={today()}"
    return path, {"Authorization": f"Bearer {town.checker}", "Accept_Language": "fr"}


def payments_of(town: Town, references: list[str]) -> str:
    """The body of a batch of payments of 100 dirhams, each under its reference."""
    rows = [
        {"reference": reference, "id_type": "cin",
         "id": random.Random(reference).choice(town.cards),
         "amount_centimes": 10_000, "paid_on": today()}
        for reference in references
    ]  # fmt: skip
    return json.dumps({"payments": rows})


def today() -> str:
    """The day as the house reads it."""
    return time.strftime("%Y-%m-%d")


def sending(operator: str) -> dict[str, str]:
    """The headers of an operator that sends payments."""
    return {"Authorization": f"Bearer {operator}", "Content_Type": "application/json"}


def in_folder(folder: str) -> None:
    """Make this process, and those it starts, use the folder: before anything of Qafila's runs."""
    # Reached by the account the embedded server runs as, when this runs as root.
    Path(folder).chmod(0o755)
    os.environ |= {"QAFILA_VAR": folder, "DJANGO_SETTINGS_MODULE": "qafila.config.settings"}
    # As deploy/qafila.service has it: compiled once, not at each start.
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder, "compiled"))
    for name in ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)


def settled_town(operators: int = OPERATORS) -> Town:
    """The demonstration's people in a fresh database, an agent's account, partners with tokens."""
    qafila = [sys.executable, "-m", "qafila.cli"]
    subprocess.run([*qafila, "demo", "--headless"], check=True, stdout=subprocess.DEVNULL)
    os.environ["QAFILA_DATABASE_NAME"] = DATABASE
    made = subprocess.run(
        [*qafila, "accounts", "create", EMAIL, "--name", "يوسف", "--role", "counter_agent",
         "--national"],
        check=True, capture_output=True, text=True, env={**os.environ, "QAFILA_LANGUAGE": "en"},
    ).stdout  # fmt: skip
    password = re.search(r"password (\S+)\. It", made)
    assert password, made
    import django

    django.setup()
    with connected() as cursor:
        cursor.execute(
            "SELECT person.id, person.card_number FROM people_person person "
            "WHERE person.card_number <> '' AND EXISTS (SELECT FROM contributions_call call "
            "WHERE call.person_id = person.id) ORDER BY person.id LIMIT 2000"
        )
        found = cursor.fetchall()
    return Town(
        [card for _, card in found],
        [person for person, _ in found],
        _partner("CHU", "coverage:read", may_book_payments=False),
        [
            _partner(f"Relais {n}", "payments:write", may_book_payments=True)
            for n in range(operators)
        ],
        password[1],
    )


def _partner(name: str, scope: str, *, may_book_payments: bool) -> str:
    from oauth2_provider.models import get_access_token_model, get_application_model

    from qafila.care.coverage_check.registering import register_client
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor

    made = register_client(
        name=name, checks_per_minute=1_000_000, may_book_payments=may_book_payments,
        actor=system_actor("benchmarks"), at=clock.now(),
    )  # fmt: skip
    token = f"bench-{made.client_id}"
    get_access_token_model().objects.create(
        application=get_application_model().objects.get(client_id=made.client_id), token=token,
        scope=scope, expires=clock.now() + dt.timedelta(hours=12),
    )  # fmt: skip
    return token


@contextlib.contextmanager
def connected() -> Iterator[Any]:
    """A cursor on a connection of its own, which a killed server cannot have left half dead."""
    from django.db import connection

    connection.close()
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


def leave_server(folder: str) -> None:
    """Let go of this process's own use of the embedded server, whose folder goes now."""
    from qafila.foundation.database.base import embedded_server

    embedded_server(str(Path(folder, "postgres"))).leave()
