"""The SQL relations of the register (how to read them: `foundation/facts.py`)."""

from __future__ import annotations

TRADES = "(SELECT id, name_ar, name_fr FROM register_trade)"
"""The list of trades. id; name_ar; name_fr."""

APPLICATIONS = """(
  SELECT id, person_id, trade_id, trade_text, state, missing, refusal_reason, opened_at, decided_at
  FROM register_application
)"""
"""Applications to enter. id; person_id; trade_id (NULL unknown), trade_text; state: incomplete,
submitted, accepted or refused; missing: codes; refusal_reason; opened_at; decided_at."""

ENTRIES = """(
  SELECT id, person_id, register_number, trade_id, trade_text, state, entered_on, struck_off_on
  FROM register_entry
)"""
"""Entries under their numbers. id; person_id; register_number; trade_id (NULL unknown), trade_text;
state: active or struck_off; entered_on; struck_off_on."""

ACTIVE_ENTRIES = f"(SELECT * FROM {ENTRIES} every_entry WHERE state = 'active')"
"""Entries that hold today. Columns as `ENTRIES`."""

NUMBERS = """(
  SELECT person_id, 'register'::text AS kind, register_number::text AS value FROM register_entry
)"""
"""From a register number to its person, struck off or not. person_id; kind; value."""

TABLES = ("register_entry", "register_application")
"""The tables behind these relations, to bring their statistics up to date."""
