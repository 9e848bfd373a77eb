"""What this room tells other rooms of its tables (how to read it: `foundation/facts.py`)."""

from __future__ import annotations

ACCOUNTS = "(SELECT id FROM institutions_account)"
"""The accounts people sign in with. id."""

UNGUARDED_TABLES = ("institutions_account",)
"""Tables the sign-in library writes before it is known who acts."""

SECOND_FACTOR = "second factor"
"""What seeds of second factors are sealed for (`foundation.stores.sealing`)."""
