"""A month's contributions called for everyone, beside a bare INSERT … SELECT of the same rows.

    uv run python benchmarks/contributions_run.py [--people 312500] [--scale 1 4 16] [--processes 1]

The limit inserts the very rows the run posted, ready made, into partitions of the same tables with
the same indexes and keys. Target: at most 2.5 × its time; the cost per person grows at most 1.3 ×
from the smallest scale to the largest. Beside the time on the clock stands the processor time of
this process and of its PostgreSQL session, which holds on a busy machine too (one process only).
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from own_database import AT, prepare, without_inverted_indexes

ROUNDS = 2


def fill(people: int, actor: Any) -> None:
    """Empty the tables, then insure `people`: 70 % craftworkers, 20 % CPU, 10 % with accounts."""
    from django.db import connection

    from qafila.foundation.trail import acting

    with without_inverted_indexes(), acting(actor, at=AT), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE people_person, contributions_run, contributions_ledgerline,"
            " rights_rightsperiod, rights_dependantperiod CASCADE"
        )
        fill_without_checks(cursor, actor)
        cursor.execute(
            "INSERT INTO people_person (id, state, full_name_ar, family_name_ar, given_name_ar,"
            " full_name_latn, family_name_latn, given_name_latn, name_keys, sex, birth_precision,"
            " card_number, region_code, created_at, created_by_id)"
            " SELECT n, 'active', '', '', '', 'AIT LAHCEN Fatima', '', '', '{}', 'F', '',"
            " 'JB' || n, lpad((n %% 12 + 1)::text, 2, '0'), %s, %s FROM generate_series(1, %s) n",
            [AT, actor.id, people],
        )
        cursor.execute(
            "INSERT INTO enrolment_enrolment (person_id, category, state, fund_number,"
            " effective_from, annual_tax_dh, regime, months_unpaid_reported, region_code,"
            " assumption, created_at)"
            " SELECT id, CASE WHEN id %% 10 < 7 THEN 'craftworker' WHEN id %% 10 < 9 THEN 'cpu'"
            " ELSE 'accounts' END, 'enrolled', (100000000 + id)::text, '2022-01-01',"
            " (id %% 40) * 100, CASE WHEN id %% 10 = 9 THEN 'rns' ELSE '' END, 0, region_code, '',"
            " created_at FROM people_person",
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE people_person, enrolment_enrolment")


@dataclass
class Spent:
    """Seconds on the clock, and of processor time here and in the database session."""

    clock: float = 0.0
    processor: float = 0.0

    @contextlib.contextmanager
    def measured(self) -> Iterator[None]:
        """Take the time of what runs inside."""
        clock, processor = time.perf_counter(), _processor_seconds()
        yield
        self.clock = time.perf_counter() - clock
        self.processor = _processor_seconds() - processor


def _processor_seconds() -> float:
    from django.db import connection

    connection.ensure_connection()
    session = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    ticks = 0
    if session.exists():  # a server of another machine shows no processor time
        fields = session.read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def print_growth(costs: list[float]) -> None:
    """How the processor time per person grew from the first scale to the last."""
    if len(costs) > 1:
        print(f"cost per person grew {costs[-1] / costs[0]:.2f} × from the smallest to the largest")


def fill_without_checks(cursor: Any, actor: Any) -> None:
    """Let this transaction write without looking every key up: for filling, never measured."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("SELECT set_config('qafila.actor', %s, true)", [str(actor.id)])


def ours(month: dt.date, actor: Any, processes: int) -> tuple[Spent, int]:
    """What calling `month` took, and how many calls."""
    from qafila.contributions.calls.month_runs.runs import run_month

    spent = Spent()
    with spent.measured():
        outcome = run_month(month, actor=actor, at=AT, processes=processes, named=f"{month:%Y-%m}")
    return spent, outcome.calls


_CALLS = (
    "enrolment_id, person_id, month, sequence, category, amount_centimes, due_on, origin, run_id,"
    " region_code"
)
_LINES = "posting, book, person_id, amount_centimes, posted_on, month, region_code"


def limit(posted: dt.date, target: dt.date, actor: Any) -> Spent:
    """What it takes to insert the rows of the month `posted`, ready made, as those of `target`."""
    from django.db import connection

    from qafila.contributions.ledger.closing import prepare_months
    from qafila.foundation.trail import acting

    prepare_months(target, target, actor=actor, at=AT)
    with connection.cursor() as cursor:
        for table, columns, posting in (
            ("call", _CALLS, ""),
            ("ledgerline", _LINES, ", posting = replace(posting, %(old)s, %(new)s)"),
        ):
            months = {"old": f"{posted:%Y-%m}", "new": f"{target:%Y-%m}", "month": target}
            cursor.execute(
                f"CREATE TEMPORARY TABLE ready_{table} AS SELECT {columns}"
                f" FROM contributions_{table} WHERE month = %s ORDER BY id",
                [posted],
            )
            cursor.execute(f"UPDATE ready_{table} SET month = %(month)s{posting}", months)
            cursor.execute(f"VACUUM ANALYZE ready_{table}")
    spent = Spent()
    with spent.measured(), acting(actor, at=AT), connection.cursor() as cursor:
        for table, columns in (("call", _CALLS), ("ledgerline", _LINES)):
            cursor.execute(
                f"INSERT INTO contributions_{table} ({columns}) SELECT {columns} FROM ready_{table}"
            )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ready_call, ready_ledgerline")
    return spent


def measure(people: int, actor: Any, processes: int) -> float:
    """Print ours, the limit and the ratios for one size; returns processor seconds per person."""
    from qafila.contributions.ledger.months import months_after

    fill(people, actor)
    found, bare, calls = [], [], 0
    for number in range(ROUNDS):
        month = dt.date(2026, 1 + number, 1)
        spent, calls = ours(month, actor, processes)
        found.append(spent)
        bare.append(limit(month, months_after(month, 12), actor))
    best, least = _best(found), _best(bare)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{people:>10,} insured  {calls:>10,} calls"
        f"  ours {best.clock:8.2f} s, processor {best.processor:8.2f} s"
        f" ({best.processor / people * 1e6:6.2f} µs each)"
        f"  limit {least.clock:8.2f} s, processor {least.processor:8.2f} s"
        f"  ratios {best.clock / least.clock:5.2f} {best.processor / least.processor:5.2f}"
        f"  memory {memory} MB",
        flush=True,
    )
    return best.processor / people


def _best(rounds: list[Spent]) -> Spent:
    return Spent(min(one.clock for one in rounds), min(one.processor for one in rounds))


def main() -> None:
    """Measure each scale in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=312_500)
    parser.add_argument("--scale", type=int, nargs="+", default=[1])
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    actor = prepare()
    costs = [measure(options.people * scale, actor, options.processes) for scale in options.scale]
    print_growth(costs)


if __name__ == "__main__":
    main()
