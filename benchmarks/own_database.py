"""The database the benchmarks fill: an embedded server of their own, or DATABASE_URL."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "var" / "benchmarks"
AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def prepare() -> Any:
    """Django on an embedded server of the benchmarks' own (or DATABASE_URL); returns the actor."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QAFILA_VAR", str(FOLDER))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qafila.config.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from qafila.foundation.trail import system_actor

    call_command("migrate", verbosity=0)
    return system_actor("benchmarks")


@contextlib.contextmanager
def without_inverted_indexes() -> Iterator[None]:
    """Build the inverted indexes of persons once behind a large load, not word by word in it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() "
            "AND tablename = 'people_person' AND indexdef LIKE '%% USING gin %%' ORDER BY 1",
            [],
        )
        indexes = cursor.fetchall()
        if not indexes:
            raise SystemExit("An interrupted run left no inverted indexes: delete its database.")
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        try:
            yield
        finally:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            for _name, definition in indexes:
                cursor.execute(definition)
            cursor.execute("RESET maintenance_work_mem")
