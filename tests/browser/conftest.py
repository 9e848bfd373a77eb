"""A demonstration served by the very command people run, and a real Chromium looking at it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browser.find_chromium import find_chromium
from tests_paths import PROJECT, SAMPLE_LISTS

# Playwright keeps an event loop in the worker for the whole session. Django then takes the plain
# database tests that follow in that worker for asynchronous code; they are not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
LONGEST_START_SECONDS = 240
ROWS_PER_LIST = 150


@dataclass(frozen=True)
class Site:
    """The address of the served demonstration and how its people sign in."""

    address: str
    environment: dict[str, str]
    accounts: dict[str, dict[str, str]]

    def code(self, email: str) -> str:
        """The present six-digit code of an account with a second factor."""
        done = subprocess.run(
            [sys.executable, "-m", "qafila.cli", "accounts", "code", email],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return "".join(c for c in done.stdout.split("\n")[0] if c.isdigit())[-6:]


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """`qafila demo` on a part of the six lists, in a folder and with a database of its own."""
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        home.chmod(0o755)
        _small_lists(home / "lists")
        port = _free_port()
        environment = {
            **os.environ,
            "QAFILA_VAR": str(home / "var"),
            "QAFILA_LANGUAGE": "en",
            "DATABASE_URL": "",
        }
        log = (home / "log").open("w")
        process = subprocess.Popen(
            [sys.executable, "-m", "qafila.cli", "demo", "--lists", str(home / "lists"),
             "--port", str(port)],
            cwd=PROJECT, env=environment, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
        address = f"http://127.0.0.1:{port}"
        try:
            _wait_until_served(address, process, home / "log")
            accounts = json.loads((home / "var" / "demo-accounts.json").read_text())
            served = environment | {"QAFILA_DATABASE_NAME": "qafila_demo"}
            yield Site(address, served, _by_role(accounts))
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A Chromium that talks to nobody but the site."""
    path = find_chromium()
    assert path, "No Chromium: run `make test`, or set QAFILA_CHROMIUM."
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync"]  # fmt: skip
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser context signed in as the holder of a role, made once per role."""
    contexts: dict[str, BrowserContext] = {}

    def context_of(role: str) -> BrowserContext:
        if role not in contexts:
            contexts[role] = chromium.new_context(base_url=site.address, viewport=DESKTOP)
            sign_in(contexts[role].new_page(), site, role)
        return contexts[role]

    yield context_of
    for context in contexts.values():
        context.close()


def sign_in(page: Page, site: Site, role: str) -> None:
    """Type e-mail and password, then the code where the role needs one."""
    account = site.accounts[role]
    page.goto("/accounts/login/")
    page.fill("input[name=login]", account["email"])
    page.fill("input[name=password]", account["password"])
    page.press("input[name=password]", "Enter")
    page.wait_for_load_state()
    if "2fa" in page.url or page.locator("input[name=code]").count():
        page.fill("input[name=code]", site.code(account["email"]))
        page.press("input[name=code]", "Enter")
        page.wait_for_url("**/home/")
    page.wait_for_load_state()


def _by_role(accounts: object) -> dict[str, dict[str, str]]:
    entries = accounts if isinstance(accounts, list) else list(accounts.values())  # type: ignore[attr-defined]
    return {str(entry["role"]): entry for entry in reversed(entries)}


def _small_lists(folder: Path) -> None:
    """The first rows of the two lists that every stage of the chain needs."""
    folder.mkdir()
    for name, encoding in (("registre_artisanat_export.csv", "cp1252"),
                           ("auto_entrepreneurs.csv", "utf-8")):  # fmt: skip
        lines = (SAMPLE_LISTS / name).read_bytes().decode(encoding).splitlines()
        (folder / name).write_bytes("\r\n".join(lines[:ROWS_PER_LIST]).encode(encoding))
    for name in ("cnss_immatricules.xlsx", "caravane_fiche_terrain.xlsx"):
        (folder / name).write_bytes((SAMPLE_LISTS / name).read_bytes())


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


def _wait_until_served(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + LONGEST_START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{address}/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise AssertionError(f"The demonstration was not served in time: {log.read_text()[-3000:]}")
