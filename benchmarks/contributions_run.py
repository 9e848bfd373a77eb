"""A month's contributions called for everyone, beside a bare INSERT … SELECT of the same rows.

    uv run python benchmarks/contributions_run.py [--people 200000] [--scale 1 4 16] [--processes 1]

The limit inserts the very rows the run posted, ready made, into partitions of the same tables with
the same indexes and keys. Target: at most 2.5 × its time, flat per person from scale to scale.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import resource
import time
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "var" / "benchmarks"
AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
ROUNDS = 2


def prepare() -> Any:
    """Django on an embedded server of the benchmarks' own (or DATABASE_URL); returns the actor."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QAFILA_VAR", str(FOLDER))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from qafila.foundation.trail import system_actor

    call_command("migrate", verbosity=0)
    return system_actor("benchmarks")


def fill(people: int, actor: Any) -> None:
    """Empty the tables, then insure `people`: 70 % craftworkers, 20 % CPU, 10 % with accounts."""
    from django.db import connection

    from qafila.foundation.trail import acting

    with acting(actor, at=AT), connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE people_person, contributions_run, contributions_ledgerline CASCADE"
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


def fill_without_checks(cursor: Any, actor: Any) -> None:
    """Let this transaction write without looking every key up: for filling, never measured."""
    cursor.execute("SET LOCAL session_replication_role = replica")
    cursor.execute("SELECT set_config('qafila.actor', %s, true)", [str(actor.id)])


def ours(month: dt.date, actor: Any, processes: int) -> tuple[float, int]:
    """Seconds to call `month`, and how many calls."""
    from qafila.contributions.actions import run_month

    started = time.perf_counter()
    outcome = run_month(month, actor=actor, at=AT, processes=processes)
    return time.perf_counter() - started, outcome.calls


_CALLS = (
    "enrolment_id, person_id, month, sequence, category, amount_centimes, due_on, origin, run_id,"
    " region_code"
)
_LINES = "posting, book, person_id, amount_centimes, posted_on, month, region_code"


def limit(posted: dt.date, target: dt.date, actor: Any) -> float:
    """Seconds to insert the rows of the month `posted`, ready made, as those of `target`."""
    from django.db import connection

    from qafila.contributions.actions import prepare_months
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
    started = time.perf_counter()
    with acting(actor, at=AT), connection.cursor() as cursor:
        for table, columns in (("call", _CALLS), ("ledgerline", _LINES)):
            cursor.execute(
                f"INSERT INTO contributions_{table} ({columns}) SELECT {columns} FROM ready_{table}"
            )
    seconds = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE ready_call, ready_ledgerline")
    return seconds


def measure(people: int, actor: Any, processes: int) -> None:
    """Print ours, the limit and the ratio for one size."""
    from qafila.contributions.months import months_after

    fill(people, actor)
    found, bare, calls = [], [], 0
    for number in range(ROUNDS):
        month = dt.date(2026, 1 + number, 1)
        seconds, calls = ours(month, actor, processes)
        found.append(seconds)
        bare.append(limit(month, months_after(month, 12), actor))
    best, least = min(found), min(bare)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{people:>10,} insured  {calls:>10,} calls  ours {best:8.2f} s"
        f" ({best / people * 1e6:6.2f} µs each)  limit {least:8.2f} s  ratio {best / least:5.2f}"
        f"  memory {memory} MB",
        flush=True,
    )


def main() -> None:
    """Measure each scale in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--scale", type=int, nargs="+", default=[1])
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args()
    actor = prepare()
    for scale in options.scale:
        measure(options.people * scale, actor, options.processes)


if __name__ == "__main__":
    main()
