"""A month before it is called: amounts by category, beside what stands called for the last one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
from django.db import connection

from qafila.contributions.access import require_posting_everywhere
from qafila.contributions.calls.assessment import assess, require_month_in_scheme
from qafila.contributions.calls.comparison import Differences, differences
from qafila.contributions.calls.liabilities import called, liabilities, person_ranges
from qafila.contributions.calls.preview import PERSONS_PER_BATCH
from qafila.contributions.ledger.months import first_day, months_after
from qafila.foundation.actors import Actor
from qafila.foundation.scope import reference_data

Progress = Callable[[int, int], None]


@dataclass
class CategoryAhead:
    """Calls and their sum of one category, in the month ahead and in the month before it."""

    category: str
    calls: int = 0
    centimes: int = 0
    calls_before: int = 0
    centimes_before: int = 0


@dataclass(frozen=True)
class MonthAhead:
    """A dry run: nothing is written. Sums in centimes; categories by name."""

    month: dt.date
    calls: int
    total_centimes: int
    parked: int
    differences: Differences
    categories: tuple[CategoryAhead, ...]


@reference_data
def month_ahead(month: dt.date, *, actor: Actor, on_progress: Progress | None = None) -> MonthAhead:
    """Assess `month` for everyone by today's facts and hold it against the month before.

    `on_progress` is told ranges of persons done and ranges in all, before each range.
    National figures without any person, for those who may run it. Errors: NotAllowed,
    MonthOutsideScheme, NoAmountByLaw.
    """
    require_posting_everywhere(actor)
    month = first_day(month)
    require_month_in_scheme(month)
    found, parked = Differences(), 0
    report = on_progress or (lambda done, total: None)
    categories: dict[str, CategoryAhead] = {}
    people = "person_id BETWEEN %(first)s AND %(last)s"
    with connection.cursor() as cursor:
        ranges = list(person_ranges(cursor, PERSONS_PER_BATCH))
        for done, (first, last) in enumerate(ranges):
            report(done, len(ranges))
            params = {"first": first, "last": last}
            assessed = assess(liabilities(cursor, month, people, params), month)
            before = called(cursor, months_after(month, -1), people, params)
            found += differences(assessed.due, before)
            parked += assessed.parked.num_rows
            _add(categories, assessed.due, before)
    every = tuple(categories[name] for name in sorted(categories))
    calls = sum(one.calls for one in every)
    return MonthAhead(month, calls, found.total_now, parked, found, every)


def _add(categories: dict[str, CategoryAhead], due: pa.Table, before: pa.Table) -> None:
    for name, (calls, centimes) in _sums(due, "amount_centimes").items():
        one = categories.setdefault(name, CategoryAhead(name))
        one.calls += calls
        one.centimes += centimes
    for name, (calls, centimes) in _sums(before, "called_centimes").items():
        one = categories.setdefault(name, CategoryAhead(name))
        one.calls_before += calls
        one.centimes_before += centimes


def _sums(rows: pa.Table, column: str) -> dict[str, tuple[int, int]]:
    sums: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    grouped = rows.group_by("category").aggregate([(column, "count"), (column, "sum")])
    for row in grouped.to_pylist():
        name = row["category"].replace("-", "_")
        calls, centimes = sums[name]
        sums[name] = (calls + row[f"{column}_count"], centimes + (row[f"{column}_sum"] or 0))
    return sums
