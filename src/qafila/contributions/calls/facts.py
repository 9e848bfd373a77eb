"""The SQL relations of the monthly runs (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

from qafila.contributions.calls.year_ahead import categories_called_at_once
from qafila.enrolment import facts as enrolment

RUNS = """(
  SELECT month, state FROM contributions_run WHERE state IN ('running', 'posted')
)"""
"""Months that were or are being called and were not counter-posted. month; state: running or
posted."""

CALLED_UNTIL = """(
  SELECT (max(month) + interval '1 month' - interval '1 day')::date
  FROM contributions_run WHERE state = 'posted'
)"""
"""One value: the last day of the last month that was called; NULL before any was. What is owed for
the days after it is not known yet."""

_AT_ONCE = ", ".join(f"'{category}'" for category in categories_called_at_once())

YEARS_CALLED_AT_ONCE = f"""(
  SELECT e.person_id, y.year FROM {enrolment.TAX_YEARS} y
  JOIN {enrolment.ENROLMENTS} e ON e.id = y.enrolment_id
  WHERE y.periodicity = 'yearly' AND e.category IN ({_AT_ONCE})
)"""
"""Years that people pay at once: the first run of the year calls it whole. person_id; year."""


def known_until(person: str, day: str) -> str:
    """The last day known, for a question about `person` on `day` (SQL): called, or paid at once.

    NULL before anything was called. No call is read: what the runs called is enough to say it.
    """
    year = f"extract(year FROM {day})"
    return f"""greatest({CALLED_UNTIL},
      (SELECT make_date(at_once.year::int, 12, 31) FROM {YEARS_CALLED_AT_ONCE} at_once
       WHERE at_once.person_id = {person} AND at_once.year = {year}
         AND {year} <= extract(year FROM {CALLED_UNTIL}) LIMIT 1))"""
