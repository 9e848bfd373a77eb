"""What this room tells other rooms of its tables (how to read it: `foundation/facts.py`)."""

from __future__ import annotations

ACCOUNTS = "(SELECT id FROM institutions_account)"
"""The accounts people sign in with. id."""

POSTS = """(
  SELECT a.actor_id, a.id AS account_id, p.role::text, i.name_ar AS institution_ar,
    i.name_fr AS institution_fr, p.national, p.region_id, p.province_id, p.held_from, p.held_until
  FROM institutions_post p JOIN institutions_account a ON a.id = p.account_id
  JOIN institutions_institution i ON i.id = p.institution_id
)"""
"""The posts of every account. actor_id; account_id; role; institution_ar ('' unknown) and
institution_fr; one of national, region_id, province_id; held_from and held_until (NULL: open)."""

STAFF = "(SELECT id AS account_id, actor_id, name, name_latn FROM institutions_account)"
"""Who has an account. account_id; actor_id; name; name_latn ('' unknown)."""

UNGUARDED_TABLES = ("institutions_account",)
"""Tables the sign-in library writes before it is known who acts."""

SECOND_FACTOR = "second factor"
"""What seeds of second factors are sealed for (`foundation.stores.sealing`)."""
