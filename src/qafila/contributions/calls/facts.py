"""The SQL relations of the monthly runs (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

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
