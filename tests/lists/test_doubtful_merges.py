"""Siblings merged by an earlier version are found, and each merge is undone exactly."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from tests.lists.conftest import ListWriter
from tests.people.database_rows import all_rows
from typer.testing import CliRunner

from qafila.cli.rooms.lists import lists_app
from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor
from qafila.foundation.trail import acting
from qafila.lists import queries
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import CandidatePair, Row
from qafila.lists.reviewing.deciding import decide_pair, undo_decision
from qafila.lists.reviewing.doubtful import find_doubtful_merges
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Person

pytestmark = pytest.mark.django_db

HASSAN = "Sabbane;Hassan;M;EE101010;03/04/1985;Settat;SETTAT;Potier;0622994455"
HOUCINE = "Sabbane;Houcine;M;EE101011;03/04/1985;Settat;SETTAT;Potier;0622994455"
SPELLINGS = "صبان;حسن;M;EE101010;03/04/1985;Settat;SETTAT;Potier;0622994455"


def person_named(given: str) -> int:
    person = Row.objects.filter(given_name=given).values_list("person_id", flat=True).get()
    assert person is not None
    return person


@pytest.fixture
def brothers(write_list: ListWriter, places: None, system: Actor, at: dt.datetime) -> None:
    """Two brothers on one list, one of them on another as well: two persons today."""
    import_file(write_list("a.csv", HASSAN, HOUCINE), actor=system, at=at)
    import_file(write_list("b.csv", SPELLINGS), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    assert Person.objects.count() == 2


@pytest.fixture
def merged(brothers: None, system: Actor, at: dt.datetime) -> None:
    """The two made one person, as an earlier version did."""
    kept, absorbed = sorted((person_named("Hassan"), person_named("Houcine")))
    with acting(system, at=at):
        merge_persons(kept, absorbed, evidence={"by": "linkage"}, actor=system, at=at)


@pytest.fixture
def opened_together(brothers: None, system: Actor, at: dt.datetime) -> None:
    """All rows opened as one file: there is no merge to undo."""
    with acting(system, at=at):
        Row.objects.update(person_id=person_named("Hassan"))


def test_nothing_is_doubtful_of_what_is_linked_today(
    brothers: None, system: Actor, at: dt.datetime
) -> None:
    assert find_doubtful_merges(actor=system, at=at) == 0
    assert queries.doubtful_merges(scope=WHOLE_COUNTRY) == []


def test_merged_siblings_are_found_once(merged: None, system: Actor, at: dt.datetime) -> None:
    assert find_doubtful_merges(actor=system, at=at) > 0
    assert find_doubtful_merges(actor=system, at=at) == 0
    (shown,) = queries.doubtful_merges(scope=WHOLE_COUNTRY)
    assert queries.doubtful_merges_number(scope=WHOLE_COUNTRY) == 1
    assert shown.evidence[0]["code"] == "contradiction_card_differs"
    assert "given_differs" in {piece["code"] for piece in shown.evidence}
    assert queries.doubtful_merges(scope=NOWHERE) == []
    assert queries.pairs_waiting(scope=WHOLE_COUNTRY) == []


def test_one_answer_undoes_the_merge_exactly(merged: None, system: Actor, at: dt.datetime) -> None:
    find_doubtful_merges(actor=system, at=at)
    before = all_rows()
    (shown,) = queries.doubtful_merges(scope=WHOLE_COUNTRY)
    decide_pair(shown.id, same=False, actor=system, at=at)
    assert person_named("Hassan") == person_named("حسن") != person_named("Houcine")
    assert queries.doubtful_merges_number(scope=WHOLE_COUNTRY) == 0
    undo_decision(shown.id, actor=system, at=at)
    assert all_rows() == before
    assert queries.doubtful_merges_number(scope=WHOLE_COUNTRY) == 1


def test_rows_opened_together_are_parted_by_person(
    opened_together: None, system: Actor, at: dt.datetime
) -> None:
    find_doubtful_merges(actor=system, at=at)
    (shown,) = queries.doubtful_merges(scope=WHOLE_COUNTRY)
    decide_pair(shown.id, same=False, actor=system, at=at)
    assert person_named("Hassan") == person_named("حسن") != person_named("Houcine")


def test_what_people_said_is_one_person_is_not_asked_again(
    merged: None, system: Actor, at: dt.datetime
) -> None:
    find_doubtful_merges(actor=system, at=at)
    for pair in CandidatePair.objects.filter(state="doubtful").order_by("pk"):
        decide_pair(pair.pk, same=True, actor=system, at=at)
    assert find_doubtful_merges(actor=system, at=at) == 0
    assert queries.doubtful_merges_number(scope=WHOLE_COUNTRY) == 0


def test_command_tells_how_many(merged: None) -> None:
    result = CliRunner().invoke(lists_app, ["doubtful-merges", "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["persons_waiting"] == 1
    assert told["pairs"] >= 1
