"""`kill -9` at any moment of an import or a linkage: nothing lost, nothing double."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from qafila.foundation.trail import system_actor
from qafila.lists.actions import import_file, link_new_rows
from qafila.lists.models import ListImport, Row
from qafila.people.models import Person
from qafila.places.actions import load_places

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
FILES = ("caravane_fiche_terrain.xlsx", "auto_entrepreneurs.csv")
KILLS = int(os.environ.get("QAFILA_KILLS", "3"))
# Seconds after "ready" within which the work of one attempt lies on a slow machine.
LONGEST_WORK = 1.5

_WORK = """
import datetime as dt, sys
import django
django.setup()
from qafila.foundation.trail import system_actor
from qafila.lists.actions import import_file, link_new_rows
at = dt.datetime.fromisoformat(sys.argv[1])
actor = system_actor("tests")
print("ready", flush=True)
for path in sys.argv[2:]:
    import_file(path, actor=actor, at=at)
link_new_rows(actor=actor, at=at)
"""


def _environment() -> dict[str, str]:
    found = connection.get_connection_params()
    address = f"postgresql://{found['user']}:{found['password']}@/{found['dbname']}"
    address += f"?host={found['host']}"
    settings = {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "qafila.config.settings"}
    return {**os.environ, **settings}


def _killed_attempt(paths: list[Path], seconds: float) -> None:
    """Start the work in a process of its own and kill it after a while."""
    arguments = [sys.executable, "-c", _WORK, AT.isoformat(), *map(str, paths)]
    with subprocess.Popen(
        arguments, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as work:
        assert work.stdout is not None
        assert work.stdout.readline() == b"ready\n"
        time.sleep(seconds)
        work.send_signal(signal.SIGKILL)


def _complete_or_empty() -> None:
    """No import is half there: all of its rows or none, and persons only for linked rows."""
    for record in ListImport.objects.order_by("pk"):
        stored = record.rows.count()
        done = record.state in (ListImport.State.READ, ListImport.State.LINKED)
        assert stored == (record.rows_read if done else 0)
    linked = Row.objects.filter(person__isnull=False).values("person_id").distinct().count()
    assert linked == Person.objects.count()


def _content() -> tuple[Any, ...]:
    """Everything stored, told without the numbers the database gave."""
    rows = Row.objects.select_related("list_import", "person").order_by("pk")
    stored = sorted(
        (r.list_import.file_name, r.sheet, r.row_number, r.outcome, str(sorted(r.cells.items())))
        for r in rows
    )
    persons: dict[int, list[tuple[str, int]]] = {}
    for row in rows:
        if row.person_id is not None:
            persons.setdefault(row.person_id, []).append(
                (row.list_import.file_name, row.row_number)
            )
    people = sorted(
        (p.full_name_ar, p.full_name_latn, str(p.birth_date), sorted(persons[p.pk]))
        for p in Person.objects.order_by("pk")
    )
    return stored, people, ListImport.objects.count()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_moments(shared_lists: Path) -> None:
    actor = system_actor("tests")
    load_places(actor=actor, at=AT)
    paths = [shared_lists / name for name in FILES]
    seconds = random.Random(20261122)
    for _ in range(KILLS):
        _killed_attempt(paths, seconds.uniform(0, LONGEST_WORK))
        _complete_or_empty()
    for path in paths:
        import_file(path, actor=actor, at=AT)
    link_new_rows(actor=actor, at=AT)
    _complete_or_empty()
    after_kills = _content()
    assert len(after_kills[0]) == 224 + 593

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE lists_listimport, people_person CASCADE")
    for path in paths:
        import_file(path, actor=actor, at=AT)
    link_new_rows(actor=actor, at=AT)
    assert _content() == after_kills
