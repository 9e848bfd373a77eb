"""Decisions of people about pairs, and their exact undoing."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from tests.lists.conftest import ListWriter
from tests.people.database_rows import all_rows

from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope, SomeoneElseActed
from qafila.foundation.trail import acting
from qafila.lists import queries
from qafila.lists.errors import NothingDecided, PairGone
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import CandidatePair, Row
from qafila.lists.reviewing.deciding import decide_pair, undo_decision
from qafila.people.errors import FileUsedSince
from qafila.people.models import Person, Phone
from qafila.people.queries import search_people

pytestmark = pytest.mark.django_db

ONE = "Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
AGAIN = "El Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0698765432"
THIRD = "Alaoui;Med;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
STRANGER = "Bennani;Khadija;F;CD654321;03/02/1975;Settat;SETTAT;Tailleur;"


@pytest.fixture
def linked(write_list: ListWriter, places: None, system: Actor, at: dt.datetime) -> None:
    """One person of three rows in three files, and a stranger."""
    for number, rows in enumerate([(ONE, STRANGER), (AGAIN,), (THIRD,)]):
        import_file(write_list(f"{number}.csv", *rows), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    assert Person.objects.count() == 2


@pytest.fixture
def waiting(linked: None, system: Actor, at: dt.datetime) -> CandidatePair:
    """A pair of two persons that waits for a decision."""
    left, right = (
        Row.objects.filter(family_name=name).order_by("pk").first()
        for name in ("Alaoui", "Bennani")
    )
    assert left is not None
    assert right is not None
    with acting(system, at=at):
        return CandidatePair.objects.create(
            left=left, right=right, probability=0.5, state="waiting",
            evidence=[{"code": "phone_same", "params": {}, "weight": 2.0}],
        )  # fmt: skip


def test_same_merges_and_undoing_restores_every_row(
    waiting: CandidatePair, system: Actor, at: dt.datetime
) -> None:
    before = all_rows()
    (shown,) = queries.pairs_waiting(scope=WHOLE_COUNTRY)
    assert (shown.left.row.family_name, shown.right.row.family_name) == ("Alaoui", "Bennani")
    done = decide_pair(waiting.pk, same=True, actor=system, at=at)
    assert (done.state, done.left_person) == ("same", done.right_person)
    assert queries.pairs_waiting(scope=WHOLE_COUNTRY) == []
    undone = undo_decision(waiting.pk, actor=system, at=at)
    assert undone.state == "waiting"
    assert all_rows() == before


def test_different_is_kept_and_obeyed(
    waiting: CandidatePair, system: Actor, at: dt.datetime
) -> None:
    before = all_rows()
    decide_pair(waiting.pk, same=False, actor=system, at=at)
    assert queries.pairs_waiting_number(scope=WHOLE_COUNTRY) == 0
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by_id) == ("different", system.id)
    undo_decision(waiting.pk, actor=system, at=at)
    assert all_rows() == before


def test_rows_linked_by_mistake_are_parted_and_joined_again_exactly(
    linked: None, system: Actor, at: dt.datetime, write_list: ListWriter
) -> None:
    before = all_rows()
    pair = CandidatePair.objects.get(left__phone="+212612345678", right__phone="+212698765432")
    done = decide_pair(pair.pk, same=False, actor=system, at=at)
    assert done.left_person != done.right_person
    opened = Person.objects.get(pk=done.right_person)
    assert opened.full_name_latn == "Mohamed El Alaoui"
    assert [p.number for p in opened.phones.all()] == ["+212698765432"]
    assert [p.number for p in Phone.objects.filter(person=done.left_person)] == ["+212612345678"]
    assert Row.objects.filter(person=done.left_person).count() == 2
    hits = search_people("AB123456", scope=WHOLE_COUNTRY).hits
    assert {hit.id for hit in hits} == {done.left_person, done.right_person}
    undo_decision(pair.pk, actor=system, at=at)
    assert all_rows() == before

    decide_pair(pair.pk, same=False, actor=system, at=at)
    more = write_list("more.csv", ONE.replace("Potier", "Tisserand"))
    import_file(more, actor=system, at=at)
    link_new_rows(actor=system, at=at)
    assert Person.objects.filter(state="active").count() == 3


def test_a_merge_is_undone_by_saying_different(
    waiting: CandidatePair, system: Actor, at: dt.datetime
) -> None:
    decide_pair(waiting.pk, same=True, actor=system, at=at)
    with acting(system, at=at):
        CandidatePair.objects.filter(pk=waiting.pk).update(
            state="automatic", effect={}, decided_by=None, decided_at=None
        )
    before = all_rows()
    done = decide_pair(waiting.pk, same=False, actor=system, at=at)
    assert done.left_person != done.right_person
    assert Person.objects.filter(state="active").count() == 2
    undo_decision(waiting.pk, actor=system, at=at)
    assert all_rows() == before


def test_a_split_is_not_undone_once_its_file_is_used(
    linked: None, system: Actor, at: dt.datetime
) -> None:
    from qafila.register.models import Application

    pair = CandidatePair.objects.get(left__phone="+212612345678", right__phone="+212698765432")
    done = decide_pair(pair.pk, same=False, actor=system, at=at)
    with acting(system, at=at):
        Application.objects.create(person_id=done.right_person, state="incomplete", opened_at=at)
    before = all_rows()
    with pytest.raises(FileUsedSince) as refused:
        undo_decision(pair.pk, actor=system, at=at)
    assert "applications" in refused.value.sentence()
    assert all_rows() == before


def test_refusals(waiting: CandidatePair, system: Actor, at: dt.datetime) -> None:
    with pytest.raises(NothingDecided):
        undo_decision(waiting.pk, actor=system, at=at)
    command = uuid.UUID(int=5)
    first, again = (
        decide_pair(waiting.pk, same=True, actor=system, at=at, command_id=command)
        for _ in range(2)
    )
    assert first == again
    with pytest.raises(SomeoneElseActed):
        decide_pair(waiting.pk, same=False, actor=system, at=at)
    undo_decision(waiting.pk, actor=system, at=at)
    with acting(system, at=at):
        Row.objects.filter(pk=waiting.right_id).update(person=None, link_decision="withdrawn")
    with pytest.raises(PairGone):
        decide_pair(waiting.pk, same=True, actor=system, at=at)
    assert queries.pairs_waiting_number(scope=WHOLE_COUNTRY) == 0


def test_pairs_belong_to_a_territory(
    waiting: CandidatePair, system: Actor, at: dt.datetime
) -> None:
    left = Row.objects.get(pk=waiting.left_id)
    home = Scope(province_codes=frozenset({left.province_code}))
    elsewhere = Scope(province_codes=frozenset({"09.001"}))
    assert [p.id for p in queries.pairs_waiting(scope=home)] == [waiting.pk]
    assert queries.pairs_waiting(scope=home, after=waiting.pk) == []
    for scope in (elsewhere, NOWHERE):
        assert queries.pairs_waiting(scope=scope) == []
        stranger = Actor.holding(system.id, "Salma", {Role.CHAMBER_STAFF}, scope)
        with pytest.raises(NotFoundInScope):
            decide_pair(waiting.pk, same=True, actor=stranger, at=at)
        with pytest.raises(NotFoundInScope):
            queries.get_pair(waiting.pk, scope=scope)
    for role in (Role.AUDITOR, Role.COUNTER_AGENT, Role.FUND_LIAISON):
        with pytest.raises(NotAllowed):
            decide_pair(
                waiting.pk, same=True, at=at, actor=Actor.holding(system.id, "x", {role}, home)
            )
