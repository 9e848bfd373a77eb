"""Those who pay with the tax: called by the month, due by the quarter, exact over a part year."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, system

import qafila_law
from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.queries import work_queue
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.ledger.law_facts import law_months
from qafila.contributions.models.calls_and_ledger import Call
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db


def run_months(first: int, last: int) -> None:
    for month in range(first, last + 1):
        run(dt.date(2026, month, 1))


@pytest.mark.parametrize(
    ("category", "tax", "due"),
    [
        ("cpu", 640, dt.date(2026, 3, 31)),
        ("cpu", 60_000, dt.date(2026, 3, 31)),
        ("auto_entrepreneur", 0, dt.date(2026, 4, 30)),
        ("auto_entrepreneur", 3_000, dt.date(2026, 4, 30)),
    ],
)
def test_three_months_are_the_quarter_of_the_law(category: str, tax: int, due: dt.date) -> None:
    enrolled(category=category, annual_tax_dh=tax)
    run_months(1, 3)
    law = qafila_law.monthly_amount(category, dt.date(2026, 1, 1), annual_tax=tax)
    calls = Call.objects.all()
    assert sum(call.amount_centimes for call in calls) == law.quarterly_centimes
    assert {call.due_on for call in calls} == {due}


def test_a_part_year_owes_its_months_out_of_twelve() -> None:
    enrolled(category="cpu", annual_tax_dh=640, effective_from=dt.date(2026, 5, 1))
    run_months(4, 11)
    # 427 DH of tax in 8 months are 640 DH in a year: 8/12 of the yearly duty are owed, less the
    # month of December, which is not called yet.
    law = qafila_law.monthly_amount("cpu", dt.date(2026, 5, 1), annual_tax=427, months_active=8)
    called = sum(Call.objects.values_list("amount_centimes", flat=True))
    assert law.yearly_centimes == 104_000
    assert called + law.monthly_centimes == law.yearly_centimes


def test_an_activity_that_ended_owes_up_to_its_last_month() -> None:
    hassan = enrolled(category="cpu", annual_tax_dh=640)
    run_months(1, 3)
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=hassan.pk).update(state="closed", closed_on=dt.date(2026, 3, 1))
    outcome = post_corrections(actor=system(), at=AT)
    assert (outcome.lowered, outcome.lowered_centimes) == (1, 13000)
    assert [call.month.month for call in law_months(hassan.person_id)] == [1, 2]


def test_a_tax_that_is_not_known_is_parked_and_called_once_known() -> None:
    hassan = enrolled(category="auto_entrepreneur")
    assert run(dt.date(2026, 10, 1)).parked == 1
    (item,) = work_queue(scope=WHOLE_COUNTRY, kind="missing_fact")
    assert item.enrolment_id == hassan.pk
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=hassan.pk).update(annual_tax_dh=0)
    assert post_corrections(actor=system(), at=AT).raised_centimes == 10_000
    find_anomalies(actor=system(), at=AT)
    assert work_queue(scope=WHOLE_COUNTRY, kind="missing_fact") == []
