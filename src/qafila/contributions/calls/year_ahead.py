"""Those who pay a year of CPU at once: the run that meets them first calls the rest of the year.

A yearly payment that falls due before its last months have begun cannot wait for their runs. Each
month stays a call of its own, all due on the day the law sets for the year, so that rights, money
and corrections go by months as for everyone; the later runs find those months called already.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import qafila_law
from qafila.contributions.calls.assessment import assess
from qafila.contributions.calls.liabilities import liabilities_ahead
from qafila.contributions.ledger.call_posting import Entry, Posted, post_calls
from qafila.contributions.ledger.months import months_after, months_between
from qafila.enrolment.queries import anyone_pays_at_once
from qafila_law.contributions.due_dates import YEARLY


def months_ahead(month: dt.date) -> list[dt.date]:
    """The later months of the year of `month`, where anyone pays that year at once."""
    if not anyone_pays_at_once(month.year):
        return []
    return months_between(months_after(month, 1), dt.date(month.year, 12, 1))


def lock_year(cursor: Any, month: dt.date, first_person: int) -> None:
    """Let one run at a time call these people within the year: both might call a month ahead."""
    cursor.execute(
        "SELECT pg_advisory_xact_lock(hashtext(%s), %s)",
        [f"qafila year {month.year}", first_person % 2**31],
    )


def post_year_ahead(cursor: Any, people: tuple[int, int], month: dt.date, entry: Entry) -> Posted:
    """Post the later months of the year for those of a range of persons who pay it at once."""
    posted, categories = Posted(0, 0), _due_before_the_end(month.year)
    for later in months_ahead(month) if categories else []:
        waiting = liabilities_ahead(
            cursor, later, categories, first_person=people[0], last_person=people[1]
        )
        if waiting.num_rows:
            posted += post_calls(cursor, assess(waiting, later).due, later, entry)
    return posted


def categories_called_at_once() -> list[str]:
    """The categories of which a year paid at once is called whole, by the law's latest values."""
    return _due_before_the_end(9998)


def _due_before_the_end(year: int) -> list[str]:
    """The categories whose yearly payment is due before the last month of `year` begins."""
    last = dt.date(year, 12, 1)
    return [
        kind.key
        for kind in qafila_law.Category
        if kind.pays_with_tax and qafila_law.due_date(last, kind, periodicity=YEARLY) < last
    ]
