"""Two people at once: one file, one pair."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from tests.lists.conftest import ListWriter

from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.trail import acting, system_actor
from qafila.lists import queries
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import CandidatePair, ListImport, Row
from qafila.lists.reviewing.deciding import decide_pair
from qafila.people.models import Merge, Person
from qafila.places.actions import load_places

pytestmark = pytest.mark.django_db(transaction=True)

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
NAMES = ("Alaoui", "Bennani", "Ouaziz", "Tazi", "Fassi", "Idrissi", "Berrada", "Chraibi")
GIVEN = ("Mohamed", "Omar", "Youssef", "Said", "Brahim", "Hassan", "Jamal")


@pytest.fixture
def actor() -> Actor:
    """The system, in tests whose transactions are real."""
    return system_actor("tests")


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all at the same moment, each on a connection of its own; results or refusals."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def do(place: int, work: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = work()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _rows(number: int) -> list[str]:
    return [
        f"{NAMES[n % 8]};{GIVEN[n % 7]};M;AB{100_000 + n * 1_709};17/05/{1950 + n % 50};;;Potier;"
        for n in range(number)
    ]


def test_one_file_imported_twice_at_once(write_list: ListWriter, actor: Actor) -> None:
    path = write_list("liste.csv", *_rows(500))
    results = at_once(*[lambda: import_file(path, actor=actor, at=AT)] * 3)
    assert len({outcome.import_id for outcome in results}) == 1
    assert sorted(outcome.repeats_import for outcome in results) == [False, True, True]
    assert (ListImport.objects.count(), Row.objects.count()) == (1, 500)


def test_progress_is_seen_while_rows_are_stored(write_list: ListWriter, actor: Actor) -> None:
    path = write_list("liste.csv", *_rows(50))
    seen: list[tuple[str, int, int]] = []

    def look(done: int, expected: int) -> None:
        record = ListImport.objects.using("default").get()
        worker = threading.Thread(target=look_from_outside, args=(record.pk,))
        worker.start()
        worker.join()

    def look_from_outside(import_id: int) -> None:
        from qafila.foundation.actors import WHOLE_COUNTRY

        progress = queries.import_progress(import_id, scope=WHOLE_COUNTRY)
        seen.append((progress.state, progress.rows_read, Row.objects.count()))
        connection.close()

    import_file(path, actor=actor, at=AT, on_progress=look)
    assert seen[0] == ("reading", 0, 0)
    assert seen[-1] == ("reading", 50, 0)  # told, but nothing is there before all is


def test_two_people_decide_one_pair(write_list: ListWriter, actor: Actor) -> None:
    load_places(actor=actor, at=AT)
    import_file(write_list("liste.csv", *_rows(2)), actor=actor, at=AT)
    link_new_rows(actor=actor, at=AT)
    left, right = Row.objects.order_by("pk")
    with acting(actor, at=AT):
        pair, _ = CandidatePair.objects.update_or_create(
            left=left, right=right, defaults={"probability": 0.5, "state": "waiting"}
        )
    results = at_once(
        lambda: decide_pair(pair.pk, same=True, actor=actor, at=AT),
        lambda: decide_pair(pair.pk, same=True, actor=actor, at=AT),
        lambda: decide_pair(pair.pk, same=False, actor=actor, at=AT),
    )
    refused = [r for r in results if isinstance(r, SomeoneElseActed)]
    assert len(refused) == 2
    pair.refresh_from_db()
    merged = int(pair.state == "same")
    assert Merge.objects.filter(undone_at=None).count() == merged
    assert Person.objects.filter(state="active").count() == 2 - merged


def test_two_linkages_at_once_open_each_person_once(write_list: ListWriter, actor: Actor) -> None:
    load_places(actor=actor, at=AT)
    import_file(write_list("liste.csv", *_rows(40)), actor=actor, at=AT)
    results = at_once(*[lambda: link_new_rows(actor=actor, at=AT)] * 2)
    assert sorted(outcome.rows_linked for outcome in results) == [0, 40]
    assert Person.objects.count() == results[0].persons == results[1].persons
