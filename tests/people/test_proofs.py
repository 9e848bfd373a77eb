"""The proofs: nothing is found where all is well, and each fault is found by its own proof."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.people.faults import BROKEN, Broken
from tests.register.factories import AT, places, system

from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.models.calls_and_ledger import WorkItem
from qafila.enrolment.models import Enrolment
from qafila.people.merging.merging import merge_persons
from qafila.people.ports import proofs
from qafila.people.proofs import prove_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


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
    fatima = enrolled(registered())
    member(fatima.person)
    run()
    pay(fatima, 20000)
    merge_persons(fatima.person_id, registered().pk, evidence={}, actor=system(), at=AT)
    assert {one.code: one.count for one in prove_people()} == dict.fromkeys(proofs, 0)
    assert Enrolment.objects.count() == 1
    assert dt.date(2026, 1, 1) == fatima.effective_from
