"""The SQL relations of rights (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

PERIODS = "(SELECT person_id, status, reason, since, until FROM rights_rightsperiod)"
"""Where the insured's own rights stand, as last derived; no two periods of one person overlap.
person_id; status: open, waiting, suspended or closed; reason: a code; since; until: the first day
after (NULL open end)."""

DEPENDANT_PERIODS = """(
  SELECT dependant_id, insured_id, member_id, status, reason, since, until
  FROM rights_dependantperiod
)"""
"""Rights through an insured person. dependant_id: the declaration; insured_id; member_id: the
spouse or child; the rest as in `PERIODS`."""

TABLES = ("rights_rightsperiod",)
"""The tables behind these relations, to bring their statistics up to date."""

DERIVED = ("rights_rightsperiod", "rights_dependantperiod")
"""Tables about persons that are derived again from facts, never moved by a merge."""
