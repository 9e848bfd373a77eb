"""With whom a child is: told from a day on, and what it means for the cover."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.enrolment.factories import enrolled, member, registered
from tests.enrolment.told import take_back, tell
from tests.register.factories import AT, places, system

import qafila_law
from qafila.enrolment import errors
from qafila.enrolment.family.family import (
    DependantMoved,
    FamilyFacts,
    declare_dependant,
)
from qafila.enrolment.family.members import family_told
from qafila.enrolment.models import Dependant
from qafila.foundation.trail import acting
from qafila.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def with_other_parent(who: str = "") -> Dependant:
    """A child of eight whose other parent is insured too."""
    one = member(enrolled(registered(sex="F")).person, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=one.person_id).update(birth_date=dt.date(2018, 5, 5))
        Dependant.objects.filter(pk=one.pk).update(other_parent_insured=True, custody=who)
    one.refresh_from_db()
    return one


def cover_with_custody(one: Dependant, on: dt.date) -> str:
    [answer] = qafila_law.dependants(family_told(one.insured).family_on(on), on)
    return answer.reason


def test_a_change_of_custody_counts_from_its_day() -> None:
    one = with_other_parent()
    spring, autumn = dt.date(2026, 3, 1), dt.date(2026, 10, 1)
    assert cover_with_custody(one, spring) == "declared_with_father"
    moved = tell(one, "custody", spring, custody="insured")
    tell(one, "custody", autumn, custody="other_parent")
    days = (spring - dt.timedelta(1), spring, autumn - dt.timedelta(1), autumn)
    assert [cover_with_custody(one, day) for day in days] == [
        "declared_with_father", "child", "child", "declared_with_other_parent",
    ]  # fmt: skip
    take_back(one, moved.event_id)
    assert cover_with_custody(one, spring) == "declared_with_father"


@pytest.mark.parametrize(
    ("custody", "error"),
    [("", errors.CustodyNotSaid), ("nobody", errors.CustodyNotSaid),
     ("insured", errors.CustodyNotNew)],
)  # fmt: skip
def test_custody_has_to_be_said_and_to_be_new(custody: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        tell(with_other_parent("insured"), "custody", custody=custody)


def test_a_child_gone_to_the_other_parent_may_be_declared_there() -> None:
    one, father = with_other_parent("insured"), enrolled(registered(sex="M")).person

    def declare() -> DependantMoved:
        facts = FamilyFacts(custody="insured", other_parent_insured=True)
        return declare_dependant(
            insured_id=father.pk, relation="child", relative_id=one.person_id, facts=facts,
            actor=system(), at=AT,
        )  # fmt: skip

    with pytest.raises(errors.DeclaredElsewhere):
        declare()
    tell(one, "custody", custody="other_parent")
    assert declare().state == "declared"
