"""What is derived from a person's facts is derived anew in the transaction that changes them."""

from __future__ import annotations

import datetime as dt

import pytest

from qafila.accompaniment.models import Standing
from qafila.foundation import journal, ports
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting
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
        assert not Standing.objects.filter(pk=person.pk).exists()
    assert Standing.objects.get(pk=person.pk).reason


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
    with pytest.raises(RuntimeError), acting(system, at=at):
        person = _person(system, at)
        journal.write(NOTED, person, actor=system, at=at, person_id=person.pk)
        raise RuntimeError
    assert not Person.objects.exists()
    with acting(system, at=at):
        assert not Standing.objects.exists()
