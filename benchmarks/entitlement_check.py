"""Coverage checks over HTTP, beside `pgbench -S -M prepared` on the same server.

    uv run python benchmarks/entitlement_check.py [--people 312500] [--seconds 5] [--clients 8]
                                                  [--workers 1] [--scale 1 4 16]

Ours: Granian on loopback, keep-alive, one check per request with its note committed before the
answer, every answer read and its status tested. The limit selects one row by primary key, on the
same server with the same number of clients.

One web process is pinned to the first core and the program that asks to the second; `pgbench` is
pinned to the second likewise, and PostgreSQL runs where it likes. Two figures are printed:
- "ratio": checks a second per web process ÷ transactions a second of pgbench;
- "per busy core": checks per second of processor time of the web processes ÷ the same. It says what
  a serving core gives when nothing else wants it: here PostgreSQL and the askers do.
Target: at least 12 % per serving core, and at half that load 99 of 100 answers within 10 ms (the
middle of three rounds; a round of seconds meets whatever else the machine does just then).
"""

from __future__ import annotations

import argparse
import datetime as dt
import heapq
import multiprocessing
import os
import random
import re
import select
import socket
import statistics
import subprocess
import time
from pathlib import Path
from typing import Any

from contributions_run import AT, fill, fill_without_checks, prepare

HALF = 0.5
ROUNDS = 3
_BENCH_TABLE_SCALE = 10


def give_rights(people: int, actor: Any) -> str:
    """Cards, numbers and rights for everyone, one partner; returns its access token."""
    from django.db import connection

    from qafila.foundation.trail import acting

    fill(people, actor)
    with acting(actor, at=AT), connection.cursor() as cursor:
        cursor.execute("TRUNCATE rights_rightsperiod, care_coveragecheck, people_identifier")
        fill_without_checks(cursor, actor)
        cursor.execute(
            "INSERT INTO people_identifier (person_id, kind, value)"
            " SELECT id, 'card', card_number FROM people_person"
        )
        cursor.execute(
            "INSERT INTO rights_rightsperiod (person_id, status, reason, since, until, region_code)"
            " SELECT id, CASE n WHEN 0 THEN 'waiting' WHEN 1 THEN 'open' ELSE 'suspended' END,"
            " CASE n WHEN 0 THEN 'waiting_period' WHEN 1 THEN 'paid_up' ELSE 'unpaid_months' END,"
            " '2025-01-01'::date + n * 300,"
            " CASE WHEN n < 2 THEN '2025-01-01'::date + (n + 1) * 300 END, region_code"
            " FROM people_person, generate_series(0, 2) n ORDER BY id, n"
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE people_person, people_identifier, rights_rightsperiod")
        cursor.execute("CHECKPOINT")
    return _partner(actor)


def _partner(actor: Any) -> str:
    from oauth2_provider.models import get_access_token_model, get_application_model

    from qafila.care.coverage_check.registering import register_client
    from qafila.foundation.clock import now

    made = register_client(name="CHU", checks_per_minute=1_000_000, actor=actor, at=AT)
    application = get_application_model().objects.get(client_id=made.client_id)
    token = f"bench-{made.client_id}"
    get_access_token_model().objects.create(
        application=application, token=token, scope="coverage:read",
        expires=now() + dt.timedelta(hours=5),
    )  # fmt: skip
    return token


def pgbench(*arguments: str) -> str:
    """Run pgbench on this server; returns what it tells."""
    from django.conf import settings
    from django.db import connection

    from qafila.foundation.database.base import embedded_server

    found = connection.get_connection_params()
    program = embedded_server(str(settings.VAR / "postgres")).binary("pgbench")
    account = ["-h", found["host"], "-U", found["user"], found["dbname"]]
    environment = {**os.environ, "PGPASSWORD": found["password"]}
    return subprocess.run(
        [*_pinned(1), str(program), *arguments, *account],
        env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip


def limit(clients: int, seconds: int) -> float:
    """Transactions a second of `pgbench -S -M prepared` on this server."""
    told = pgbench("-S", "-n", "-M", "prepared", "-c", f"{clients}", "-j", "2", "-T", f"{seconds}")
    match = re.search(r"tps = ([\d.]+)", told)
    assert match, told
    return float(match[1])


def _pinned(core: int) -> list[str]:
    """The command that keeps another on one core, where there are several."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > core else []


def seconds_used(process: int) -> float:
    """Processor time of a process and its children so far."""
    ticks = 0
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    for number in (process, *children):
        fields = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def served(workers: int) -> tuple[subprocess.Popen[bytes], int]:
    """Granian as `qafila serve` starts it, and its port, once it answers."""
    from qafila.cli.house.serve import web_command

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [*(_pinned(0) if workers == 1 else []), *web_command("127.0.0.1", port),
         "qafila.config.asgi:application"],
        env=dict(os.environ),
    )  # fmt: skip
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server, port
        except OSError:
            time.sleep(0.2)
    server.kill()
    raise RuntimeError("Granian did not start.")


class _Desk:
    """One keep-alive connection asking about random people, the next once an answer came."""

    def __init__(self, port: int, token: str, people: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._people = people
        self._tail = (
            "&on=2026-11-22 HTTP/1.1\r\nHost: localhost\r\nAccept-Language: fr\r\n"
            f"Authorization: Bearer {token}\r\n\r\n"
        )
        self.asked = 0.0

    def ask(self, due: float) -> None:
        """Send a question that was due at `due`: a stall of ours or theirs is not hidden."""
        person = random.randint(1, self._people)
        asked = f"GET /api/v1/coverage?id_type=cin&id=JB{person}{self._tail}"
        self.socket.sendall(asked.encode())
        self.asked = due

    def answered(self) -> float:
        """Read the answer, test it, and tell the seconds it took."""
        answer = self.socket.recv(65_536)
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        while len(body) < length:
            body += self.socket.recv(65_536)
        assert head.startswith(b"HTTP/1.1 200"), answer
        assert b'"suspended"' in body, body
        return time.perf_counter() - self.asked


def _clients(count: int, seconds: float, pause: float, results: Any, *who: Any) -> None:
    """`count` desks for `seconds`; with `pause`, each asks at a steady pace."""
    desks = {(desk := _Desk(*who)).socket.fileno(): desk for _ in range(count)}
    ready, start, taken = select.epoll(), time.perf_counter(), []
    for number in desks:
        ready.register(number, select.EPOLLIN)
    waiting = [(start + pause * place / count, number) for place, number in enumerate(desks)]
    heapq.heapify(waiting)
    asking = 0
    while (now := time.perf_counter()) < start + seconds or asking:
        while waiting and waiting[0][0] <= now < start + seconds:
            due, number = heapq.heappop(waiting)
            desks[number].ask(due if pause else now)
            asking += 1
        # Short naps: the kernel's timer would add a millisecond to each question.
        nap = 0.05 if not waiting else min(max(waiting[0][0] - now, 0.0), 0.0005)
        for number, _ in ready.poll(nap):
            desk = desks[number]
            taken.append(desk.answered())
            asking -= 1
            heapq.heappush(waiting, (desk.asked + pause if pause else 0.0, number))
    results.put(taken)


def load(
    clients: int, seconds: float, rate: float, port: int, token: str, people: int
) -> list[float]:
    """Seconds of each answer; `rate` 0 asks as fast as the answers come."""
    results: Any = multiprocessing.Queue()
    pause = clients / rate if rate else 0.0
    process = multiprocessing.Process(
        target=_clients, args=(clients, seconds, pause, results, port, token, people)
    )
    process.start()
    assert process.pid is not None
    if (os.cpu_count() or 1) > 1:
        os.sched_setaffinity(process.pid, {1})
    taken: list[float] = results.get(timeout=seconds + 60)
    process.join()
    return sorted(taken)


def measure(people: int, options: argparse.Namespace, actor: Any) -> None:
    """Print ours, the limit, the ratio and the p99 at half load for one size."""
    token = give_rights(people, actor)
    pgbench("-i", "-q", "-s", str(_BENCH_TABLE_SCALE))
    server, port = served(options.workers)
    try:
        load(options.clients, 2, 0, port, token, people)  # prepares, fills caches
        limits, rates, busy_rates, full = [], [], [], []
        for _ in range(ROUNDS):
            limits.append(limit(options.clients, options.seconds))
            before = seconds_used(server.pid)
            taken = load(options.clients, options.seconds, 0, port, token, people)
            busy_rates.append(len(taken) / (seconds_used(server.pid) - before))
            rates.append(len(taken) / options.seconds / options.workers)
            full += taken
        halves = [
            load(options.clients, options.seconds, max(rates) * HALF, port, token, people)
            for _ in range(ROUNDS)
        ]
    finally:
        server.terminate()
        server.wait(20)
    noted = _checks_noted()
    assert noted >= len(full) + sum(map(len, halves))
    p99s = sorted(_part(half, 0.99) for half in halves)
    half = statistics.median(_part(half, 0.5) for half in halves)
    bare, rate, busy = max(limits), max(rates), max(busy_rates)
    print(
        f"{people:>10,} people  ours {rate:6.0f}/s ({busy:6.0f} per busy core,"
        f" {1e6 / busy:4.0f} µs of processor time per check)  limit {bare:6.0f}/s"
        f"  ratio {rate / bare:6.1%} ({busy / bare:6.1%} per busy core)"
        f"  at half load: p50 {half:5.2f} ms, p99 {p99s[ROUNDS // 2]:5.2f} ms"
        f" (of {ROUNDS} rounds {p99s[0]:.2f} to {p99s[-1]:.2f})"
        f"  ({noted:,} checks noted)",
        flush=True,
    )


def _checks_noted() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_coveragecheck")
        return int(cursor.fetchone()[0])


def _part(taken: list[float], share: float) -> float:
    return taken[min(len(taken) - 1, int(len(taken) * share))] * 1000


def main() -> None:
    """Measure each scale in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=312_500)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--scale", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    actor = prepare()
    for scale in options.scale:
        measure(options.people * scale, options, actor)


if __name__ == "__main__":
    main()
