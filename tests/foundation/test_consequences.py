"""What is derived from a person's facts is derived again in the transaction that changes them."""

from __future__ import annotations

import datetime as dt

import pytest

from qafila.accompaniment.models import Progress
from qafila.accompaniment.standings import refresh_standings
from qafila.foundation import journal, ports
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
NOTED = journal.register("tests.noted", "Something was noted.")


def _person(system: Actor, at: dt.datetime) -> Person:
    return Person.objects.create(full_name_latn="Fatima", created_at=at, created_by_id=system.id)


def test_a_journal_entry_about_a_person_refreshes_their_standing(
    reference: None, system: Actor, at: dt.datetime
) -> None:
    with acting(system, at=at):
        person = _person(system, at)
        journal.write(NOTED, person, actor=system, at=at, person_id=person.pk)
        assert not Progress.objects.filter(pk=person.pk).exists()
    assert Progress.objects.get(pk=person.pk).reason


def test_listeners_are_told_once_per_transaction(
    system: Actor, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[int]] = []
    monkeypatch.setattr(ports, "person_listeners", [lambda persons, at: told.append(persons)])
    with acting(system, at=at):
        person = _person(system, at)
        with acting(system, at=at):
            journal.write(NOTED, person, actor=system, at=at, person_id=person.pk)
        journal.write(NOTED, person, actor=system, at=at, person_id=person.pk)
    assert told == [[person.pk]]


def test_a_failed_action_leaves_nothing_behind(
    reference: None, system: Actor, at: dt.datetime
) -> None:
    def fail_after_writing() -> None:
        with acting(system, at=at):
            person = _person(system, at)
            journal.write(NOTED, person, actor=system, at=at, person_id=person.pk)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_writing()
    assert not Person.objects.exists()
    with acting(system, at=at):
        assert not Progress.objects.exists()


def test_standings_follow_a_merge_and_its_undoing(
    reference: None, system: Actor, at: dt.datetime
) -> None:
    with acting(system, at=at):
        kept, absorbed = _person(system, at), _person(system, at)
    refresh_standings(on=at.date(), actor=system, at=at)
    merge = merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system, at=at)
    assert [s.person_id for s in Progress.objects.order_by("pk")] == [kept.pk]
    undo_merge(merge.merge, actor=system, at=at)
    found = {s.person_id: s.reason for s in Progress.objects.order_by("pk")}
    assert found.keys() == {kept.pk, absorbed.pk}
    refresh_standings(on=at.date(), actor=system, at=at)
    assert {s.person_id: s.reason for s in Progress.objects.order_by("pk")} == found
