"""Somebody else's number is refused, or a matter for two people, whichever way it comes."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from tests.enrolment.factories import enrolled, member
from tests.register.factories import AT, person, places, system

from qafila.enrolment import errors
from qafila.enrolment.changes import confirm_enrolment
from qafila.enrolment.family.errors import CardOfAnother
from qafila.enrolment.family.family import Relative, declare_dependant
from qafila.enrolment.family.life_events import NewEvent, take_back_life_event, tell_life_event
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.trail import acting
from qafila.people.add_from_lists import PERSON_SCHEMA, add_persons
from qafila.people.models import Person
from qafila.people.update_from_lists import complete_persons, revise_persons

pytestmark = pytest.mark.django_db
BORN = dt.date(1990, 2, 3)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def listed(card: str, **told: object) -> pl.DataFrame:
    row = {"full_name_latn": "Salma", "card_number": card, "name_keys": ["slm"], **told}
    extra = {name: pl.Int64() for name in told if name == "person"}
    blank = pl.DataFrame(schema=PERSON_SCHEMA | extra)
    return pl.concat([blank, pl.DataFrame([row])], how="diagonal_relaxed")


def card_of(pk: int) -> str:
    return Person.objects.get(pk=pk).card_number


def test_a_list_opens_no_second_file_with_a_card_that_is_held() -> None:
    fatima = person()
    [salma] = add_persons(listed(fatima.card_number), actor=system(), at=AT)
    [other] = add_persons(listed("ZZ999999"), actor=system(), at=AT)
    assert (card_of(fatima.pk), card_of(salma), card_of(other)) == (
        fatima.card_number, "", "ZZ999999"
    )  # fmt: skip


def test_a_list_completes_no_file_with_a_card_that_is_held() -> None:
    fatima, salma = person(), person(without_card=True)
    complete_persons(listed(fatima.card_number, person=salma.pk), actor=system(), at=AT)
    assert card_of(salma.pk) == ""
    complete_persons(listed("ZZ999999", person=salma.pk), actor=system(), at=AT)
    assert card_of(salma.pk) == "ZZ999999"


def test_a_corrected_list_hands_no_card_on_that_is_held() -> None:
    fatima, salma = person(), person()
    before = listed(salma.card_number, person=salma.pk)
    after = listed(fatima.card_number, person=salma.pk)
    revise_persons(before, after, actor=system(), at=AT)
    assert card_of(salma.pk) == salma.card_number
    revise_persons(before, listed("ZZ999999", person=salma.pk), actor=system(), at=AT)
    assert card_of(salma.pk) == "ZZ999999"


def test_a_fund_number_that_is_held_is_not_confirmed_for_another() -> None:
    held, waiting = enrolled(), enrolled(only_declared=True)
    with pytest.raises(errors.FundNumberTaken) as refusal:
        confirm_enrolment(
            enrolment_id=waiting.pk, fund_number=held.fund_number, actor=system(), at=AT
        )
    assert held.fund_number in refusal.value.sentence()
    assert Enrolment.objects.get(pk=waiting.pk).state == "declared"


def test_a_death_taken_back_does_not_take_a_number_given_on_meanwhile() -> None:
    one = member(enrolled().person)
    own = enrolled(one.person)
    who = {"insured_id": one.insured_id, "actor": system(), "at": AT}
    death = NewEvent("death", AT.date(), None, "Paper 12/2026", dependant_id=one.pk)
    told = tell_life_event(event=death, **who)
    assert Enrolment.objects.get(pk=own.pk).state == "closed"
    now = enrolled(fund_number=own.fund_number)
    with pytest.raises(errors.FundNumberTaken):
        take_back_life_event(event_id=told.event_id, reason="Wrong file.", **who)
    assert Enrolment.objects.get(pk=own.pk).state == "closed"
    assert Enrolment.objects.get(pk=now.pk).state == "enrolled"


@pytest.mark.parametrize(
    ("name", "born"), [("سلمى الادريسي", BORN), ("فاطمة", dt.date(1961, 1, 1))]
)
def test_a_member_is_not_declared_with_the_card_of_somebody_who_is_plainly_another(
    name: str, born: dt.date
) -> None:
    insured, holder = enrolled().person, person()
    with acting(system(), at=AT):
        Person.objects.filter(pk=holder.pk).update(
            full_name_ar="فاطمة", name_keys=["ftm"], birth_date=BORN, birth_precision="day"
        )
    relative = Relative(name, "", "F", born, holder.card_number)
    with pytest.raises(CardOfAnother):
        declare_dependant(
            insured_id=insured.pk, relation="spouse", relative=relative, actor=system(), at=AT
        )
    assert not Dependant.objects.filter(insured=insured).exists()
