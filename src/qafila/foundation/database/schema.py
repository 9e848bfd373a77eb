"""Whether the database has the schema that this version of the program expects."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _


def missing_migrations() -> list[str]:
    """The last migration of each room that has not been run here, as `room.migration`.

    One statement, and no migration is loaded: whoever starts may ask each time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        [(any_run,)] = cursor.fetchall()
        if any_run:
            cursor.execute("SELECT app || '.' || name FROM django_migrations")
        run = {name for (name,) in cursor.fetchall()} if any_run else set()
    return [name for name in _last_of_rooms() if name not in run]


def _last_of_rooms() -> Iterator[str]:
    for room in apps.get_app_configs():
        named = Path(room.path) / "migrations" / "max_migration.txt"
        if named.is_file():
            yield f"{room.label}.{named.read_text(encoding='utf-8').strip()}"


def schema_sentence() -> str:
    """What to do about a schema that is behind; empty where there is nothing to do."""
    if not missing_migrations():
        return ""
    return _("The database is not up to date. Stop Qafila, run `qafila database migrate`, start it "
             "again.")  # fmt: skip
