"""Claims of one care under two files, care outside a life, and appeals in time."""

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
from qafila.enrolment.family.life_events import NewEvent, tell_life_event
from qafila.foundation.trail import acting
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=100)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def two_claims(*names: str, state: str = "received") -> list[Claim]:
    """One care claimed under two files, whose patients were born on one day."""
    found = [claim(state), claim(state)]
    with acting(system(), at=AT):
        for one, name in zip(found, names, strict=True):
            script = "full_name_latn" if name.isascii() else "full_name_ar"
            told = {"full_name_latn": "", "full_name_ar": "", script: name}
            Person.objects.filter(pk=one.patient_id).update(
                **told, birth_date=dt.date(1980, 5, 1), sex=""
            )
    return [Claim.objects.get(pk=one.pk) for one in found]


def act(verb: str, one: Claim, at: dt.datetime = AT, **told: Any) -> actions.ClaimMoved:
    done: actions.ClaimMoved = getattr(actions, verb)(
        claim_id=one.pk, actor=system(), at=at, **told
    )
    return done


def test_one_care_under_two_scripts_waits_for_a_doctor() -> None:
    first, second = two_claims("Fatima Ait Lahcen", "فاطمة أيت لحسن")
    assert act("assess_claim", second).finding == "doctor_asked"
    assert Claim.objects.get(pk=second.pk).doubts == "other_file"
    assert act("assess_claim", first).finding == "doctor_asked"


def test_two_names_are_two_patients() -> None:
    _first, second = two_claims("Fatima Ait Lahcen", "نادية العلوي")
    assert act("assess_claim", second).finding != "doctor_asked"


def test_what_came_up_since_the_assessment_is_seen_before_the_payment() -> None:
    first, second = two_claims("Fatima Ait Lahcen", "نادية العلوي", state="assessed")
    with acting(system(), at=AT):
        Person.objects.filter(pk=second.patient_id).update(full_name_ar="فاطمة أيت لحسن")
    with pytest.raises(errors.ClaimDoubted) as refused:
        act("pay_claim", first, reference="V-1")
    assert "%" not in refused.value.sentence()
    act("assess_claim", first)
    act("agree_as_doctor", first, reason="Two sisters, seen.")
    act("assess_claim", first)
    assert Claim.objects.get(pk=first.pk).doubts == "other_file"


def test_a_doctor_agrees_to_the_doubts_that_were_seen() -> None:
    one = claim("assessed", finding="doctor_asked", doubts="sum", paid_by_person_centimes=900_000)
    act("agree_as_doctor", one, reason="Seen.")
    assert act("assess_claim", one).finding != "doctor_asked"
    with acting(system(), at=AT):
        Claim.objects.filter(pk=one.pk).update(place="abroad")
    assert act("assess_claim", one).finding == "doctor_asked"
    assert not Claim.objects.get(pk=one.pk).doctor_agreed


def test_care_lies_within_the_life_of_the_patient() -> None:
    tariffs()
    fatima = insured(card="JB700900")
    child = member(fatima, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=child.person_id).update(birth_date=CARE_DAY + dt.timedelta(1))
    care: dict[str, Any] = {
        "insured_id": fatima.pk, "act_code": "CS", "paid_centimes": 20_000, "actor": system(),
        "at": AT,
    }  # fmt: skip
    with pytest.raises(errors.CareBeforeBirth):
        actions.declare_claim(patient_id=child.person_id, care_on=CARE_DAY, **care)
    other = insured(card="JB700901")
    care["insured_id"] = other.pk
    event = NewEvent("death", CARE_DAY, document="Act 3")
    tell_life_event(insured_id=other.pk, event=event, actor=system(), at=AT)
    with pytest.raises(errors.CareOfTheDead):
        actions.declare_claim(care_on=CARE_DAY + dt.timedelta(2), **care)
    assert actions.declare_claim(care_on=CARE_DAY, **care).state == "declared"


def test_an_appeal_has_a_time_limit_and_an_excuse() -> None:
    one = claim("refused", decided_at=AT)
    with pytest.raises(errors.AppealTooLate) as refused:
        act("appeal_claim", one, LATER, reason="It was signed.")
    assert "2027-01-21" in refused.value.sentence()
    act("appeal_claim", one, LATER, reason="It was signed.", late_excuse="In hospital.")
    assert Claim.objects.get(pk=one.pk).appeal_excuse == "In hospital."
    other = claim("refused", decided_at=AT)
    act("appeal_claim", other, AT + dt.timedelta(days=60), reason="It was signed.")


def test_care_abroad_is_reckoned_and_waits_for_a_doctor() -> None:
    one = claim("received", place="abroad")
    assert act("assess_claim", one).finding in ("doctor_asked", "rights_not_open")
    assert "abroad" in Claim.objects.get(pk=one.pk).doubts
