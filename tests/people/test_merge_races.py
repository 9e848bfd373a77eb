"""A merge beside other work on the same two files: nothing is lost from sight."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.books import require_agreement
from tests.care.factories import tariffs
from tests.contributions.factories import NOVEMBER, craftworker, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, places, system

from qafila.care.claims.actions import declare_claim
from qafila.care.models import Claim
from qafila.contributions.models.calls_and_ledger import Call, Payment
from qafila.enrolment.family.family import Relative, declare_dependant
from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.errors import DomainError
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.moving import rows_pointing_at
from qafila.people.merging.references import hanging_tables
from qafila.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)
RACES = 6
"""Of each kind: thirty in all."""
Act = Callable[[Enrolment, Enrolment], object]


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def _pay(kept: Enrolment, absorbed: Enrolment) -> object:
    return pay(absorbed, 16352)


def _call(kept: Enrolment, absorbed: Enrolment) -> object:
    return run(NOVEMBER)


def _child(kept: Enrolment, absorbed: Enrolment) -> object:
    child = Relative(full_name_latn="AIT LAHCEN Sara", sex="F", birth_date=dt.date(2020, 1, 1))
    return declare_dependant(
        insured_id=absorbed.person_id, relation="child", relative=child, actor=system(), at=AT
    )


def _claim(kept: Enrolment, absorbed: Enrolment) -> object:
    return declare_claim(
        insured_id=absorbed.person_id, act_code="C", care_on=dt.date(2026, 11, 2),
        paid_centimes=8_000, actor=system(), at=AT,
    )  # fmt: skip


def _merge_back(kept: Enrolment, absorbed: Enrolment) -> object:
    return merge_persons(absorbed.person_id, kept.person_id, evidence={}, actor=system(), at=AT)


@pytest.mark.parametrize("act", [_pay, _call, _child, _claim, _merge_back])
def test_a_race_leaves_nothing_on_a_hidden_file(act: Act) -> None:
    system()
    tariffs()
    pairs = [(craftworker(), craftworker()) for _ in range(RACES)]
    for kept, absorbed in pairs:
        start = threading.Barrier(2)
        with ThreadPoolExecutor(2) as threads:
            both = [
                threads.submit(_told, start, _merge, kept, absorbed),
                threads.submit(_told, start, act, kept, absorbed),
            ]
            refused = [one.result() for one in both]
        assert "ok" in refused
        # Two that lock the same rows again and again: one is asked to try once more.
        known = ("ok", "file_merged", "already_merged", "someone_else_acted")
        assert not [one for one in refused if one not in known]
    _require_nothing_hidden()


def _merge(kept: Enrolment, absorbed: Enrolment) -> object:
    return merge_persons(kept.person_id, absorbed.person_id, evidence={}, actor=system(), at=AT)


def _told(start: threading.Barrier, act: Act, kept: Enrolment, absorbed: Enrolment) -> str:
    """What became of it: "ok", or the code of a refusal; any other error fails the test."""
    try:
        start.wait()
        act(kept, absorbed)
        return "ok"
    except DomainError as refusal:
        return refusal.code
    finally:
        connection.close()


def _require_nothing_hidden() -> None:
    hidden = list(Person.objects.filter(state="merged").values_list("pk", flat=True))
    for table in hanging_tables():
        for one in hidden:
            assert rows_pointing_at(table, one) == [], table.name
    for call in Call.objects.select_related("enrolment"):
        assert call.person_id == call.enrolment.person_id
    assert Payment.objects.filter(person__state="merged").count() == 0
    assert Dependant.objects.filter(insured__state="merged").count() == 0
    assert Claim.objects.filter(insured__state="merged").count() == 0
    require_agreement()
    assert person().state == "active"


def test_two_who_write_one_new_card_at_once_make_one_file() -> None:
    system()
    wife = Relative("", "Khadija Bennani", "F", dt.date(1985, 4, 4), "JC889977")
    husbands = [enrolled(person(sex="M")).person_id for _ in range(2)]
    start = threading.Barrier(2)

    def declare(insured: int) -> str:
        start.wait(10)
        try:
            return declare_dependant(
                insured_id=insured, relation="spouse", relative=wife, actor=system(), at=AT
            ).state
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        told = [threads.submit(declare, insured) for insured in husbands]
        assert sorted(one.result() for one in told) == ["declared", "spouse_of_another"]
    assert Person.objects.filter(card_number="JC889977").count() == 1
    assert Dependant.objects.filter(state="declared").count() == 1
