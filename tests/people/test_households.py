"""Who lives together: kept by declarations and papers, and asked when somebody moves."""

from __future__ import annotations

from typing import Any

import pytest
from tests.enrolment.factories import enrolled, member
from tests.register.factories import AT, agent, person, places, system

from qafila.enrolment.family.family import FamilyFacts, Relative, declare_dependant
from qafila.enrolment.family.life_events import NewEvent, take_back_life_event, tell_life_event
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.errors import NotFoundInScope
from qafila.people.corrections import Correction, correct_person
from qafila.people.errors import (
    HouseholdAsked,
    HouseholdProofMissing,
    NoHousehold,
    SameHousehold,
)
from qafila.people.households import household_of, join_household, leave_household
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
HERE, THERE = "09.001.01.01", "06.141.01.01"
PAPER = "Certificate of residence 4/2026"


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def family(**facts: Any) -> tuple[Person, Person]:
    """Hassan and his daughter Sara, declared."""
    hassan = enrolled(person(sex="M")).person
    child = Relative(full_name_latn="Sara Ait Lahcen", birth_date=AT.date().replace(year=2015))
    done = declare_dependant(
        insured_id=hassan.pk, relation="child", relative=child, facts=FamilyFacts(**facts),
        actor=system(), at=AT,
    )  # fmt: skip
    return hassan, Person.objects.get(pk=done.person_id)


def move(who: Person, household: str = "") -> object:
    return correct_person(
        who.pk, changes={"commune": Correction(HERE, THERE)}, household=household,
        actor=system(), at=AT,
    )  # fmt: skip


def together(who: Person) -> list[int]:
    return [one.pk for one in household_of(who.pk, scope=WHOLE_COUNTRY)]


def test_a_declared_family_lives_together() -> None:
    hassan, sara = family()
    assert together(hassan) == [sara.pk]
    assert together(sara) == [hassan.pk]


def test_a_member_who_lives_elsewhere_does_not() -> None:
    hassan, sara = family(lives_elsewhere=True)
    assert together(hassan) == together(sara) == []


def test_who_lives_in_another_commune_is_not_taken_to_live_here() -> None:
    hassan = enrolled(person(sex="M")).person
    khadija = person(province="06.141")
    declare_dependant(
        insured_id=hassan.pk, relation="spouse", relative_id=khadija.pk, actor=system(), at=AT
    )
    assert together(hassan) == []


def test_who_moves_is_asked_whether_the_household_comes_along() -> None:
    hassan, sara = family()
    with pytest.raises(HouseholdAsked) as asked:
        move(hassan)
    assert "Sara" in asked.value.sentence()
    assert Person.objects.get(pk=hassan.pk).commune_id == HERE
    move(hassan, "along")
    sara.refresh_from_db()
    assert (sara.commune_id, sara.province_id, sara.region_code) == (THERE, "06.141", "06")
    assert together(hassan) == [sara.pk]
    salma = agent(Role.COUNTER_AGENT, provinces=("06.141",))
    assert [one.pk for one in household_of(hassan.pk, scope=salma.scope_of(*Role))] == [sara.pk]


def test_who_moves_alone_leaves_the_household() -> None:
    hassan, sara = family()
    move(hassan, "stays")
    sara.refresh_from_db()
    assert (sara.commune_id, together(hassan), together(sara)) == (HERE, [], [])
    move(sara)  # nobody is left to be asked about


def test_a_divorce_parts_the_household_and_taking_it_back_joins_it() -> None:
    hassan = enrolled(person(sex="M")).person
    done = declare_dependant(
        insured_id=hassan.pk, relation="spouse", relative_id=person().pk, actor=system(), at=AT
    )
    event = NewEvent("divorce", AT.date(), document=PAPER, dependant_id=done.dependant_id)
    told = tell_life_event(insured_id=hassan.pk, event=event, actor=system(), at=AT)
    assert together(hassan) == []
    take_back_life_event(
        insured_id=hassan.pk, event_id=told.event_id, reason="Mistake.", actor=system(), at=AT
    )
    assert together(hassan) == [done.person_id]


def test_a_household_by_a_paper_of_the_address() -> None:
    one, other = person(), person(province="06.141")
    who: dict[str, Any] = {"person_id": other.pk, "actor": system(), "at": AT}
    with pytest.raises(HouseholdProofMissing):
        join_household(with_person_id=one.pk, document=" ", **who)
    join_household(with_person_id=one.pk, document=PAPER, **who)
    other.refresh_from_db()
    assert (together(one), other.commune_id) == ([other.pk], HERE)
    for again in (one.pk, other.pk):
        with pytest.raises(SameHousehold):
            join_household(with_person_id=again, document=PAPER, **who)
    leave_household(document=PAPER, **who)
    assert together(one) == []
    with pytest.raises(NoHousehold):
        leave_household(document=PAPER, **who)


def test_a_household_is_kept_within_the_territory() -> None:
    one, other = person(), person(province="06.141")
    youssef = agent(Role.COUNTER_AGENT, provinces=("09.001",))
    with pytest.raises(NotFoundInScope):
        join_household(
            person_id=one.pk, with_person_id=other.pk, document=PAPER, actor=youssef, at=AT
        )
    assert member(enrolled().person).person is not None
