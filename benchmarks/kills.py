"""Kill parts of a house at work and see what is lost: nothing may be.

    uv run python benchmarks/kills.py [--times 5] [--port 8123]

`qafila serve` runs in a folder of its own, under load: pages, and coverage checks of a partner.
Then one process after the other is ended by SIGKILL: a web process, a worker, the embedded server,
and the whole tree at once (which is then started again as systemd would). For each kind it prints
how long the pages took to answer again, how many questions were refused or cut off meanwhile
(each is seen by whoever asked), and compares: every check answered with 200 has its note, once.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

NOT_ANSWERED = (OSError, http.client.HTTPException)
LONGEST_WAIT = 60.0


class House:
    """`qafila serve` in a folder of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until its pages answer."""
        with Path(os.environ["QAFILA_VAR"], "serve.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "qafila.cli", "serve", "--port", str(self.port)],
                start_new_session=True, stdout=log, stderr=log,
            )  # fmt: skip
        self.wait_for_pages()

    def wait_for_pages(self) -> float:
        """The seconds until two answers in a row say that pages and database work."""
        begun, well = time.monotonic(), 0
        while time.monotonic() - begun < LONGEST_WAIT:
            well = well + 1 if self.asked("/health")[0] == 200 else 0
            if well == 4:
                return time.monotonic() - begun
            time.sleep(0.05)
        raise SystemExit("The pages did not answer again.")

    def asked(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of an answer; status 0 when the connection was cut off."""
        asking = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            asking.request("GET", path, headers=headers)
            answer = asking.getresponse()
            return answer.status, answer.read()
        except NOT_ANSWERED:
            return 0, b""
        finally:
            asking.close()

    def tree(self) -> dict[int, str]:
        """Every process of the house but the supervisor, with its command line."""
        assert self.process
        found: dict[int, str] = {}
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            try:
                children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            except FileNotFoundError:
                continue
            for child in map(int, children):
                try:
                    line = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ")
                except FileNotFoundError:
                    continue
                found[child] = line.decode()
                waiting.append(child)
        return found

    def stop(self) -> None:
        """Stop it as systemd does."""
        if self.process:
            self.process.terminate()
            self.process.wait(60)


class Load(threading.Thread):
    """Asks for a page and a check, again and again, and counts the answers."""

    def __init__(self, house: House, token: str) -> None:
        super().__init__(daemon=True)
        self.house, self.token = house, token
        self.counts: dict[str, int] = {}
        self.stopped = threading.Event()

    def run(self) -> None:
        """Until stopped."""
        check = "/api/v1/coverage?id_type=cin&id=JB1&on=2026-11-22"
        while not self.stopped.is_set():
            for what, path in (("page", "/pay/"), ("check", check)):
                status, _ = self.house.asked(path, Authorization=f"Bearer {self.token}")
                name = f"{what} {status or 'cut off'}"
                self.counts[name] = self.counts.get(name, 0) + 1
                if not status:
                    time.sleep(0.1)


def killed(house: House, wanted: Callable[[str], bool]) -> None:
    """End one process of the house whose command line is wanted."""
    for pid, line in sorted(house.tree().items(), reverse=True):
        if wanted(line):
            os.kill(pid, signal.SIGKILL)
            return
    raise SystemExit("There is no such process.")


def kill_server(_: House) -> None:
    """End the embedded PostgreSQL's first process."""
    pid = Path(os.environ["QAFILA_VAR"], "postgres", "data", "postmaster.pid").read_text().split()
    os.kill(int(pid[0]), signal.SIGKILL)


def kill_tree(house: House) -> None:
    """End everything at once, and start again as systemd would."""
    tree = [*house.tree(), house.process.pid if house.process else 0]
    kill_server(house)
    for pid in tree:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    if house.process:
        house.process.wait()
    house.start()


KINDS: dict[str, Callable[[House], None]] = {
    "web process": lambda house: killed(house, lambda line: "web_process" in line),
    "worker": lambda house: killed(house, lambda line: "worker --kind lists" in line),
    "embedded server": kill_server,
    "whole tree": kill_tree,
}


def prepared() -> str:
    """The schema, and a partner with an access token."""
    subprocess.run([sys.executable, "-m", "qafila.cli", "database", "migrate"], check=True)
    import django

    django.setup()
    from oauth2_provider.models import get_access_token_model, get_application_model

    from qafila.care.coverage_check.registering import register_client
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor

    made = register_client(
        name="CHU", checks_per_minute=1_000_000, actor=system_actor("kills"), at=clock.now()
    )
    token = f"kills-{made.client_id}"
    get_access_token_model().objects.create(
        application=get_application_model().objects.get(client_id=made.client_id), token=token,
        scope="coverage:read", expires=clock.now() + dt.timedelta(hours=12),
    )  # fmt: skip
    return token


def notes() -> int:
    """How many checks are noted."""
    from django.db import connection

    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_coveragecheck")
        found: Any = cursor.fetchone()
    connection.close()
    return int(found[0])


def tried(house: House, token: str, kind: str, times: int) -> None:
    """Kill this kind so often under load, and print what came of it."""
    before = notes()
    load = [Load(house, token) for _ in range(4)]
    for one in load:
        one.start()
    took = []
    for _ in range(times):
        time.sleep(2)
        begun = time.monotonic()
        KINDS[kind](house)
        house.wait_for_pages()
        took.append(time.monotonic() - begun)
    for one in load:
        one.stopped.set()
    for one in load:
        one.join()
    counts: dict[str, int] = {}
    for one in load:
        for name, count in one.counts.items():
            counts[name] = counts.get(name, 0) + count
    noted, answered = notes() - before, counts.get("check 200", 0)
    unsure = sum(count for name, count in counts.items() if name.startswith("check")) - answered
    print(f"\n{kind}: {times} kills; pages answer again after "
          f"{sorted(took)[len(took) // 2]:.1f} s (longest {max(took):.1f} s)")  # fmt: skip
    print("  " + ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())))
    verdict = "kept" if answered <= noted <= answered + unsure else "LOST OR DOUBLED"
    print(f"  checks answered {answered}, notes {noted}, not answered {unsure}: {verdict}")


def main() -> None:
    """Kill each kind and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--port", type=int, default=8123)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qafila-kills-") as folder:
        # Reached by the account the embedded server runs as, when this runs as root.
        Path(folder).chmod(0o755)
        os.environ |= {"QAFILA_VAR": folder, "DJANGO_SETTINGS_MODULE": "qafila.config.settings"}
        token = prepared()
        house = House(asked.port)
        house.start()
        try:
            for kind in KINDS:
                tried(house, token, kind, asked.times)
        finally:
            house.stop()
        print("\nWhat the supervisor said:")
        log = Path(folder, "serve.log").read_text(errors="replace").splitlines()
        print("\n".join(line for line in log if "supervisor:" in line))
        # Of this process's own use of the server, whose folder goes now.
        from qafila.foundation.database.base import embedded_server

        embedded_server(str(Path(folder, "postgres"))).leave()


if __name__ == "__main__":
    main()
