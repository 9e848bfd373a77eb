"""Keys of names of an earlier version are remade, exactly as if they had always been so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from tests.lists.conftest import ListWriter
from typer.testing import CliRunner

from qafila.cli.main import command_line
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.trail import acting
from qafila.linkage.names.name_keys import KEY_VERSION
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking import stored_keys
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.linking.stored_keys import old_keys_sentence, remake_name_keys
from qafila.lists.models import Row, StoredKeys
from qafila.people.corrections import Correction, correct_person
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Person

pytestmark = pytest.mark.django_db

ROWS = (
    "Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678",
    "Bennani;Khadija;F;;1975;Settat;SETTAT;Tailleur;",
    "الإدريسي;فاطمة الزهراء;F;;12/03/1990;Settat;SETTAT;Tailleur;0661112233",
    ";;F;AB77;1975;Settat;SETTAT;Tailleur;",
)


@pytest.fixture
def linked(write_list: ListWriter, places: None, system: Actor, at: dt.datetime) -> None:
    """Three persons of one list."""
    import_file(write_list("liste.csv", *ROWS), actor=system, at=at)
    link_new_rows(actor=system, at=at)


def _keys() -> tuple[Any, ...]:
    rows = Row.objects.order_by("pk").values_list("pk", "name_keys", "name_key", "content_key")
    persons = Person.objects.order_by("pk").values_list("pk", "name_keys")
    return list(rows), [(number, sorted(keys)) for number, keys in persons]


def _as_an_earlier_version_made_them(actor: Actor) -> None:
    """Every key gets an ending that none has, and is missing its beginning."""
    other = "ARRAY(SELECT substr(k, 2) || 'OLD' FROM unnest(name_keys) k)"
    with acting(actor), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE lists_row SET content_key = replace(content_key, name_key, 'OLD ' || name_key) "
            f"WHERE name_key <> ''; UPDATE lists_row SET name_keys = {other}, "
            "name_key = 'OLD ' || name_key WHERE name_key <> '';"
            f"UPDATE people_person SET name_keys = {other}"
        )
        StoredKeys.objects.update(version=KEY_VERSION - 1)


def test_a_fresh_database_holds_current_keys(linked: None, system: Actor, at: dt.datetime) -> None:
    before = _keys()
    assert old_keys_sentence() == ""
    assert remake_name_keys(actor=system, at=at) == stored_keys.KeysMade(0, 0)
    assert _keys() == before


def test_old_keys_are_told_and_remade(linked: None, system: Actor, at: dt.datetime) -> None:
    current = _keys()
    _as_an_earlier_version_made_them(system)
    assert _keys() != current
    assert "qafila lists remake-keys" in old_keys_sentence()
    told: list[tuple[int, int]] = []
    made = remake_name_keys(
        actor=system, at=at, on_progress=lambda done, to_do: told.append((done, to_do))
    )
    assert made == stored_keys.KeysMade(rows=3, persons=3)
    assert _keys() == current
    assert told[-1] == (7, 7)
    assert old_keys_sentence() == ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_personevent WHERE 'OLD' = ANY(name_keys)")
        assert cursor.fetchone() == (0,)


def test_an_interrupted_making_goes_on_where_it_stopped(
    linked: None, system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    current = _keys()
    _as_an_earlier_version_made_them(system)
    monkeypatch.setattr(stored_keys, "SLICE_ROWS", 2)

    def interrupt(done: int, to_do: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remake_name_keys(actor=system, at=at, on_progress=interrupt)
    assert old_keys_sentence()
    assert _keys() != current
    told: list[tuple[int, int]] = []
    remake_name_keys(actor=system, at=at, on_progress=lambda *counts: told.append(counts))
    assert _keys() == current
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_a_corrected_spelling_still_finds(linked: None, system: Actor, at: dt.datetime) -> None:
    person = Person.objects.get(family_name_latn="Bennani")
    for before, after in (("Bennani", "Tazi"), ("Tazi", "Sqalli")):
        correct_person(
            person.pk, changes={"family_name_latn": Correction(before, after)}, actor=system, at=at
        )
    current = _keys()
    _as_an_earlier_version_made_them(system)
    remake_name_keys(actor=system, at=at)
    assert _keys() == current


def test_a_merge_of_before_is_undone_with_the_keys_of_today(
    linked: None, system: Actor, at: dt.datetime
) -> None:
    current = _keys()
    kept, absorbed = Person.objects.order_by("pk").values_list("pk", flat=True)[:2]
    merge = merge_persons(kept, absorbed, evidence={}, actor=system, at=at)
    with acting(system), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_merge SET before = jsonb_set(jsonb_set(before, '{key_version}', '1'), "
            "'{absorbed,name_keys}', '[\"OLD\"]')"
        )
    _as_an_earlier_version_made_them(system)
    remake_name_keys(actor=system, at=at)
    undo_merge(merge.merge, actor=system, at=at)
    assert _keys() == current


def test_only_administrators_remake_keys(at: dt.datetime) -> None:
    with pytest.raises(NotAllowed):
        remake_name_keys(actor=Actor.holding(1, "clerk", {Role.AUDITOR}, WHOLE_COUNTRY), at=at)


def test_the_command_remakes_them_and_says_so(linked: None, system: Actor) -> None:
    current = _keys()
    _as_an_earlier_version_made_them(system)
    told = CliRunner().invoke(command_line(), ["lists", "remake-keys"])
    assert told.exit_code == 0
    assert "New keys: 3 rows, 3 persons." in told.output
    assert _keys() == current
    again = CliRunner().invoke(command_line(), ["lists", "remake-keys"])
    assert (again.exit_code, again.output) == (0, "The keys of names are current.\n")


def test_a_database_of_before_versions_is_told(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE lists_storedkeys RENAME TO elsewhere")
    assert "qafila database migrate" in old_keys_sentence()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE elsewhere RENAME TO lists_storedkeys")
    assert old_keys_sentence() == ""
