"""Arrears paid in instalments: agreed on what is overdue, kept, broken, ended."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.register.factories import AT, agent, system

from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.plan_queries import Plan, instalments_standing, plan_of
from qafila.contributions.arrears.plan_terms import parts_of
from qafila.contributions.arrears.plans import (
    PlanOutcome,
    PlansReviewed,
    agree_plan,
    end_plan,
    review_plans,
)
from qafila.contributions.errors import NothingOverdue, PlanNotPossible, PlanUnderWay
from qafila.contributions.models.calls_and_ledger import WorkItem
from qafila.contributions.models.plans import InstalmentPlan, PlanInstalment
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope, SomeoneElseActed

TODAY = AT.date()
FIRST_DAY = dt.date(2026, 12, 15)
database = pytest.mark.django_db


def liaison() -> Actor:
    return agent(Role.FUND_LIAISON, provinces=("09.001",))


def owing(months: int = 4) -> Enrolment:
    """Fatima, who owes months up to September, all overdue, and October, due on 30 November."""
    fatima = in_arrears(months)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    return fatima


def agree(fatima: Enrolment, parts: int = 3, **terms: object) -> PlanOutcome:
    facts = {"first_due_on": FIRST_DAY, "actor": liaison(), "at": AT, **terms}
    return agree_plan(fatima.person_id, instalments=parts, **facts)  # type: ignore[arg-type]


def told(fatima: Enrolment, on: dt.date = TODAY) -> Plan:
    plan = plan_of(fatima.person_id, on=on, scope=WHOLE_COUNTRY)
    assert plan is not None
    return plan


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC)


@given(total=st.integers(24, 10**9), count=st.integers(2, 24), day=st.dates(dt.date(2024, 1, 1)))
def test_parts_add_up_and_only_the_last_differs(total: int, count: int, day: dt.date) -> None:
    day = min(day, dt.date(9000, 1, 1))
    parts = parts_of(total, count, day)
    assert sum(amount for _, amount in parts) == total
    assert {amount for _, amount in parts[:-1]} == {total // count}
    assert parts[-1][1] >= total // count > 0
    months = [due.year * 12 + due.month for due, _ in parts]
    assert months == list(range(months[0], months[0] + count))
    assert parts[0][0] == day


@given(paid=st.integers(0, 400), days=st.integers(-40, 120))
def test_money_fills_the_earliest_part_first(paid: int, days: int) -> None:
    rows = [(n, dt.date(2026, 1, 15) + dt.timedelta(days=30 * n), 100) for n in range(4)]
    standing = instalments_standing(rows, paid, dt.date(2026, 1, 15) + dt.timedelta(days=days))
    assert sum(100 - part.left_centimes for part in standing) == paid
    states = [part.state for part in standing]
    assert states == sorted(states, key=("kept", "missed", "due").index)
    assert states.count("kept") == paid // 100


@database
def test_a_plan_covers_what_is_overdue_on_its_day() -> None:
    fatima = owing(4)
    made = agree(fatima)
    assert made.total_centimes == 3 * 16352
    assert (made.first_due_on, made.last_due_on) == (FIRST_DAY, dt.date(2027, 2, 15))
    plan = told(fatima)
    assert (plan.state, plan.paid_centimes, len(plan.instalments)) == ("running", 0, 3)
    assert plan.next_instalment == plan.instalments[0]
    assert [part.amount_centimes for part in plan.instalments] == [16352] * 3


@database
def test_payments_keep_a_plan_and_leave_the_rest_to_the_months_after() -> None:
    fatima = owing(4)
    agree(fatima)
    pay(fatima, 20000, TODAY)
    plan = told(fatima)
    assert plan.paid_centimes == 20000
    assert [part.state for part in plan.instalments] == ["kept", "due", "due"]
    assert plan.instalments[1].left_centimes == 2 * 16352 - 20000
    pay(fatima, 40000, TODAY)
    assert told(fatima).state == "kept"
    assert review_plans(actor=system(), at=AT) == PlansReviewed(1, 0, 0)
    assert InstalmentPlan.objects.get().state == "kept"
    assert review_plans(actor=system(), at=AT) == PlansReviewed(0, 0, 0)


@database
def test_a_missed_instalment_breaks_the_plan_and_is_put_in_the_queue() -> None:
    fatima = owing(4)
    agree(fatima)
    in_time, late = FIRST_DAY + dt.timedelta(days=5), FIRST_DAY + dt.timedelta(days=6)
    assert told(fatima, in_time).state == "running"
    find_anomalies(actor=system(), at=moment(in_time))
    assert InstalmentPlan.objects.get().state == "running"
    assert told(fatima, late).state == "broken"
    find_anomalies(actor=system(), at=moment(late))
    item = WorkItem.objects.get(kind="plan_broken")
    assert (item.state, item.person_id) == ("open", fatima.person_id)
    assert told(fatima, late).instalments[0].state == "missed"
    agree(fatima, at=moment(late), first_due_on=dt.date(2027, 1, 15))
    find_anomalies(actor=system(), at=moment(late))
    item.refresh_from_db()
    assert item.state == "gone"


@database
def test_a_payment_taken_back_opens_its_instalment_again() -> None:
    fatima = owing(4)
    agree(fatima)
    paid = pay(fatima, 16352, TODAY)
    assert told(fatima).instalments[0].state == "kept"
    reverse_payment(paid.payment_id, reason="No funds", on=TODAY, actor=system(), at=AT)
    assert told(fatima).instalments[0].state == "due"


@database
def test_a_plan_is_ended_once_with_a_reason_and_another_may_follow() -> None:
    fatima = owing(4)
    made = agree(fatima)
    with pytest.raises(PlanUnderWay):
        agree(fatima)
    with pytest.raises(PlanNotPossible) as refusal:
        end_plan(made.plan_id, reason="  ", actor=liaison(), at=AT)
    assert "why the plan ends" in refusal.value.sentence()
    end_plan(made.plan_id, reason="Paid by the family.", actor=liaison(), at=AT)
    plan = told(fatima)
    assert (plan.state, plan.reason, plan.ended_on) == ("ended", "Paid by the family.", TODAY)
    with pytest.raises(SomeoneElseActed):
        end_plan(made.plan_id, reason="Again", actor=liaison(), at=AT)
    assert agree(fatima).plan_id != made.plan_id


@database
def test_a_command_repeated_agrees_once() -> None:
    fatima, command, actor = owing(4), uuid.uuid4(), liaison()
    first = agree(fatima, command_id=command, actor=actor)
    assert agree(fatima, command_id=command, actor=actor) == first
    assert PlanInstalment.objects.count() == 3


@database
@pytest.mark.parametrize(
    ("parts", "terms", "words"),
    [
        (1, {}, "between 2 and 24"),
        (25, {}, "between 2 and 24"),
        (3, {"first_due_on": dt.date(2026, 11, 21)}, "between 2026-11-22 and 2027-01-23"),
        (3, {"first_due_on": dt.date(2027, 1, 24)}, "between 2026-11-22 and 2027-01-23"),
    ],
)
def test_impossible_terms_are_refused_with_what_is_possible(
    parts: int, terms: dict[str, object], words: str
) -> None:
    fatima = owing(4)
    with pytest.raises(PlanNotPossible) as refusal:
        agree(fatima, parts, **terms)
    assert words in refusal.value.sentence()
    assert not InstalmentPlan.objects.exists()


@database
def test_nothing_overdue_needs_no_plan() -> None:
    fatima = craftworker()
    run()
    with pytest.raises(NothingOverdue):
        agree(fatima)
    assert plan_of(fatima.person_id, on=TODAY, scope=WHOLE_COUNTRY) is None


@database
def test_who_may_agree_and_see() -> None:
    fatima = owing(4)
    for role in (Role.COUNTER_AGENT, Role.CHAMBER_STAFF, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            agree(fatima, actor=agent(role, provinces=("09.001",)))
    elsewhere = agent(Role.FUND_LIAISON, provinces=("06.141",))
    with pytest.raises(NotFoundInScope):
        agree(fatima, actor=elsewhere)
    made = agree(fatima)
    with pytest.raises(NotFoundInScope):
        end_plan(made.plan_id, reason="-", actor=elsewhere, at=AT)
    with pytest.raises(NotFoundInScope):
        end_plan(10**9, reason="-", actor=liaison(), at=AT)
    with pytest.raises(NotFoundInScope):
        plan_of(fatima.person_id, scope=Scope(province_codes=frozenset({"06.141"})))
    with pytest.raises(NotAllowed):
        review_plans(actor=agent(Role.COUNTER_AGENT, national=True), at=AT)
