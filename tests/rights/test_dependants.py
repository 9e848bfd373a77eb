"""Rights of dependants follow the insured person's and what happens in the family, at once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from tests.contributions.factories import NOVEMBER, in_arrears, pay
from tests.enrolment.factories import enrolled, member
from tests.register.factories import AT, agent, places, system

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.enrolment.changes import confirm_enrolment
from qafila.enrolment.family.family import remove_dependant
from qafila.enrolment.family.life_events import (
    NewEvent,
    take_back_life_event,
    tell_life_event,
)
from qafila.enrolment.models import Dependant
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.rights.actions import rebuild_rights
from qafila.rights.family import family_rights
from qafila.rights.models import DependantPeriod
from qafila.rights.reasons import DEPENDANT_SENTENCES, why_dependant

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def family(months_unpaid: int = 0, born: dt.date = dt.date(2015, 3, 2)) -> tuple[Dependant, ...]:
    """A spouse and a child of someone at the fund, with their rights."""
    insured = in_arrears(months_unpaid).person
    spouse, child = member(insured), member(insured, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=child.person_id).update(birth_date=born)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    rebuild_rights(on=TODAY, actor=system(), at=AT)
    return spouse, child


def standing(one: Dependant, on: dt.date = TODAY) -> tuple[str, str]:
    told = {found.dependant_id: found for found in
            family_rights(one.insured_id, on, scope=WHOLE_COUNTRY)}  # fmt: skip
    return told[one.pk].status, told[one.pk].reason


def test_a_family_is_covered_while_the_insured_person_is() -> None:
    spouse, child = family()
    assert standing(spouse) == standing(child) == ("open", "paid_up")
    assert standing(child, dt.date(2036, 3, 2)) == ("closed", "schooling_proof_missing")


def test_unpaid_months_suspend_the_family_and_paying_opens_again_in_one_transaction() -> None:
    spouse, child = family(months_unpaid=4)
    assert standing(spouse) == standing(child) == ("suspended", "unpaid_months")
    pay(spouse.insured.enrolments.get(), 4 * 16352)
    assert standing(spouse) == standing(child) == ("open", "paid_up")


def test_what_happens_in_the_family_counts_at_once_and_taken_back_no_more() -> None:
    spouse, child = family()
    event = NewEvent("death", dt.date(2026, 11, 2), document="Certificate 5/2026")
    moved = tell_life_event(insured_id=spouse.insured_id, event=event, actor=system(), at=AT)
    assert standing(spouse) == standing(child) == ("open", "after_death")
    assert standing(child, dt.date(2028, 11, 2)) == ("closed", "after_death_ended")
    take_back_life_event(
        insured_id=spouse.insured_id, event_id=moved.event_id, reason="Not she.",
        actor=system(), at=AT,
    )  # fmt: skip
    assert standing(spouse) == ("open", "paid_up")


def test_suspended_rights_do_not_open_by_a_death() -> None:
    spouse, _ = family(months_unpaid=4)
    event = NewEvent("death", dt.date(2026, 11, 2), document="Certificate 5/2026")
    tell_life_event(insured_id=spouse.insured_id, event=event, actor=system(), at=AT)
    assert standing(spouse) == ("closed", "insured_deceased")


def test_a_spouse_who_is_enrolled_later_has_an_own_scheme_from_then() -> None:
    spouse, _ = family()
    own = enrolled(spouse.person, only_declared=True, effective_from=dt.date(2026, 6, 1))
    confirm_enrolment(enrolment_id=own.pk, fund_number="555666777", actor=system(), at=AT)
    assert standing(spouse) == ("closed", "has_own_scheme")
    assert standing(spouse, dt.date(2026, 5, 31)) == ("open", "paid_up")


def test_a_member_removed_or_gone_has_no_rows_left() -> None:
    spouse, child = family()
    remove_dependant(dependant_id=spouse.pk, reason="Not married.", actor=system(), at=AT)
    assert set(DependantPeriod.objects.values_list("dependant", flat=True)) == {child.pk}


def test_rebuilding_gives_the_same_rows_and_counts_dependants() -> None:
    family()
    before = list(DependantPeriod.objects.order_by("pk").values_list())
    again = rebuild_rights(on=TODAY, actor=system(), at=AT, persons_per_range=1)
    assert (again.added, again.removed, again.dependants) == (0, 0, 2)
    assert list(DependantPeriod.objects.order_by("pk").values_list()) == before


def test_families_outside_the_territory_are_not_found() -> None:
    _spouse, child = family()
    salma = agent(Role.COUNTER_AGENT, provinces=("06.141",)).scope_of(*Role)
    with pytest.raises(NotFoundInScope):
        family_rights(child.insured_id, TODAY, scope=salma)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_every_reason_of_a_dependant_has_a_sentence(language: str) -> None:
    for reason in DEPENDANT_SENTENCES:
        with translation.override("en"):
            english = why_dependant(reason, TODAY, TODAY)
        with translation.override(language):
            assert why_dependant(reason, TODAY, TODAY) != english
