"""A list from file to validated, stored rows, beside a bare COPY of the same rows.

    uv run python benchmarks/list_storing.py [--rows 62500] [--scale 1 4 16] [--xlsx]

The limit copies the very rows the import stored into a table with the same columns and indexes.
Time on the clock and processor time (this process and PostgreSQL's) are printed for both; the
processor's share stays true on a machine that is busy with other things.
Target: the whole import at 40 % of COPY's rate or more, cost per row within 1.3 from the smallest
scale to the largest. `memory` is the process's peak so far.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from list_reading import write_csv, write_xlsx
from own_database import AT, prepare

TARGET = 0.4


@dataclass(frozen=True)
class Spent:
    """Seconds of a piece of work: on the clock, and of processors here and in PostgreSQL."""

    clock: float
    processor: float


def processor_seconds(parent: int, process: int) -> tuple[int, float]:
    """The parent of a process and its processor seconds, of its ended children too (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    ticks = sum(map(int, fields[11:15] if process == parent else fields[11:13]))
    return int(fields[1]), ticks / os.sysconf("SC_CLK_TCK")


def server_seconds(postmaster: int) -> float:
    """Processor seconds of a server so far, its ended processes included."""
    total = 0.0
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent, seconds = processor_seconds(postmaster, int(entry.name))
            total += seconds if postmaster in (parent, int(entry.name)) else 0.0
    return total


def measured(cursor: Any, work: Callable[[], None]) -> Spent:
    """What `work` took; pages left dirty by what came before are written first."""
    cursor.execute("CHECKPOINT")
    cursor.execute("SELECT pg_backend_pid()")
    backend = cursor.fetchone()[0]
    postmaster, _ = processor_seconds(0, backend)
    clock, here, there = time.perf_counter(), time.process_time(), server_seconds(postmaster)
    work()
    cursor.execute("CHECKPOINT")
    return Spent(
        time.perf_counter() - clock,
        time.process_time() - here + server_seconds(postmaster) - there,
    )


def empty(cursor: Any) -> None:
    """No imports, no persons, nothing learned."""
    cursor.execute("TRUNCATE lists_listimport, lists_linkmodel, people_person CASCADE")


def imported(cursor: Any, path: Path, actor: Any, rows: int) -> Spent:
    """The whole import of `path`."""
    from qafila.lists.importing.import_file import import_file

    def work() -> None:
        outcome = import_file(path, actor=actor, at=AT)
        if (outcome.state, outcome.rows_read) != ("read", rows):
            raise SystemExit(f"{path.name}: {outcome}")

    empty(cursor)
    return measured(cursor, work)


def copied(cursor: Any, folder: Path) -> Spent:
    """A bare COPY of the stored rows into an empty table of the same make."""
    kept = folder / "rows.csv"
    with kept.open("wb") as file, cursor.copy("COPY lists_row TO STDOUT (FORMAT csv)") as out:
        for block in out:
            file.write(block)
    cursor.execute("DROP TABLE IF EXISTS bare")
    cursor.execute("CREATE TABLE bare (LIKE lists_row INCLUDING ALL)")

    def work() -> None:
        copy = cursor.copy("COPY bare FROM STDIN (FORMAT csv)")
        with kept.open("rb") as file, copy as into:
            while block := file.read(1 << 20):
                into.write(block)

    spent = measured(cursor, work)
    cursor.execute("DROP TABLE bare")
    return spent


def print_line(kind: str, rows: int, ours: Spent, limit: Spent) -> None:
    """One measurement beside its limit."""
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(
        f"{kind:5}{rows:>10,}{ours.clock:>9.2f}s{rows / ours.clock:>10,.0f}/s"
        f"{limit.clock:>9.2f}s{rows / limit.clock:>10,.0f}/s{limit.clock / ours.clock:>7.0%}"
        f"{ours.processor:>9.2f}s{limit.processor:>9.2f}s"
        f"{limit.processor / ours.processor:>7.0%}{memory:>8,} MB",
        flush=True,
    )


def main() -> None:
    """Import and copy at each scale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=62_500)
    parser.add_argument("--scale", type=int, nargs="*", default=[1])
    parser.add_argument("--xlsx", action="store_true", help="also as a workbook")
    options = parser.parse_args()
    actor = prepare()
    from django.db import connection

    print(f"{'':>15}{'import':>10}{'':>12}{'COPY':>10}{'':>12}{'share':>7}{'cpu':>10}{'COPY':>10}"
          f"{'share':>7}{'memory':>11}")  # fmt: skip
    writers = {"csv": write_csv} | ({"xlsx": write_xlsx} if options.xlsx else {})
    costs: dict[str, list[float]] = {kind: [] for kind in writers}
    for rows in (options.rows * scale for scale in options.scale):
        for kind, write in writers.items():
            with tempfile.TemporaryDirectory() as name, connection.cursor() as cursor:
                path = Path(name) / f"registre.{kind}"
                write(path, rows)
                ours = imported(cursor, path, actor, rows)
                print_line(kind, rows, ours, copied(cursor, Path(name)))
                costs[kind].append(ours.processor / rows)
    for kind, found in costs.items():
        print(f"{kind}: cost per row, largest over smallest: {found[-1] / found[0]:.2f}")


if __name__ == "__main__":
    main()
