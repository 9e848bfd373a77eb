"""Claims: every verb in every state, who may, and what the rules say."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.api.factories import insured
from tests.care.factories import AT, CARE_DAY, claim, system, tariffs

from qafila.care.claims import actions, states
from qafila.care.models import Claim
from qafila.enrolment.models import Dependant
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import DomainError, NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db


def declare(person: Person, actor: Actor | None = None, **fields: Any) -> Any:
    asked = {"act_code": "CS", "care_on": CARE_DAY, "paid_centimes": 20_000, **fields}
    return actions.declare_claim(insured_id=person.pk, actor=actor or system(), at=AT, **asked)


def _verb(name: str, **asked: Any) -> Callable[[Claim, Actor], Any]:
    action = getattr(actions, name)
    return lambda one, actor: action(claim_id=one.pk, actor=actor, at=AT, **asked)


VERBS: dict[str, Callable[[Claim, Actor], Any]] = {
    "declare_claim": lambda one, actor: declare(one.insured, actor),
    "receive_claim": _verb("receive_claim"),
    "assess_claim": _verb("assess_claim"),
    "agree_as_doctor": _verb("agree_as_doctor", reason="Twins, seen."),
    "pay_claim": _verb("pay_claim", reference="V-2026-77"),
    "refuse_claim": _verb("refuse_claim", reason="No prescription."),
    "appeal_claim": _verb("appeal_claim", reason="Here it is."),
    "grant_appeal": _verb("grant_appeal"),
    "reject_appeal": _verb("reject_appeal", reason="It is of another day."),
    "withdraw_claim": _verb("withdraw_claim"),
    "undo_decision": _verb("undo_decision", reason="It was another claim's letter."),
}
FUND_ONLY = ("assess_claim", "agree_as_doctor", "pay_claim", "refuse_claim", "grant_appeal",
             "reject_appeal", "undo_decision")  # fmt: skip


def test_every_verb_is_tried() -> None:
    assert set(VERBS) == set(states.CLAIM_MOVES) == set(states.CLAIM_REFUSALS)


@pytest.mark.parametrize(
    ("verb", "state"), list(itertools.product(states.CLAIM_MOVES, Claim.State.values))
)
def test_each_verb_in_each_state(verb: str, state: str) -> None:
    waits = {"finding": "doctor_asked"} if (verb, state) == ("agree_as_doctor", "assessed") else {}
    one = claim(state, **waits)
    after = states.claim_after(verb, state)
    if verb == "declare_claim" and state == "withdrawn":
        # What was withdrawn may be claimed again, as a claim of its own.
        assert VERBS[verb](one, system()).state == "declared"
    elif after:
        assert VERBS[verb](one, system()).state == after
        assert Claim.objects.get(pk=one.pk).state == after
        assert JournalEntry.objects.filter(subject_id=one.pk, verb__startswith="care.").exists()
    else:
        with pytest.raises(DomainError) as refusal:
            VERBS[verb](one, system())
        assert refusal.value.code == states.CLAIM_REFUSALS[verb]
        assert refusal.value.sentence().endswith(".")
        assert Claim.objects.get(pk=one.pk).state == state


def test_a_new_claim_is_declared() -> None:
    tariffs()
    assert declare(insured()).state == states.claim_after("declare_claim", states.NEW)


@pytest.mark.parametrize("verb", VERBS)
def test_who_may(verb: str) -> None:
    before = next(iter(states.CLAIM_MOVES[verb]))
    one = claim("declared" if before == states.NEW else before)
    auditor = Actor.holding(system().id, "Auditor", {Role.AUDITOR}, WHOLE_COUNTRY)
    clerk = Actor.holding(system().id, "Clerk", {Role.COUNTER_AGENT}, Scope())
    with pytest.raises(NotAllowed):
        VERBS[verb](one, auditor)
    with pytest.raises(NotAllowed if verb in FUND_ONLY else NotFoundInScope):
        VERBS[verb](one, clerk)
    outside = Actor.holding(system().id, "Fund", {Role.FUND_LIAISON}, Scope())
    with pytest.raises(NotFoundInScope):
        VERBS[verb](one, outside)


def test_seventy_of_a_hundred_of_the_tariff_come_back() -> None:
    one = claim("received")
    moved = actions.assess_claim(claim_id=one.pk, actor=system(), at=AT)
    assert (moved.finding, moved.reimbursed_centimes) == ("payable", 10_500)


def test_care_on_a_day_without_rights_is_not_paid() -> None:
    one = claim("received", insured=insured(status="suspended"))
    assert VERBS["assess_claim"](one, system()).finding == "rights_not_open"
    with pytest.raises(DomainError) as refusal:
        VERBS["pay_claim"](one, system())
    assert refusal.value.code == "claim_not_payable"
    assert "rights were not open" in refusal.value.sentence()


def test_late_papers_and_the_appeal_that_excuses_them() -> None:
    one = claim("received", received_on=CARE_DAY + dt.timedelta(days=62))
    assert VERBS["assess_claim"](one, system()).finding == "filed_late"
    VERBS["refuse_claim"](one, system())
    VERBS["appeal_claim"](one, system())
    actions.grant_appeal(claim_id=one.pk, waive_deadline=True, actor=system(), at=AT)
    assert VERBS["assess_claim"](one, system()).finding == "payable"
    assert VERBS["pay_claim"](one, system()).state == "paid"


def test_the_sixtieth_day_is_in_time() -> None:
    one = claim("received", received_on=CARE_DAY + dt.timedelta(days=60))
    assert VERBS["assess_claim"](one, system()).finding == "payable"


def test_rights_put_right_are_seen_when_assessed_again() -> None:
    one = claim("received", insured=insured(status="suspended"))
    VERBS["assess_claim"](one, system())
    with acting(system(), at=AT):
        RightsPeriod.objects.filter(person=one.insured).update(status="open", reason="paid_up")
    assert VERBS["assess_claim"](one, system()).finding == "payable"


def test_a_payment_undone_can_be_made_again() -> None:
    one = claim("paid")
    VERBS["undo_decision"](one, system())
    undone = Claim.objects.get(pk=one.pk)
    assert (undone.state, undone.paid_on, undone.payment_reference) == ("assessed", None, "")
    assert (undone.finding, undone.reimbursed_centimes) == ("payable", 10_500)
    assert VERBS["pay_claim"](one, system()).state == "paid"


def _child(person: Person, born: dt.date) -> Person:
    with acting(system(), at=AT):
        child = Person.objects.create(
            full_name_latn="AIT LAHCEN Sara", birth_date=born, created_at=AT,
            created_by_id=system().id,
        )  # fmt: skip
        Dependant.objects.create(
            insured=person, person=child, relation="child", state="declared", since=AT.date()
        )
    return child


@pytest.mark.parametrize(
    ("born", "finding"),
    [(dt.date(2015, 3, 1), "payable"), (dt.date(1990, 3, 1), "patient_not_covered")],
)
def test_a_child_s_care(born: dt.date, finding: str) -> None:
    tariffs()
    person = insured()
    child = _child(person, born)
    declared = declare(person, patient_id=child.pk)
    one = Claim.objects.get(pk=declared.claim_id)
    VERBS["receive_claim"](one, system())
    assert VERBS["assess_claim"](one, system()).finding == finding


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"act_code": "NONE"}, "act_not_found"),
        ({"care_on": dt.date(2026, 12, 1)}, "care_in_the_future"),
        ({"care_on": dt.date(2015, 1, 1)}, "act_not_found"),
        ({"paid_centimes": 0}, "amount_not_positive"),
        ({"act_code": "ACC-N"}, "care_not_assessed"),
        ({"illness": "cold"}, "care_not_assessed"),
        ({"documents": -1}, "documents_not_counted"),
        ({"documents": 100}, "documents_not_counted"),
    ],
)
def test_what_cannot_be_declared(asked: dict[str, Any], code: str) -> None:
    tariffs()
    with pytest.raises(DomainError) as refusal:
        declare(insured(), **asked)
    assert refusal.value.code == code
    assert len(refusal.value.sentence()) > 20
    assert not Claim.objects.exists()


def test_a_stranger_is_not_of_the_family() -> None:
    tariffs()
    with pytest.raises(DomainError) as refusal:
        declare(insured(), patient_id=insured(card="JB2").pk)
    assert refusal.value.code == "patient_not_of_family"


def test_a_command_repeated_is_carried_out_once() -> None:
    tariffs()
    person, command = insured(), uuid.uuid4()
    first = declare(person, command_id=command)
    assert declare(person, command_id=command) == first
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("verb", ["refuse_claim", "appeal_claim", "reject_appeal", "undo_decision"])
def test_a_reason_is_needed(verb: str) -> None:
    one = claim(next(iter(states.CLAIM_MOVES[verb])))
    with pytest.raises(DomainError) as refusal:
        getattr(actions, verb)(claim_id=one.pk, reason="  ", actor=system(), at=AT)
    assert refusal.value.code == "reason_missing"


@pytest.mark.parametrize("changes", [{"state": "lost"}, {"state": "paid"}])
def test_the_database_refuses_what_cannot_be(changes: dict[str, Any]) -> None:
    claim("received")
    with pytest.raises(IntegrityError), transaction.atomic(), acting(system(), at=AT):
        Claim.objects.update(**changes)
