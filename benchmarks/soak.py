"""A house at moderate load for an hour: does it need more memory, does it answer later, or wrongly?

    uv run python benchmarks/soak.py [--minutes 60] [--every 60]

`qafila serve` with its workers runs on people of the demonstration, in a folder of its own. Asked
of it each second, steadily: 4 pages of a counter agent, 10 coverage checks, a batch of 2 payments;
every 4 seconds somebody signs in and out; every 2 minutes a dry run of a month waits for the
worker, every 10 minutes all changed rows are linked again. What is printed at each interval: the
memory of the house's processes (resident) and of PostgreSQL (its own, without what is shared), the
answers that were none, the time within which half and 95 of 100 answers came. Then, by process:
how much its memory grew an hour, from the first quarter of the time on (before, caches fill).
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from served_house import (
    Desk,
    House,
    Town,
    check_of,
    connected,
    in_folder,
    leave_server,
    page_of,
    payments_of,
    sending,
    settled_town,
)

MEGABYTE = 1 << 20
FLAT = 0.05
"""Grown by no more than this share an hour, memory is called flat."""
POSTGRES = "PostgreSQL, own memory"
_KINDS = {
    "worker --kind short": "worker: short",
    "worker --kind lists": "worker: lists",
    "worker --kind contributions": "worker: contributions",
    "web_process": "web process",
}


@dataclass
class Heard:
    """What the askers heard since it was last taken: seconds and statuses by kind."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, seconds: float, status: int, expected: int) -> None:
        """Note an answer, and what it was when it was not the one expected."""
        with self.lock:
            self.seconds.setdefault(kind, []).append(seconds)
            if status != expected:
                name = f"{kind} {status or 'cut off'}"
                self.wrong[name] = self.wrong.get(name, 0) + 1

    def taken(self) -> tuple[dict[str, list[float]], dict[str, int]]:
        """What was heard, which is then forgotten."""
        with self.lock:
            heard = self.seconds, self.wrong
            self.seconds, self.wrong = {}, {}
        return heard


class Asker(threading.Thread):
    """Does one thing at a steady pace until stopped; what is late is not made up for."""

    def __init__(self, every: float, do: Callable[[], None], stopped: threading.Event) -> None:
        super().__init__(daemon=True)
        self.every, self.do, self.stopped = every, do, stopped

    def run(self) -> None:
        """Until stopped."""
        due = time.monotonic()
        while not self.stopped.wait(max(0.0, due - time.monotonic())):
            self.do()
            due = max(due + self.every, time.monotonic())


def askers(house: House, town: Town, heard: Heard, stopped: threading.Event) -> list[Asker]:
    """All that is asked of the house."""
    browser, visitor = Desk(house, town.password), Desk(house, town.password)
    assert browser.sign_in().status == 302, "Nobody can sign in."

    def page() -> None:
        with timed(heard, "page", 200) as told:
            answer = browser.ask("GET", page_of(town))
            led_on = answer.status == 302 and not answer.asks_to_sign_in
            told.append(200 if led_on else answer.status)

    def check() -> None:
        path, headers = check_of(town)
        with timed(heard, "check", 200) as told:
            told.append(house.ask("GET", path, **headers).status)

    counter = iter(range(10**9))

    def pay() -> None:
        number = next(counter)
        body = payments_of(town, [f"soak-{number}-{place}" for place in range(2)])
        operator = town.operators[number % len(town.operators)]
        with timed(heard, "payments", 200) as told:
            told.append(house.ask("POST", "/api/v1/payments", body, **sending(operator)).status)

    def visit() -> None:
        with timed(heard, "sign-in", 302) as told:
            told.append(visitor.sign_in().status)
        with timed(heard, "sign-out", 302) as told:
            told.append(visitor.sign_out().status)

    paces = {0.25: page, 0.1: check, 1.0: pay, 4.0: visit, 120.0: dry_run, 600.0: link_again}
    return [Asker(every, do, stopped) for every, do in paces.items()]


@contextmanager
def timed(heard: Heard, kind: str, expected: int) -> Iterator[list[int]]:
    """Note how long what is done inside took, and the last status it put in the list."""
    begun, told = time.perf_counter(), [0]
    yield told
    heard.note(kind, time.perf_counter() - begun, told[-1], expected)


def dry_run() -> None:
    """Let a worker assess a month."""
    from procrastinate.contrib.django import app

    with connected():
        app.configure_task("contributions.dry_run").defer(month=time.strftime("%Y-%m"))


def link_again() -> None:
    """Let a worker link what changed, and bring everyone up to date."""
    from procrastinate.contrib.django import app

    with connected():
        app.configure_task("lists.relink_changed_rows").defer(timestamp=int(time.time()))


def memory(house: House) -> dict[str, float]:
    """Megabytes by process of the house, and PostgreSQL's own."""
    assert house.process
    found = {"supervisor": _resident(house.process.pid)}
    for pid, line in sorted(house.tree().items()):
        kind = next((name for part, name in _KINDS.items() if part in line), "other")
        found[f"{kind} ({pid})"] = _resident(pid)
    found[POSTGRES] = _postgres()
    return found


def _resident(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / MEGABYTE


def _postgres() -> float:
    first = Path(os.environ["QAFILA_VAR"], "postgres/data/postmaster.pid").read_text().split()[0]
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    total = 0
    for pid in (first, *children):
        try:
            told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in told.splitlines() if "Pss_Anon" in line)
    return total / 1024


def watched(house: House, heard: Heard, minutes: float, every: float) -> list[dict[str, float]]:
    """Print a line at each interval; returns the memory at each, with its time in hours."""
    print(f"{'minute':>6} {'house':>7} {'postgres':>9}  answers, within 50 / 95 % of ms; wrong")
    begun = time.monotonic()
    measured = []
    while (passed := time.monotonic() - begun) < minutes * 60:
        time.sleep(min(every, max(1.0, minutes * 60 - passed)))
        found = memory(house)
        seconds, wrong = heard.taken()
        hour = (time.monotonic() - begun) / 3600
        measured.append({**found, "hour": hour})
        house_mb = sum(one for name, one in found.items() if name != POSTGRES)
        told = ", ".join(f"{kind} {within(taken)}" for kind, taken in sorted(seconds.items()))
        faults = ", ".join(f"{name}: {count}" for name, count in sorted(wrong.items())) or "none"
        print(f"{hour * 60:6.1f} {house_mb:7.1f} {found[POSTGRES]:9.1f}  {told}; {faults}",
              flush=True)  # fmt: skip
    return measured


def within(seconds: list[float]) -> str:
    """How many there were, and the milliseconds within which half and 95 of 100 were answered."""
    ordered = sorted(seconds)
    half, most = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"{len(ordered)} {half * 1000:.0f}/{most * 1000:.0f}"


def tell_growth(measured: list[dict[str, float]]) -> None:
    """Print by process how much its memory grew an hour once the first quarter was over."""
    rest = measured[len(measured) // 4 :]
    names = [name for name in rest[-1] if name != "hour" and all(name in one for one in rest)]
    hours = [one["hour"] for one in rest]
    print(f"\n{'process':<36} {'at the end':>10}  {'an hour':>9}")
    total = 0.0
    for name in names:
        slope = statistics.linear_regression(hours, [one[name] for one in rest]).slope
        total += slope
        print(f"{name:<36} {rest[-1][name]:7.1f} MB {slope:+8.1f} MB")
    now = sum(rest[-1][name] for name in names)
    verdict = "flat" if total <= FLAT * now else "GROWS"
    print(f"{'all':<36} {now:7.1f} MB {total:+8.1f} MB: {verdict}")
    if len(names) < len(rest[-1]) - 1:
        print("Processes that were started in between are left out.")


def main() -> None:
    """Settle, serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=float, default=60, help="seconds between two lines")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qafila-soak-") as folder:
        in_folder(folder)
        town, house = settled_town(), House()
        house.start()
        stopped, heard = threading.Event(), Heard()
        try:
            asking = askers(house, town, heard, stopped)
            for one in asking:
                one.start()
            measured = watched(house, heard, asked.minutes, asked.every)
            stopped.set()
            tell_growth(measured)
            tell_jobs()
        finally:
            stopped.set()
            house.stop()
            leave_server(folder)


def tell_jobs() -> None:
    """Print what became of the jobs."""
    with connected() as cursor:
        cursor.execute(
            "SELECT task_name, status::text, count(*) FROM procrastinate_jobs "
            "WHERE task_name NOT LIKE 'house.%%' GROUP BY 1, 2 ORDER BY 1, 2", []
        )  # fmt: skip
        for task, status, count in cursor.fetchall():
            print(f"jobs {task}: {count} {status}")


if __name__ == "__main__":
    main()
