"""The SQL relations of accompaniment (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

PROGRESS = """(
  SELECT person_id, reached, registered, enrolled, family_declared, paying, rights_open, stage,
    reason, rights, months_overdue, overdue_centimes, category, sex, trade_id, commune_code,
    province_code, region_code
  FROM accompaniment_standing
)"""
"""One row for each active person, as last derived. person_id; a yes or no for each step; stage: the
last step in a row; reason: why not yet (a code of `reasons.REASONS`); rights: a status or none;
months_overdue, overdue_centimes; category, sex, trade_id and the place, '' or NULL unknown."""

DERIVED = ("accompaniment_standing",)
"""Tables about persons that are derived again from facts, never moved by a merge."""
