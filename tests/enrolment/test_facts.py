"""What the room promises in SQL: a number leads to who holds it, everywhere in the same way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from tests.enrolment.factories import enrolled, registered
from tests.register.factories import AT, person, places, system

from qafila.enrolment.facts import DEATHS, NUMBERS_OF_PERSONS
from qafila.enrolment.models import Enrolment, LifeEvent
from qafila.foundation.trail import acting
from qafila.people.models import Identifier, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    places()


def holders(kind: str, value: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT person_id FROM {NUMBERS_OF_PERSONS} n WHERE n.kind = %s AND n.value = %s",
            [kind, value],
        )
        return {row[0] for row in cursor.fetchall()}


def close(enrolment: Enrolment) -> None:
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=enrolment.pk).update(state="closed", closed_on=AT.date())


def test_a_number_is_found_as_card_register_and_fund_number() -> None:
    fatima = registered()
    held = enrolled(fatima)
    entry = fatima.register_entries.get()
    assert holders("card", fatima.card_number) == {fatima.pk}
    assert holders("register", entry.register_number) == {fatima.pk}
    assert holders("fund", held.fund_number) == {fatima.pk}
    assert holders("card", held.fund_number) == set()


def test_a_fund_number_of_an_ended_enrolment_still_leads_to_its_person() -> None:
    ended = enrolled()
    close(ended)
    assert holders("fund", ended.fund_number) == {ended.person_id}


def test_a_number_given_again_leads_to_who_holds_it_now() -> None:
    first = enrolled()
    close(first)
    second = enrolled(fund_number=first.fund_number)
    assert holders("fund", first.fund_number) == {second.person_id}


def test_a_number_noted_of_two_people_leads_to_both() -> None:
    one, other = person(), person()
    with acting(system(), at=AT):
        Identifier.objects.create(person=one, kind="fund", value="123456789")
        Identifier.objects.create(person=other, kind="fund", value="123456789")
    assert holders("fund", "123456789") == {one.pk, other.pk}


@pytest.mark.parametrize("kind", ["card", "register", "fund"])
def test_who_is_noted_under_a_held_number_takes_nothing_from_who_holds_it(kind: str) -> None:
    fatima = registered()
    numbers = {
        "card": fatima.card_number,
        "register": fatima.register_entries.get().register_number,
        "fund": enrolled(fatima).fund_number,
    }
    with acting(system(), at=AT):
        Identifier.objects.create(person=person(), kind=kind, value=numbers[kind])
        Identifier.objects.create(person=fatima, kind=kind, value=numbers[kind])
    assert holders(kind, numbers[kind]) == {fatima.pk}


def test_the_card_of_a_file_merged_into_another_leads_nowhere_by_itself() -> None:
    kept, absorbed = person(), person()
    with acting(system(), at=AT):
        Person.objects.filter(pk=absorbed.pk).update(state="merged", merged_into=kept)
    assert holders("card", absorbed.card_number) == set()


def test_nobody_without_a_card_is_found_by_the_empty_number() -> None:
    person(without_card=True)
    enrolled(only_declared=True)
    assert holders("card", "") == holders("fund", "") == set()


def test_a_death_taken_back_is_no_death() -> None:
    alive, dead = person(), person()
    day = dt.date(2026, 3, 1)
    with acting(system(), at=AT):
        LifeEvent.objects.create(person=dead, kind="death", since=day, told_at=AT)
        LifeEvent.objects.create(
            person=alive, kind="death", since=day, told_at=AT, state="taken_back", taken_back_at=AT
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT person_id, died_on FROM {DEATHS} died")
        assert cursor.fetchall() == [(dead.pk, day)]
