"""The SQL relations of the rows of incoming lists (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

ROWS = """(
  SELECT listed.id, listed.person_id, listed.outcome, source.source, source.file_name,
    source.imported_at, (source.imported_at AT TIME ZONE 'Africa/Casablanca')::date AS told_on,
    listed.fund_number, listed.register_number, listed.trade_text, listed.category,
    listed.annual_tax_dh, listed.effect_date, listed.months_unpaid, listed.struck_off, listed.notes,
    source.imported_by_id
  FROM lists_row listed JOIN lists_listimport source ON source.id = listed.list_import_id
)"""
"""Every row with the list it came in. id; person_id (NULL: of nobody known); outcome: accepted,
rejected, repeated or skipped (a total, a title, a signature);
source: which kind of list; file_name; imported_at, and told_on: its day in
Morocco; fund_number, register_number, trade_text, category, notes: '' where the list is silent;
annual_tax_dh, effect_date, months_unpaid, struck_off: NULL there; imported_by_id: the actor."""

DECISIONS = """(
  SELECT pair.id, pair.state, pair.decided_at, pair.decided_by_id,
    one.person_id AS left_person_id, other.person_id AS right_person_id
  FROM lists_candidatepair pair
  JOIN lists_row one ON one.id = pair.left_id JOIN lists_row other ON other.id = pair.right_id
  WHERE pair.decided_by_id IS NOT NULL
)"""
"""Pairs of rows that somebody decided about. id; state: same or different; decided_at;
decided_by_id: the actor; left_person_id, right_person_id: whose rows they are now."""

TABLES = ("lists_row", "lists_listimport")
"""The tables behind the relations: a step that reads many rows asks for their statistics first."""

ACCEPTED = f"(SELECT * FROM {ROWS} every_row WHERE outcome = 'accepted')"
"""The rows that count. Columns as `ROWS`."""

TRADE_TEXTS = "(SELECT DISTINCT trade_text AS text FROM lists_row WHERE trade_text <> '')"
"""Every spelling of a trade that a list gave. text."""
