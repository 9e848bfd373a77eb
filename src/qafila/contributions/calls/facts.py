"""The SQL relations of the monthly runs (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

RUNS = """(
  SELECT month, state FROM contributions_run WHERE state IN ('running', 'posted')
)"""
"""Months that were or are being called and were not counter-posted. month; state: running or
posted."""
