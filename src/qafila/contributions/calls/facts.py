"""The SQL relations of the monthly runs (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

RUNS = "(SELECT month, state FROM contributions_run)"
"""Months that were or are being called. month; state: running or posted."""
