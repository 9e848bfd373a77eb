"""Claims that are asked about: the same care twice, quantities, and what a doctor has to see."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.api.factories import insured
from tests.care.factories import AT, CARE_DAY, claim, system, tariffs
from tests.enrolment.factories import member
from tests.register.factories import places

from qafila.care import errors
from qafila.care.claims import actions
from qafila.care.models import Claim
from qafila.enrolment.family.family import remove_dependant
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting
from qafila.people.models import Person

pytestmark = pytest.mark.django_db


def declare(person: Person, actor: Actor | None = None, **fields: Any) -> Any:
    asked = {"act_code": "CS", "care_on": CARE_DAY, "paid_centimes": 20_000, **fields}
    return actions.declare_claim(insured_id=person.pk, actor=actor or system(), at=AT, **asked)


def test_one_act_of_one_day_is_asked_about_whatever_the_sum() -> None:
    tariffs()
    fatima = insured()
    first = declare(fatima)
    for sum_paid in (20_000, 20_001, 15_000):
        with pytest.raises(errors.ClaimedAlready) as asked:
            declare(fatima, paid_centimes=sum_paid)
        assert asked.value.params["claim"] == first.claim_id
    assert declare(fatima, another_time=True).state == "declared"
    assert Claim.objects.count() == 2


def test_two_boxes_are_one_claim_with_a_quantity() -> None:
    tariffs()
    fatima = insured()
    one = declare(fatima, paid_centimes=100_000)
    two = declare(
        fatima, care_on=CARE_DAY - dt.timedelta(days=1), paid_centimes=100_000, quantity=2
    )
    for claimed in (one, two):
        actions.receive_claim(claim_id=claimed.claim_id, actor=system(), at=AT)
    answers = [
        actions.assess_claim(claim_id=claimed.claim_id, actor=system(), at=AT)
        for claimed in (one, two)
    ]
    assert (answers[1].reimbursed_centimes or 0) == 2 * (answers[0].reimbursed_centimes or 0) > 0
    for quantity in (0, 100):
        with pytest.raises(errors.QuantityNotPossible):
            declare(fatima, another_time=True, quantity=quantity)


@pytest.mark.parametrize(
    ("of", "asked", "doubt"),
    [
        (
            {"sex": "M"},
            {"act_code": "ACC-N", "paid_by_person_centimes": 300_000, "place": "public"},
            "sex",
        ),
        ({"sex": "F"}, {"paid_by_person_centimes": 20_000_00}, "sum"),
        (
            {"sex": "F", "birth_date": dt.date(1950, 1, 1)},
            {"act_code": "ACC-N", "paid_by_person_centimes": 300_000, "place": "public"},
            "age",
        ),
    ],
)
def test_what_cannot_be_waits_for_a_doctor(
    of: dict[str, Any], asked: dict[str, Any], doubt: str
) -> None:
    one = claim("received", **asked)
    with acting(system(), at=AT):
        Person.objects.filter(pk=one.patient_id).update(**of)
    found = actions.assess_claim(claim_id=one.pk, actor=system(), at=AT)
    one.refresh_from_db()
    assert (found.finding, found.reimbursed_centimes) == ("doctor_asked", 0)
    assert doubt in one.doubts.split()
    with pytest.raises(errors.ClaimNotPayable):
        actions.pay_claim(claim_id=one.pk, reference="V", actor=system(), at=AT)
    actions.agree_as_doctor(claim_id=one.pk, reason="Seen.", actor=system(), at=AT)
    assert actions.assess_claim(claim_id=one.pk, actor=system(), at=AT).finding == "payable"


def test_two_births_ten_days_apart_wait_for_a_doctor() -> None:
    one = claim("paid", act_code="ACC-N", place="public")
    with acting(system(), at=AT):
        Person.objects.filter(pk=one.patient_id).update(sex="F", birth_date=dt.date(1990, 1, 1))
    again = claim(
        "received", insured=one.insured, act_code="ACC-N",
        care_on=one.care_on - dt.timedelta(days=10), paid_by_person_centimes=300_000,
        place="public",
    )  # fmt: skip
    assert actions.assess_claim(claim_id=again.pk, actor=system(), at=AT).finding == "doctor_asked"
    again.refresh_from_db()
    assert again.doubts == "too_soon"


def test_the_excuse_of_lateness_stays_with_the_claim() -> None:
    one = claim("appealed", deadline_waived=True)
    actions.grant_appeal(claim_id=one.pk, actor=system(), at=AT)
    assert Claim.objects.get(pk=one.pk).deadline_waived


def test_a_member_removed_after_the_care_is_assessed_by_that_day() -> None:
    places()
    one = claim("received")
    spouse = member(one.insured)
    with acting(system(), at=AT):
        Claim.objects.filter(pk=one.pk).update(patient=spouse.person)
    remove_dependant(dependant_id=spouse.pk, reason="By mistake.", actor=system(), at=AT)
    found = actions.assess_claim(claim_id=one.pk, actor=system(), at=AT)
    assert found.finding in ("payable", "patient_not_covered", "rights_not_open")
