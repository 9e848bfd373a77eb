"""The proofs: nothing is found where all is well, and each fault is found by its own proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from tests.care.factories import claim
from tests.contributions.factories import craftworker, pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT, person, places, system

from qafila.care.models import Claim
from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.models.calls_and_ledger import Call, Payment, WorkItem
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation.trail import acting
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Person
from qafila.people.ports import proofs
from qafila.people.proofs import prove_people
from qafila.register.models import Entry

pytestmark = pytest.mark.django_db
Broken = Callable[[], int]


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def _without_guard(statement: str, *params: object) -> None:
    """Write what the database refuses today: what an installation may hold of earlier days."""
    with acting(system(), at=AT), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


def row_on_merged_file() -> int:
    kept, hidden, dependant = person(), person(), member(enrolled().person)
    merge_persons(kept.pk, hidden.pk, evidence={}, actor=system(), at=AT)
    _without_guard(
        "UPDATE enrolment_dependant SET person_id = %s WHERE id = %s", hidden.pk, dependant.pk
    )
    return kept.pk


def card_held_twice() -> int:
    first = person()
    return person(card_number=first.card_number).pk


def own_dependant() -> int:
    one = member(enrolled().person)
    with acting(system(), at=AT):
        Dependant.objects.filter(pk=one.pk).update(person_id=one.insured_id)
    return one.insured_id


def member_declared_twice() -> int:
    one = member(enrolled().person)
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured=one.insured, person=one.person, relation="spouse", state="declared",
            since=AT.date(),
        )  # fmt: skip
    return one.insured_id


def child_of_two_families() -> int:
    one = member(enrolled().person, relation="child")
    other = enrolled().person
    with acting(system(), at=AT):
        Dependant.objects.create(
            insured=other, person=one.person, relation="child", state="declared", since=AT.date()
        )
    return other.pk


def enrolments_undecided() -> int:
    one = craftworker(undecided_since=AT.date())
    return one.person_id


def _died(who: Person) -> int:
    with acting(system(), at=AT):
        LifeEvent.objects.create(person=who, kind="death", since=AT.date(), told_at=AT)
    return who.pk


def dead_but_enrolled() -> int:
    return _died(craftworker().person)


def dead_but_registered() -> int:
    return _died(registered())


def struck_off_but_enrolled() -> int:
    fatima = registered()
    enrolled(fatima)
    with acting(system(), at=AT):
        Entry.objects.filter(person=fatima).update(state="struck_off", struck_off_on=AT.date())
    return fatima.pk


def call_of_another() -> int:
    fatima, other = craftworker(), person()
    run()
    with acting(system(), at=AT):
        Call.objects.filter(enrolment=fatima).update(person=other)
    return fatima.person_id


def money_of_another() -> int:
    fatima, other = craftworker(), craftworker()
    run()
    pay(fatima, 16352)
    with acting(system(), at=AT):
        Payment.objects.update(person_id=other.person_id)
    return other.person_id


def books_unbalanced() -> int:
    fatima = craftworker()
    run()
    _without_guard("UPDATE contributions_ledgerline SET amount_centimes = amount_centimes + 1")
    return fatima.person_id


def care_paid_twice() -> int:
    one = claim("paid")
    again = claim("paid", insured=one.insured, care_on=one.care_on)
    return again.insured_id


def care_claimed_under_two_files() -> int:
    one, other = claim("assessed"), claim("assessed")
    with acting(system(), at=AT):
        both = Person.objects.filter(pk__in=[one.patient_id, other.patient_id])
        both.update(full_name_latn="AIT LAHCEN Fatima", birth_date=dt.date(1980, 5, 1))
    return Claim.objects.get(pk=max(one.pk, other.pk)).insured_id


BROKEN: tuple[Broken, ...] = (
    row_on_merged_file, card_held_twice, own_dependant, member_declared_twice,
    child_of_two_families, enrolments_undecided, dead_but_enrolled, dead_but_registered,
    struck_off_but_enrolled, call_of_another, money_of_another, books_unbalanced, care_paid_twice,
    care_claimed_under_two_files,
)  # fmt: skip


def test_every_proof_is_broken_here() -> None:
    assert {one.__name__ for one in BROKEN} == set(proofs)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: one.__name__)
def test_a_fault_is_found_with_its_person_and_filed(broken: Broken) -> None:
    concerned = broken()
    found = {one.code: one for one in prove_people()}
    told = found[broken.__name__]
    assert told.count >= 1
    assert concerned in {who for who, _ in told.ids}
    assert str(told.remedy)
    find_anomalies(actor=system(), at=AT)
    item = WorkItem.objects.get(kind=broken.__name__, person_id=concerned, state="open")
    assert str(KINDS[item.kind].remedy) == str(told.remedy)


def test_nothing_is_found_where_all_is_well() -> None:
    fatima = craftworker()
    run()
    pay(fatima, 20000)
    merge_persons(fatima.person_id, registered().pk, evidence={}, actor=system(), at=AT)
    assert {one.code: one.count for one in prove_people()} == dict.fromkeys(proofs, 0)
    assert Enrolment.objects.count() == 1
    assert dt.date(2026, 1, 1) == fatima.effective_from
