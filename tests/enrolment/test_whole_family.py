"""Families as a whole: what cannot be is refused, what may be a mistake is asked about."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, person, places, system

from qafila.enrolment import errors
from qafila.enrolment.changes import declare_enrolment
from qafila.enrolment.family import errors as family_errors
from qafila.enrolment.family.family import (
    DependantMoved,
    FamilyFacts,
    Relative,
    declare_dependant,
)
from qafila.enrolment.family.life_events import (
    NewEvent,
    end_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation.trail import acting
from qafila.people.corrections import Correction, correct_person
from qafila.people.errors import CardHeldByAnother
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
BORN = dt.date(2018, 3, 2)
PAPER = "Certificate 5/2026"


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def insured(**fields: Any) -> Person:
    return enrolled(person(**fields)).person


def declare(who: Person, relation: str, relative: Relative, **facts: Any) -> DependantMoved:
    return declare_dependant(
        insured_id=who.pk, relation=relation, relative=relative, facts=FamilyFacts(**facts),
        actor=system(), at=AT,
    )  # fmt: skip


def wife(number: int, **fields: Any) -> Relative:
    told = {"sex": "F", "birth_date": dt.date(1990, 1, number), **fields}
    return Relative(full_name_latn=f"Khadija {number}", **told)


@pytest.mark.parametrize("again", ["Sara Ait Lahcen", "SARA AIT LAHSEN"])
def test_the_same_child_in_two_scripts_is_asked_about(again: str) -> None:
    hassan = insured(sex="M")
    declare(hassan, "child", Relative(full_name_ar="سارة أيت لحسن", sex="F", birth_date=BORN))
    child = Relative(full_name_latn=again, sex="F", birth_date=BORN)
    with pytest.raises(family_errors.SameChild) as asked:
        declare(hassan, "child", child)
    assert str(hassan.pk) in asked.value.sentence()
    assert Person.objects.filter(birth_date=BORN).count() == 1
    declare(hassan, "child", child, confirmed=("same_child",))
    twin = Relative(full_name_latn="Yassine Ait Lahcen", sex="M", birth_date=BORN)
    assert declare(hassan, "child", twin).state == "declared"


def test_the_same_child_by_two_insured_parents_under_two_spellings() -> None:
    father, mother = insured(sex="M"), insured(sex="F")
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured=father, person=mother, relation="spouse", state="declared", since=AT.date()
        )
    declare(father, "child", Relative(full_name_ar="سارة أيت لحسن", birth_date=BORN))
    with pytest.raises(family_errors.SameChild):
        declare(mother, "child", Relative(full_name_latn="Sara Ait Lahcen", birth_date=BORN))


def test_whether_father_or_mother_is_asked_before_the_law_is() -> None:
    child = Relative(full_name_latn="Sara", birth_date=BORN)
    with pytest.raises(family_errors.InsuredSexUnknown):
        declare(insured(sex=""), "child", child, other_parent_insured=True)


def test_marriages_by_the_family_code() -> None:
    hassan = insured(sex="M", birth_date=dt.date(1970, 1, 1))
    with pytest.raises(family_errors.SpouseTooYoung):
        declare(hassan, "spouse", wife(1, birth_date=dt.date(2017, 1, 1)))
    young = wife(1, birth_date=dt.date(2009, 1, 1))
    with pytest.raises(family_errors.SpouseTooYoung):
        declare(hassan, "spouse", young, joined_on=dt.date(2025, 6, 1))
    leave = {"judges_leave": "Leave 12/2025"}
    declare(hassan, "spouse", young, joined_on=dt.date(2025, 6, 1), **leave)
    with pytest.raises(family_errors.LeaveForAnotherWife):
        declare(hassan, "spouse", wife(2))
    for number in (2, 3, 4):
        declare(hassan, "spouse", wife(number), **leave)
    with pytest.raises(family_errors.TooManyWives):
        declare(hassan, "spouse", wife(5), **leave)


def test_a_wife_of_two_men_by_one_card_is_refused() -> None:
    one, other = insured(sex="M"), insured(sex="M")
    declare(one, "spouse", wife(1, card_number="JB999001"))
    with pytest.raises(family_errors.SpouseOfAnother) as refused:
        declare(other, "spouse", wife(1, card_number="JB999001"))
    assert str(one.pk) in refused.value.sentence()


def test_a_parent_is_older_than_a_child_by_years() -> None:
    with pytest.raises(family_errors.ParentTooYoung):
        declare(
            insured(birth_date=dt.date(2010, 1, 1)), "child",
            Relative(full_name_latn="Sara", birth_date=BORN),
        )  # fmt: skip


def test_a_student_is_covered_for_a_school_year_at_most() -> None:
    student = Relative(full_name_latn="Sara", birth_date=dt.date(2004, 3, 2))
    with pytest.raises(errors.SchoolYearTooLong):
        declare(insured(), "child", student, schooling_until=dt.date(2099, 6, 30))


def test_divorced_and_married_again() -> None:
    hassan = insured(sex="M")
    first = declare(hassan, "spouse", wife(1), joined_on=dt.date(2015, 1, 1))
    event = NewEvent("divorce", dt.date(2020, 5, 1), None, PAPER, first.dependant_id)
    tell_life_event(insured_id=hassan.pk, event=event, actor=system(), at=AT)
    again = {"insured_id": hassan.pk, "relation": "spouse", "relative_id": first.person_id}
    with pytest.raises(errors.AlreadyDeclared):
        declare_dependant(**again, actor=system(), at=AT)
    facts = FamilyFacts(joined_on=dt.date(2024, 5, 1))
    done = declare_dependant(**again, facts=facts, actor=system(), at=AT)
    assert done.dependant_id != first.dependant_id


def test_an_own_scheme_has_an_end() -> None:
    spouse = member(enrolled().person)
    event = NewEvent("own_scheme", dt.date(2026, 1, 1), None, PAPER, spouse.pk)
    told = tell_life_event(insured_id=spouse.insured_id, event=event, actor=system(), at=AT)
    who = {"insured_id": spouse.insured_id, "event_id": told.event_id, "actor": system(), "at": AT}
    with pytest.raises(errors.EventEndsTooEarly):
        end_life_event(until=dt.date(2026, 1, 1), document=PAPER, **who)
    with pytest.raises(errors.ProofNeeded):
        end_life_event(until=dt.date(2026, 6, 1), document=" ", **who)
    end_life_event(until=dt.date(2026, 6, 1), document=PAPER, **who)
    assert LifeEvent.objects.get().until == dt.date(2026, 6, 1)


def test_a_child_is_declared_while_the_familys_cover_runs_after_a_death() -> None:
    hassan = insured(sex="M")
    event = NewEvent("death", dt.date(2026, 11, 2), document=PAPER)
    tell_life_event(insured_id=hassan.pk, event=event, actor=system(), at=AT)
    child = Relative(full_name_latn="Sara", birth_date=dt.date(2026, 11, 10))
    assert declare(hassan, "child", child).state == "declared"
    late = dt.datetime(2040, 1, 1, 9, tzinfo=dt.UTC)
    with pytest.raises(family_errors.CoverAfterDeathOver):
        declare_dependant(
            insured_id=hassan.pk, relation="child", relative=child, actor=system(), at=late
        )


def test_the_dead_are_not_enrolled() -> None:
    fatima = registered()
    with acting(system(), at=AT):
        LifeEvent.objects.create(person=fatima, kind="death", since=AT.date(), told_at=AT)
    with pytest.raises(errors.PersonDied):
        declare_enrolment(
            person_id=fatima.pk, category="craftworker", month=dt.date(2026, 11, 1),
            actor=system(), at=AT,
        )  # fmt: skip
    assert not Enrolment.objects.exists()


def test_a_card_is_not_corrected_to_somebody_elses() -> None:
    one, other = person(), person()
    change = {"card_number": Correction(one.card_number, other.card_number)}
    with pytest.raises(CardHeldByAnother) as refused:
        correct_person(one.pk, changes=change, actor=system(), at=AT)
    assert str(other.pk) in refused.value.sentence()
