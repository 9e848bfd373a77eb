"""Everyone's rights rebuilt from facts, beside one sequential scan and sort of the same rows.

    uv run python benchmarks/rights_rebuild.py [--people 200000] [--months 48] [--scale 1 4 16]

The first rebuild writes every period; the second finds nothing changed, as on most nights. The
limit reads all calls from first to last and sorts them by person and month in PostgreSQL. Target:
at most 4 × its time; the cost per person grows at most 1.3 × from the smallest scale to the
largest. Beside the time on the clock stands the processor time of this process and of its
PostgreSQL session, which holds on a busy machine too.
"""

from __future__ import annotations

import argparse
import resource
from typing import Any

from contributions_run import AT, Spent, fill, fill_without_checks, prepare, print_growth


def call_months(months: int, actor: Any) -> int:
    """Give everyone that many calls: most paid in time, some late, some never; returns the rows."""
    import datetime as dt

    from django.db import connection

    from qafila.contributions.ledger.closing import prepare_months
    from qafila.contributions.ledger.months import months_after
    from qafila.foundation.trail import acting

    first = dt.date(2022, 1, 1)
    prepare_months(first, months_after(first, months - 1), actor=actor, at=AT)
    with acting(actor, at=AT), connection.cursor() as cursor:
        fill_without_checks(cursor, actor)
        for number in range(months):
            cursor.execute(
                "INSERT INTO contributions_call (enrolment_id, person_id, month, sequence,"
                " category, amount_centimes, due_on, origin, region_code, settled_on)"
                " SELECT e.id, e.person_id, %(month)s, 0, e.category, 16352, %(due)s, 'run',"
                " e.region_code, CASE WHEN luck < 85 THEN %(month)s::date + 10"
                " WHEN luck < 95 THEN %(due)s::date + 20 END"
                " FROM (SELECT *, (hashint8(person_id * 64 + %(number)s) & 127) %% 100 AS luck"
                " FROM enrolment_enrolment) e ORDER BY e.person_id",
                {
                    "month": months_after(first, number),
                    "due": months_after(first, number + 2) - dt.timedelta(days=1),
                    "number": number,
                },
            )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE contributions_call")
        cursor.execute("SELECT count(*) FROM contributions_call")
        return int(cursor.fetchone()[0])


def ours(actor: Any) -> tuple[Spent, Any]:
    """What a rebuild took, and its outcome."""
    from qafila.rights.actions import rebuild_rights

    spent = Spent()
    with spent.measured():
        outcome = rebuild_rights(on=AT.date(), actor=actor, at=AT)
    return spent, outcome


def limit() -> Spent:
    """What it takes to read every call in one go and sort them."""
    from django.db import connection

    spent = Spent()
    with spent.measured(), connection.cursor() as cursor:
        cursor.execute("SET enable_indexscan = off")
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(
            "EXPLAIN (ANALYZE, TIMING OFF) SELECT person_id, month, due_on, settled_on"
            " FROM contributions_call ORDER BY person_id, month"
        )
        cursor.execute("RESET ALL")
    return spent


def measure(people: int, months: int, actor: Any) -> float:
    """Print ours, the limit and the ratios for one size; returns processor seconds per person."""
    fill(people, actor)
    rows = call_months(months, actor)
    first, outcome = ours(actor)
    again, unchanged = ours(actor)
    assert (unchanged.added, unchanged.removed) == (0, 0)
    bare = limit()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{people:>10,} insured  {rows:>11,} calls  {outcome.periods:>10,} periods"
        f"  first {first.clock:7.2f} s, processor {first.processor:7.2f} s"
        f"  again {again.clock:7.2f} s, processor {again.processor:7.2f} s"
        f" ({again.processor / people * 1e6:6.2f} µs each)"
        f"  limit {bare.clock:7.2f} s, processor {bare.processor:7.2f} s"
        f"  ratios first {first.clock / bare.clock:5.2f} {first.processor / bare.processor:5.2f}"
        f" again {again.clock / bare.clock:5.2f} {again.processor / bare.processor:5.2f}"
        f"  memory {memory} MB",
        flush=True,
    )
    return again.processor / people


def main() -> None:
    """Measure each scale in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--months", type=int, default=48)
    parser.add_argument("--scale", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    actor = prepare()
    costs = [measure(options.people * scale, options.months, actor) for scale in options.scale]
    print_growth(costs)


if __name__ == "__main__":
    main()
