"""Kill parts of a house at work and see what is lost: nothing may be.

    uv run python benchmarks/kills.py [--times 30] [--kinds "web process" …]

`qafila serve` runs on people of the demonstration, in a folder of its own, under load: pages of an
agent, coverage checks, payments of operators, sign-ins, and dry runs for a worker. One process
after the other is ended by SIGKILL: a web process, a worker, the embedded server, and the whole
tree at once, which is started again two seconds later, as deploy/qafila.service says.

For each kind it prints how long the site did not answer, what each asker heard, and whether
anything is lost or doubled: every check answered has its note, once; every batch of payments that
was answered is booked, and one that was not, sent again, is booked once; whoever was signed in is;
every job ends. Exits with 1 when one of these does not hold, or the site was away for too long.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
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

LIMIT_SECONDS = 10.0
RESTART_SECONDS = 2.0
JOBS_WITHIN = 180.0
BATCH = 3
_PAUSE = 0.05


class Load(threading.Thread):
    """Does one thing again and again and counts what it heard."""

    def __init__(self, do: Callable[[], str], stopped: threading.Event, pause: float) -> None:
        super().__init__(daemon=True)
        self.do, self.stopped, self.pause = do, stopped, pause
        self.heard: Counter[str] = Counter()

    def run(self) -> None:
        """Until stopped."""
        while not self.stopped.is_set():
            self.heard[self.do()] += 1
            time.sleep(self.pause)


class AtWork:
    """All that is asked during kills, and what has to hold of it afterwards."""

    def __init__(self, house: House, town: Town, name: str) -> None:
        self.house, self.town, self.name = house, town, name
        self.sent: dict[str, bool] = {}
        self.signed_out: list[str] = []
        self.browser = Desk(house, town.password)
        self.visitor = Desk(house, town.password)

    def begin(self) -> None:
        """Sign the agent in whose session has to outlive every kill."""
        for _ in range(30):  # of one address 60 sign-ins a minute are taken
            answer = self.browser.sign_in()
            if answer.status == 302:
                return
            time.sleep(3)
        raise SystemExit(f"Nobody can sign in: {answer.status}.")

    def page(self) -> str:
        """A page of an agent who signed in once, before everything."""
        answer = self.browser.ask("GET", page_of(self.town))
        if answer.asks_to_sign_in:
            self.signed_out.append("the agent who was signed in before")
        return f"page {answer.status or 'cut off'}"

    def check(self) -> str:
        """A partner's check."""
        path, headers = check_of(self.town)
        return f"check {self.house.ask('GET', path, **headers).status or 'cut off'}"

    def pay(self) -> str:
        """A batch of payments, whose references are remembered."""
        number = len(self.sent)
        operator = number % len(self.town.operators)
        batch = f"{self.name}-{number}-{operator}"
        status = self.send(batch)
        self.sent[batch] = status == 200
        return f"payments {status or 'cut off'}"

    def send(self, batch: str) -> int:
        """Send a batch; the status of the answer."""
        operator = self.town.operators[int(batch.rsplit("-", 1)[1])]
        body = payments_of(self.town, [f"{batch}-{place}" for place in range(BATCH)])
        return self.house.ask("POST", "/api/v1/payments", body, **sending(operator)).status

    def visit(self) -> str:
        """Sign in; who was told so is signed in on the next page that answers."""
        status = self.visitor.sign_in().status
        if status == 302:
            page = self.visitor.ask("GET", "/people/")
            if page.asks_to_sign_in:
                self.signed_out.append("one who had just signed in")
        return f"sign-in {status or 'cut off'}"

    def assess(self) -> str:
        """Have a worker assess a month."""
        from django.db import Error
        from procrastinate.contrib.django import app
        from procrastinate.exceptions import ProcrastinateException

        try:
            with connected():
                app.configure_task("contributions.dry_run").defer(
                    month=f"{random.randint(2024, 2026)}-{random.randint(1, 11):02}"
                )
        except (Error, ProcrastinateException):
            return "job refused"
        return "job deferred"

    def work(self) -> list[tuple[Callable[[], str], float]]:
        """Each kind of load, with its pause."""
        return [
            (self.page, _PAUSE), (self.check, _PAUSE), (self.check, _PAUSE),
            (self.pay, 0.3), (self.visit, 2.5), (self.assess, 1.0),
        ]  # fmt: skip


def kill_one(house: House, part: str) -> float:
    """End one process of the house, by chance, whose command line holds `part`; when."""
    found: list[int] = []
    while not found:  # all of them may just have ended
        found = [pid for pid, line in house.tree().items() if part in line]
        time.sleep(0.05)
    os.kill(random.choice(found), signal.SIGKILL)
    return time.monotonic()


def kill_server(_: House) -> float:
    """End the embedded PostgreSQL's first process; when."""
    pid = Path(os.environ["QAFILA_VAR"], "postgres", "data", "postmaster.pid").read_text().split()
    os.kill(int(pid[0]), signal.SIGKILL)
    return time.monotonic()


def kill_tree(house: House) -> float:
    """End everything at once, and start again as systemd would; when it was ended."""
    assert house.process
    tree = [house.process.pid, *house.tree()]
    killed = kill_server(house)
    for pid in tree:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    house.process.wait()
    time.sleep(RESTART_SECONDS)
    house.begin()
    return killed


KINDS: dict[str, Callable[[House], float]] = {
    "web process": lambda house: kill_one(house, "web_process"),
    "worker": lambda house: kill_one(house, "worker --kind"),
    "embedded server": kill_server,
    "whole tree": kill_tree,
}


def figures(question: str) -> int:
    """The one number a query answers."""
    with connected() as cursor:
        cursor.execute(question, [])
        return int(cursor.fetchone()[0])


CHECKS = "SELECT count(*) FROM care_coveragecheck"


def tried(house: House, town: Town, kind: str, times: int) -> list[str]:
    """Kill this kind so often under load, print what came of it; what does not hold."""
    before, at_work, stopped = (
        figures(CHECKS),
        AtWork(house, town, kind.replace(" ", "-")),
        threading.Event(),
    )
    at_work.begin()
    load = [Load(do, stopped, pause) for do, pause in at_work.work()]
    for one in load:
        one.start()
    away = []
    for _ in range(times):
        time.sleep(random.uniform(1.5, 3))
        # From the kill on: a worker that was ended often may have to be waited for before it.
        killed = KINDS[kind](house)
        house.wait_for_pages()
        away.append(time.monotonic() - killed)
    stopped.set()
    for one in load:
        one.join()
    heard = sum((one.heard for one in load), Counter())
    print(f"\n{kind}: {times} kills; the site answers again after "
          f"{sorted(away)[len(away) // 2]:.1f} s (longest {max(away):.1f} s)")  # fmt: skip
    print("  " + ", ".join(f"{name}: {count}" for name, count in sorted(heard.items())))
    faults = [*checks_kept(heard, before), *payments_kept(at_work), *jobs_ended(), *books_hold()]
    faults += [f"signed out though nobody did so: {who}" for who in at_work.signed_out]
    if max(away) > LIMIT_SECONDS:
        faults.append(f"the site was away for {max(away):.1f} s (limit {LIMIT_SECONDS:.0f} s)")
    print("  " + ("; ".join(faults) or "nothing lost, nothing doubled"), flush=True)
    return faults


def checks_kept(heard: Counter[str], before: int) -> list[str]:
    """Every check answered has its note; beyond them only those that were cut off may have one."""
    noted, answered = figures(CHECKS) - before, heard["check 200"]
    unsure = sum(n for name, n in heard.items() if name.startswith("check ")) - answered
    print(f"  checks answered {answered}, notes {noted}, not answered {unsure}")
    return [] if answered <= noted <= answered + unsure else ["checks are lost or doubled"]


def payments_kept(at_work: AtWork) -> list[str]:
    """Every batch is booked once: answered ones are, others when they are sent again."""
    booked = batches_booked(at_work.name)
    answered = [batch for batch, told in at_work.sent.items() if told]
    again = [batch for batch, told in at_work.sent.items() if not told]
    lost = [batch for batch in answered if batch not in booked]
    for batch in again:
        while at_work.send(batch) != 200:
            time.sleep(1)
    print(f"  batches answered {len(answered)}, sent again {len(again)}, of which "
          f"{sum(batch in booked for batch in again)} were booked")  # fmt: skip
    after = batches_booked(at_work.name)
    whole = set(after) == set(at_work.sent) and {*booked.values(), *after.values()} <= {BATCH}
    return ["payments are lost or doubled"] if lost or not whole else []


def batches_booked(name: str) -> dict[str, int]:
    """How many payments of each batch are booked."""
    with connected() as cursor:
        cursor.execute(
            "SELECT regexp_replace(reference, '-[0-9]+$', ''), count(*) FROM contributions_payment "
            "WHERE reference LIKE %s AND reversed_on IS NULL AND amount_centimes = 10000 "
            "GROUP BY 1", [f"{name}-%"]
        )  # fmt: skip
        return dict(cursor.fetchall())


def jobs_ended() -> list[str]:
    """Every job is done or parked soon; a parked one is done when it is started again."""
    from qafila.foundation import clock
    from qafila.foundation.queue.jobs import start_again, unfinished_jobs
    from qafila.foundation.trail import system_actor

    parked, begun = 0, time.monotonic()
    while True:
        with connected():
            jobs = unfinished_jobs()
            for job in jobs:
                if job.status == "failed":
                    start_again(job_id=job.job_id, actor=system_actor("kills"), at=clock.now())
                    parked += 1
        if not jobs:
            break
        if time.monotonic() - begun > JOBS_WITHIN:
            return [f"{len(jobs)} jobs do not end"]
        time.sleep(1)
    print(f"  all jobs ended within {time.monotonic() - begun:.0f} s; "
          f"{parked} had been parked and were started again")  # fmt: skip
    return []


def books_hold() -> list[str]:
    """The books balance, and the proofs about people's files find nothing."""
    from qafila.contributions.ledger.proofs import require_balanced_books
    from qafila.foundation.errors import DomainError
    from qafila.people.proofs import prove_people

    try:
        with connected():
            require_balanced_books()
            return [f"{one.code}: {one.count} rows" for one in prove_people() if one.count]
    except DomainError as fault:
        return [fault.sentence()]


def main() -> int:
    """Kill each kind and print; 1 when something does not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qafila-kills-") as folder:
        in_folder(folder)
        town, house = settled_town(), House()
        house.start()
        try:
            faults = [one for kind in asked.kinds for one in tried(house, town, kind, asked.times)]
        finally:
            house.stop()
            tell_log(house.log)
            leave_server(folder)
    return int(bool(faults))


def tell_log(log: Path) -> None:
    """Print how often the supervisor started what again."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if "supervisor:" in line]
    told = Counter(
        re.sub(r"process \d+|in [\d.]+ s", "…", line.split(": ", 1)[1]) for line in lines
    )
    print("\nWhat the supervisor said:")
    for line, count in told.most_common(12):
        print(f"  {count} times: {line}")


if __name__ == "__main__":
    sys.exit(main())
