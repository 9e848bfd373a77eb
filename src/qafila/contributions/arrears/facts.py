"""The SQL relations of arrears and plans (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

PLANS = "(SELECT id, person_id, state FROM contributions_instalmentplan)"
"""Plans of instalments. id; person_id; state: running, kept, broken or ended."""

PLANNED_CALLS = "(SELECT plan_id, call_id, call_month FROM contributions_plannedcall)"
"""Which calls a plan covers. plan_id; call_id with call_month."""

IN_ARREARS = """(
  SELECT person_id, overdue_centimes, overdue_calls, oldest_due_on FROM contributions_personarrears
)"""
"""Persons with something overdue, as last derived. person_id; overdue_centimes; overdue_calls: how
many; oldest_due_on."""

DERIVED = ("contributions_personarrears",)
"""Tables about persons that are derived again from facts, never moved by a merge."""
