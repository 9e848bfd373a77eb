"""Every row of every table, to see that nothing differs."""

from __future__ import annotations

from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection

# What tells what happened is added to, never taken back; an actor appears at its first act.
TOLD = {
    "foundation_actor",
    "foundation_journal_entry",
    "people_merge",
    "foundation_access_log_entry",
}
# Derived from the rest; tests/foundation/test_consequences.py proves it is derived again.
DERIVED = {
    "accompaniment_standing",
    "contributions_personarrears",
    "rights_dependantperiod",
    "rights_rightsperiod",
}


def _kept() -> list[str]:
    tables = {
        model._meta.db_table
        for model in apps.get_models()
        if model.__module__.startswith("qafila.")
        and model._meta.managed
        and not issubclass(model, pghistory.models.Event)
    }
    return sorted(tables - TOLD - DERIVED)


def fingerprints() -> dict[str, str]:
    """What `all_rows` tells, as one figure for each table: one statement."""
    each = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(to_jsonb(t)::text, '|' ORDER BY to_jsonb(t)::text)) "
        f'FROM "{table}" t'
        for table in _kept()
    )
    with connection.cursor() as cursor:
        cursor.execute(each)
        return {table: figure or "" for table, figure in cursor.fetchall()}


def all_rows() -> dict[str, list[Any]]:
    """Rows by table as JSON text, sorted; without journal, merges, trail and what is derived."""
    found = {}
    with connection.cursor() as cursor:
        for table in _kept():
            cursor.execute(f'SELECT to_jsonb(t)::text FROM "{table}" t ORDER BY 1')
            found[table] = [row[0] for row in cursor.fetchall()]
    return found
