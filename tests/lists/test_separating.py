"""A row taken out of a file, decisions that contradict one another, and who may take them back."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace

import pytest
from tests.lists.conftest import ListWriter
from tests.people.database_rows import all_rows

from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.trail import acting
from qafila.lists import queries
from qafila.lists.access import MAY_DECIDE
from qafila.lists.errors import DecidedOtherwise, OnlyRow
from qafila.lists.importing.import_file import import_file
from qafila.lists.linking.link_rows import link_new_rows
from qafila.lists.models import CandidatePair, Row
from qafila.lists.reviewing.deciding import decide_pair, separate_row, undo_decision
from qafila.people.models import Person

pytestmark = pytest.mark.django_db

ONE = "Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
AGAIN = "El Alaoui;Mohamed;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0698765432"
THIRD = "Alaoui;Med;M;AB123456;17/05/1980;Settat;SETTAT;Potier;0612345678"
NOWHERE_KNOWN = "Alaoui;Mohamed;M;AB123456;17/05/1980;;;Potier;0698765432"


@pytest.fixture
def three(write_list: ListWriter, places: None, system: Actor, at: dt.datetime) -> list[Row]:
    """One person of three rows in three files."""
    for number, row in enumerate((ONE, AGAIN, THIRD)):
        import_file(write_list(f"{number}.csv", row), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    assert Person.objects.count() == 1
    return list(Row.objects.order_by("pk"))


def staff(system: Actor, row: Row, role: Role = Role.CHAMBER_STAFF) -> Actor:
    scope = Scope(province_codes=frozenset({row.province_code}))
    return Actor.holding(system.id, "Youssef", {role}, scope)


def decided(left: Row, right: Row, state: str, by: Actor, at: dt.datetime) -> CandidatePair:
    with acting(by, at=at):
        pair, _ = CandidatePair.objects.update_or_create(
            left=left, right=right,
            defaults={"state": state, "probability": 0.6, "decided_by_id": by.id},
        )  # fmt: skip
    return pair


def test_a_row_gets_a_file_of_its_own_and_comes_back_exactly(
    three: list[Row], system: Actor, at: dt.datetime
) -> None:
    before = all_rows()
    actor = staff(system, three[0])
    done = separate_row(three[2].pk, actor=actor, at=at)
    assert done.state == "different"
    moved = Row.objects.get(pk=three[2].pk)
    assert moved.person_id not in (None, three[0].person_id)
    assert Row.objects.filter(person_id=three[0].person_id).count() == 2
    undo_decision(done.pair, actor=actor, at=at)
    assert all_rows() == before


def test_a_row_without_any_pair_can_be_taken_out_and_put_back(
    three: list[Row], system: Actor, at: dt.datetime
) -> None:
    with acting(system, at=at):
        CandidatePair.objects.all().delete()
    before = all_rows()
    done = separate_row(three[1].pk, actor=system, at=at)
    assert CandidatePair.objects.get().effect["made"] is True
    undo_decision(done.pair, actor=system, at=at)
    assert all_rows() == before


def test_a_later_linkage_obeys(
    three: list[Row], system: Actor, at: dt.datetime, write_list: ListWriter
) -> None:
    separate_row(three[1].pk, actor=system, at=at)
    more = write_list("more.csv", ONE.replace("Potier", "Tisserand"))
    import_file(more, actor=system, at=at)
    link_new_rows(actor=system, at=at)
    apart = Row.objects.get(pk=three[1].pk).person_id
    assert apart != Row.objects.get(pk=three[0].pk).person_id


def test_the_same_command_twice_takes_out_once(
    three: list[Row], system: Actor, at: dt.datetime
) -> None:
    command = uuid.UUID(int=11)
    first, again = (
        separate_row(three[1].pk, actor=system, at=at, command_id=command) for _ in range(2)
    )
    assert first == again
    assert Person.objects.count() == 2


def test_the_only_row_stays(three: list[Row], system: Actor, at: dt.datetime) -> None:
    done = separate_row(three[1].pk, actor=system, at=at)
    with pytest.raises(OnlyRow) as refused:
        separate_row(three[1].pk, actor=system, at=at)
    assert str(done.right_person) in refused.value.sentence()


def test_who_may_take_a_row_out(three: list[Row], system: Actor, at: dt.datetime) -> None:
    for role in (Role.AUDITOR, Role.COUNTER_AGENT, Role.FUND_LIAISON, Role.FIELD_AGENT):
        with pytest.raises(NotAllowed):
            separate_row(three[1].pk, actor=staff(system, three[0], role), at=at)
    for scope in (NOWHERE, Scope(province_codes=frozenset({"09.001"}))):
        with pytest.raises(NotFoundInScope):
            separate_row(three[1].pk, actor=Actor.holding(system.id, "x", MAY_DECIDE, scope), at=at)
    with pytest.raises(NotFoundInScope):
        separate_row(10**9, actor=system, at=at)


def test_whoever_parted_a_row_without_a_place_can_put_it_back(
    write_list: ListWriter, places: None, system: Actor, at: dt.datetime
) -> None:
    for number, line in enumerate((ONE, THIRD, NOWHERE_KNOWN)):
        import_file(write_list(f"{number}.csv", line), actor=system, at=at)
    link_new_rows(actor=system, at=at)
    first, last = Row.objects.order_by("pk")[0], Row.objects.order_by("-pk")[0]
    assert first.person_id == last.person_id
    actor = staff(system, first)
    before = all_rows()
    done = separate_row(last.pk, actor=actor, at=at)
    opened = Person.objects.exclude(pk=first.person_id).get()
    assert opened.province_id is None
    with pytest.raises(NotFoundInScope):
        queries.get_pair(done.pair, scope=actor.scope_of(*Role))
    assert (
        queries.get_pair(done.pair, scope=actor.scope_of(*Role), actor=actor).state == "different"
    )
    someone_else = replace(actor, id=actor.id + 1000)
    with pytest.raises(NotFoundInScope):
        undo_decision(done.pair, actor=someone_else, at=at)
    undo_decision(done.pair, actor=actor, at=at)
    assert all_rows() == before


def test_rows_said_to_be_one_person_are_not_torn_apart(
    three: list[Row], system: Actor, at: dt.datetime
) -> None:
    decided(three[0], three[1], "same", system, at)
    before = all_rows()
    with pytest.raises(DecidedOtherwise) as refused:
        separate_row(three[0].pk, actor=system, at=at)
    assert str(three[1].pk) in refused.value.sentence()
    assert all_rows() == before
    separate_row(three[2].pk, actor=system, at=at)
    assert Row.objects.filter(person_id=three[0].person_id).count() == 2


def test_two_files_with_rows_kept_apart_are_not_joined(
    three: list[Row], system: Actor, at: dt.datetime
) -> None:
    done = separate_row(three[1].pk, actor=system, at=at)
    third = next(row for row in three if row.pk not in _ends(done.pair))
    waiting = CandidatePair.objects.filter(left__in=three, right__in=three).exclude(pk=done.pair)
    with acting(system, at=at):
        waiting.delete()
        left, right = sorted((third, three[1]), key=lambda row: row.pk)
        pair = CandidatePair.objects.create(
            left=left, right=right, probability=0.7, state="waiting"
        )
    with pytest.raises(DecidedOtherwise):
        decide_pair(pair.pk, same=True, actor=system, at=at)
    undo_decision(done.pair, actor=system, at=at)
    assert queries.pairs_waiting(scope=WHOLE_COUNTRY) == []


def _ends(pair_id: int) -> set[int]:
    pair = CandidatePair.objects.get(pk=pair_id)
    return {pair.left_id, pair.right_id}
