"""`kill -9` at any moment of an import, a linkage or a re-linkage: nothing lost, nothing double."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from tests.lists.killed_work import kill_again_and_again

from qafila.foundation.trail import acting, system_actor
from qafila.linkage.names.name_keys import KEY_VERSION
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.linking.stored_keys import KEYED_TABLES, remake_name_keys
from qafila.lists.models import CandidatePair, ListImport, Row, StoredKeys
from qafila.people.models import Identifier, Person, Phone
from qafila.places.actions import load_places

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
# The second has fewer rows than the first, so that it is linked into what is there.
LISTS = {"auto_entrepreneurs.csv": 240, "registre_artisanat_export.csv": 100}

_WORK = """
import datetime as dt
import django
django.setup()
import splink
from qafila.foundation.trail import system_actor
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows

def work(arguments):
    at, actor = dt.datetime.fromisoformat(arguments[0]), system_actor("tests")
    for number, path in enumerate(arguments[1:]):
        import_file(path, actor=actor, at=at)
        print(f"imported{number}", flush=True)
        link_new_rows(actor=actor, at=at)
        print(f"linked{number}", flush=True)
"""


def _environment() -> dict[str, str]:
    found = connection.get_connection_params()
    address = f"postgresql://{found['user']}:{found['password']}@/{found['dbname']}"
    address += f"?host={found['host']}"
    return {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "qafila.config.settings"}


def _work(paths: list[Path]) -> None:
    actor = system_actor("tests")
    for path in paths:
        import_file(path, actor=actor, at=AT)
        link_new_rows(actor=actor, at=AT)


def _complete_or_empty() -> None:
    """No import is half there: all of its rows or none, and persons only for linked rows."""
    for record in ListImport.objects.order_by("pk"):
        stored = record.rows.count()
        done = record.state in (ListImport.State.READ, ListImport.State.LINKED)
        outcomes = (record.rows_accepted, record.rows_rejected, record.rows_repeated)
        assert record.rows_read == sum(outcomes)
        assert stored == (record.rows_read if done else 0)
    linked = Row.objects.filter(person__isnull=False).values("person_id").distinct().count()
    assert linked == Person.objects.filter(state="active").count()


def _content() -> tuple[Any, ...]:
    """Everything stored, told without the numbers the database gave."""
    rows = Row.objects.select_related("list_import").order_by("pk")
    key = {r.pk: (r.list_import.file_name, r.sheet, r.row_number) for r in rows}
    stored = sorted(
        (key[r.pk], r.outcome, str(sorted(r.cells.items())), r.link_decision, r.link_probability)
        for r in rows
    )
    of_person: dict[int | None, list[tuple[str, str, int]]] = {}
    for row in rows:
        of_person.setdefault(row.person_id, []).append(key[row.pk])
    persons = sorted(
        (p.state, p.full_name_ar, p.full_name_latn, str(p.birth_date), sorted(of_person[p.pk]))
        for p in Person.objects.filter(state="active").order_by("pk")
    )
    pairs = sorted(
        (key[p.left_id], key[p.right_id], p.state, p.probability)
        for p in CandidatePair.objects.order_by("pk")
    )
    numbers = sorted(Identifier.objects.order_by("pk").values_list("kind", "value"))
    phones = sorted(Phone.objects.order_by("pk").values_list("number", flat=True))
    return stored, persons, pairs, numbers, phones, ListImport.objects.count()


def _forget_everything() -> None:
    with acting(system_actor("tests"), at=AT), connection.cursor() as cursor:
        cursor.execute("TRUNCATE lists_listimport, lists_linkmodel, people_person CASCADE")


@pytest.fixture
def lists(sample_lists: Path, tmp_path: Path) -> list[Path]:
    """The beginnings of two lists."""
    for name, count in LISTS.items():
        lines = (sample_lists / name).read_bytes().splitlines(keepends=True)
        (tmp_path / name).write_bytes(b"".join(lines[:count]))
    return [tmp_path / name for name in LISTS]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_at_random_moments(lists: list[Path]) -> None:
    load_places(actor=system_actor("tests"), at=AT)
    started = time.perf_counter()
    _work(lists)
    longest = time.perf_counter() - started
    _complete_or_empty()
    never_killed = _content()
    assert len(never_killed[0]) == sum(LISTS.values()) - len(LISTS)
    _forget_everything()

    def check(finished: bool) -> None:
        _complete_or_empty()
        if finished:
            assert _content() == never_killed
            _forget_everything()

    arguments = [AT.isoformat(), *map(str, lists)]
    kill_again_and_again(_WORK, arguments, environment=_environment(), longest=longest, check=check)
    _work(lists)
    _complete_or_empty()
    assert _content() == never_killed


_REMAKING = """
import datetime as dt
import django
django.setup()
from qafila.foundation.trail import system_actor
from qafila.lists.linking import stored_keys
stored_keys.SLICE_ROWS = 25

def work(arguments):
    at, actor = dt.datetime.fromisoformat(arguments[0]), system_actor("tests")
    stored_keys.remake_name_keys(
        actor=actor, at=at, on_progress=lambda done, _: print(f"slice{done // 100}", flush=True)
    )
"""


def _keys() -> tuple[Any, ...]:
    rows = Row.objects.order_by("pk").values_list("pk", "name_keys", "name_key", "content_key")
    persons = Person.objects.order_by("pk").values_list("pk", "name_keys")
    return list(rows), [(number, sorted(keys)) for number, keys in persons]


def _as_an_earlier_version_made_them() -> None:
    with acting(system_actor("tests"), at=AT), connection.cursor() as cursor:
        cursor.execute("UPDATE lists_row SET name_keys = '{OLD}', name_key = 'OLD'")
        cursor.execute("UPDATE people_person SET name_keys = '{OLD}'")
        for table in KEYED_TABLES:
            StoredKeys.objects.update_or_create(
                table=table, defaults={"version": KEY_VERSION - 1, "making": None, "done_to": 0}
            )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_keys_made_anew_and_killed(lists: list[Path]) -> None:
    load_places(actor=system_actor("tests"), at=AT)
    _work(lists[:1])
    current = _keys()
    _as_an_earlier_version_made_them()
    started = time.perf_counter()
    remake_name_keys(actor=system_actor("tests"), at=AT)
    longest = 3 * (time.perf_counter() - started)
    assert _keys() == current
    _as_an_earlier_version_made_them()

    def check(finished: bool) -> None:
        if finished:
            assert _keys() == current
            _as_an_earlier_version_made_them()

    kill_again_and_again(
        _REMAKING, [AT.isoformat()], environment=_environment(), longest=longest, check=check
    )
    remake_name_keys(actor=system_actor("tests"), at=AT)
    assert _keys() == current
