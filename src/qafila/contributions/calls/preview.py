"""What a run would post, and how a month differs from the one before: read, nothing written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.contributions.calls.assessment import assess, require_month_in_scheme
from qafila.contributions.calls.comparison import Differences, differences
from qafila.contributions.calls.liabilities import called, liabilities, person_ranges
from qafila.contributions.ledger.months import first_day, months_after

PERSONS_PER_BATCH = 100_000


@dataclass(frozen=True)
class MonthPreview:
    """A dry run: what would stand called for the month, and against the month before."""

    month: dt.date
    calls: int
    total_centimes: int
    parked: int
    differences: Differences


def preview_of(month: dt.date) -> MonthPreview:
    """Assess `month` for everyone by today's facts, batch by batch, and compare with last month.

    National figures for those who answer for a run; no person in them. MonthOutsideScheme.
    """
    month = first_day(month)
    require_month_in_scheme(month)
    found, parked, calls = Differences(), 0, 0
    people = "person_id BETWEEN %(first)s AND %(last)s"
    with connection.cursor() as cursor:
        for first, last in person_ranges(cursor, PERSONS_PER_BATCH):
            params = {"first": first, "last": last}
            assessed = assess(liabilities(cursor, month, people, params), month)
            before = called(cursor, months_after(month, -1), people, params)
            found += differences(assessed.due, before)
            parked += assessed.parked.num_rows
            calls += assessed.due.num_rows
    return MonthPreview(month, calls, found.total_now, parked, found)
