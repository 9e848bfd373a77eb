"""Years paid with the tax that are called at once, and those called month by month."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import pay, run
from tests.contributions.year_steps import (
    JANUARY,
    LATER,
    correct,
    cpu,
    months,
    standing,
    yearly,
)
from tests.enrolment.factories import enrolled
from tests.register.factories import system

import qafila_law
from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.queries import work_queue
from qafila.contributions.corrections.corrections import (
    post_corrections,
)
from qafila.contributions.ledger.law_facts import law_months
from qafila.contributions.models.calls_and_ledger import (
    Call,
)
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db


def test_a_year_of_cpu_paid_at_once_is_called_whole_by_its_first_run() -> None:
    hassan, salem = cpu(), cpu()
    yearly(hassan)
    outcome = run(dt.date(2025, 1, 1), at=JANUARY)
    assert (outcome.calls, outcome.total_centimes) == (13, 13 * 13_000)
    calls = Call.objects.filter(enrolment=hassan)
    assert {call.due_on for call in calls} == {dt.date(2025, 3, 31)}
    assert [call.month.month for call in calls.order_by("month")] == list(range(1, 13))
    law = qafila_law.monthly_amount("cpu", dt.date(2025, 1, 1), annual_tax=640)
    assert standing(hassan) == law.yearly_centimes
    months(2)
    assert Call.objects.filter(enrolment=hassan).count() == 12
    assert Call.objects.filter(enrolment=salem).count() == 12
    assert Call.objects.get(enrolment=salem, month=dt.date(2025, 7, 1)).due_on == dt.date(
        2025, 9, 30
    )


def test_a_year_of_an_auto_entrepreneur_is_called_by_the_month_and_due_after_it() -> None:
    hassan = cpu(category="auto_entrepreneur")
    yearly(hassan)
    months(1, 2)
    calls = Call.objects.filter(enrolment=hassan)
    assert {call.due_on for call in calls} == {dt.date(2026, 1, 31)}
    assert calls.count() == 2


def test_a_yearly_payer_who_stops_is_called_for_nothing_later() -> None:
    hassan = cpu()
    yearly(hassan)
    months(1, 2)
    pay(hassan, 12 * 13_000, dt.date(2025, 3, 1), at=dt.datetime(2025, 3, 2, 9, tzinfo=dt.UTC))
    with acting(system(), at=LATER):
        Enrolment.objects.filter(pk=hassan.pk).update(state="closed", closed_on=dt.date(2025, 7, 1))
    outcome = post_corrections(actor=system(), at=dt.datetime(2025, 6, 3, tzinfo=dt.UTC))
    assert (outcome.lowered, outcome.lowered_centimes) == (6, 6 * 13_000)
    assert [call.month.month for call in law_months(hassan.person_id)] == [1, 2, 3, 4, 5, 6]
    assert all(call.settled for call in law_months(hassan.person_id))
    assert correct().lowered == 0


def test_others_are_not_called_ahead_by_corrections() -> None:
    hassan, salem = cpu(), cpu()
    yearly(hassan)
    months(1, 1)
    assert correct().raised == 0
    assert Call.objects.filter(enrolment=salem).count() == 1


def test_someone_with_two_activities_is_called_month_by_month() -> None:
    hassan = cpu()
    enrolled(hassan.person, effective_from=dt.date(2025, 1, 1))
    yearly(hassan)
    assert run(dt.date(2025, 1, 1), at=JANUARY).calls == 1


def test_a_year_called_ahead_is_posted_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hassan = cpu()
    yearly(hassan)

    def cut_short(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("qafila.contributions.calls.month_runs.runs.settle_range", cut_short)
        with pytest.raises(KeyboardInterrupt):
            run(dt.date(2025, 1, 1), at=JANUARY)
    assert not Call.objects.exists()
    run(dt.date(2025, 1, 1), at=JANUARY)
    run(dt.date(2025, 1, 1), at=JANUARY)
    assert Call.objects.count() == 12


def test_a_yearly_payer_is_not_taken_for_one_who_never_paid_before_the_months_came() -> None:
    hassan = cpu()
    yearly(hassan)
    months(1, 1)
    find_anomalies(actor=system(), at=JANUARY)
    assert work_queue(scope=WHOLE_COUNTRY, kind="never_paid") == []
