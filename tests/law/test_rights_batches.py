"""Rights of many people at once are the rights of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qafila_law import (
    Call,
    Enrolment,
    Excuse,
    ExcuseKind,
    ReliefCourse,
    RightsFacts,
    RightsPeriod,
    Status,
    rights,
    rights_batch,
    rights_on,
    rights_periods,
)
from qafila_law.months import months_later
from qafila_law.parameter_tree import Change, reading
from qafila_law.reforms.readings import READINGS, under
from qafila_law.rights.rights import UNPAID_LIMIT

FIRST, LAST = date(2021, 12, 1), date(2027, 6, 30)
days = st.dates(FIRST, LAST)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Call, ...]:
    """Consecutive months, each paid early, late, in part or never; some of nothing."""
    start = draw(days).replace(day=1)
    found = []
    for place in range(draw(st.integers(0, 14))):
        month = months_later(start, place)
        due_on = months_later(month, 2) - timedelta(days=1)
        amount = draw(st.sampled_from([16_352, 16_352, 16_352, 0]))
        paid = draw(st.sampled_from([amount, amount, amount // 2, 0]))
        paid_on = due_on + timedelta(days=draw(st.integers(-40, 200))) if paid else None
        found.append(Call(month, due_on, amount, paid, paid_on))
    return tuple(found)


@st.composite
def histories(draw: st.DrawFn) -> RightsFacts:
    """Stretches of activity, calls, relief kept or lost, and sometimes a death."""
    enrolments = []
    for _ in range(draw(st.integers(0, 3))):
        first = draw(days).replace(day=1)
        length = draw(st.none() | st.integers(-20, 900))
        ended = None if length is None else first + timedelta(days=length)
        enrolments.append(Enrolment(first, ended))
    started = draw(st.none() | st.dates(date(2024, 1, 1), date(2024, 4, 30)))
    lost = draw(st.none() | st.integers(1, 400))
    lost_on = started + timedelta(days=lost) if started and lost else None
    relief = ReliefCourse(started, lost_on) if started else None
    excuses = []
    for _ in range(draw(st.integers(0, 1))):
        since, length = draw(days), draw(st.none() | st.integers(1, 300))
        until = None if length is None else since + timedelta(days=length)
        excuses.append(Excuse(draw(st.sampled_from(ExcuseKind)), since, until))
    died = draw(st.none() | days)
    return RightsFacts(tuple(enrolments), draw(calls()), relief, died, tuple(excuses))


DAY = pa.date32()
ENROLMENTS = pa.schema({"insured": pa.int64(), "first_month": DAY, "ended_on": DAY})
CALLS = pa.schema(
    {"insured": pa.int64(), "month": DAY, "due_on": DAY, "settled_on": DAY,
     "amount_centimes": pa.int64()}
)  # fmt: skip
RELIEF = pa.schema({"insured": pa.int64(), "first_payment_on": DAY, "lost_on": DAY})
EXCUSES = pa.schema({"insured": pa.int64(), "kind": pa.string(), "since": DAY, "until": DAY})
DEATHS = pa.schema({"insured": pa.int64(), "deceased_on": DAY})


def batch_of(people_facts: list[RightsFacts], step: int = 7) -> pa.Table:
    """The columns of these histories; the insured are numbered from 100 by `step`"""
    people = [(100 + step * place, facts) for place, facts in enumerate(people_facts)]
    enrolments: list[dict[str, Any]] = [
        {"insured": who, "first_month": one.first_month, "ended_on": one.ended_on}
        for who, facts in people
        for one in facts.enrolments
    ]
    calls: list[dict[str, Any]] = [
        {"insured": who, "month": call.month, "due_on": call.due_on,
         "settled_on": call.settled_on, "amount_centimes": call.amount_centimes}
        for who, facts in people
        for call in facts.calls
    ]  # fmt: skip
    relief = [
        {"insured": who, "first_payment_on": facts.relief.first_payment_on,
         "lost_on": facts.relief.lost_on}
        for who, facts in people
        if facts.relief
    ]  # fmt: skip
    deaths = [
        {"insured": who, "deceased_on": facts.deceased_on}
        for who, facts in people
        if facts.deceased_on
    ]
    excuses = [
        {"insured": who, "kind": one.kind.value, "since": one.since, "until": one.until}
        for who, facts in people
        for one in facts.excuses
    ]
    return rights_batch(
        pa.Table.from_pylist(enrolments, schema=ENROLMENTS),
        pa.Table.from_pylist(calls, schema=CALLS),
        relief=pa.Table.from_pylist(relief, schema=RELIEF),
        deaths=pa.Table.from_pylist(deaths, schema=DEATHS),
        excuses=pa.Table.from_pylist(excuses, schema=EXCUSES),
    )


@settings(max_examples=200, deadline=None)
@given(lives=st.lists(histories(), max_size=6), step=st.sampled_from([1, 7]))
def test_periods_of_the_batch_are_those_of_each_person(lives: list[RightsFacts], step: int) -> None:
    assert_batch_equals_each(lives, step)


def assert_batch_equals_each(lives: list[RightsFacts], step: int = 7) -> None:
    answer: dict[int, list[RightsPeriod]] = {}
    for row in batch_of(lives, step).to_pylist():
        period = RightsPeriod(Status(row["status"]), row["reason"], row["since"], row["until"])
        answer.setdefault(row["insured"], []).append(period)
    for place, facts in enumerate(lives):
        assert tuple(answer.get(100 + step * place, ())) == rights_periods(facts)


@settings(max_examples=150, deadline=None)
@given(history=histories(), on=days)
def test_the_answer_on_a_day_is_the_period_of_that_day(history: RightsFacts, on: date) -> None:
    one = rights(history, on)
    held = rights_on(batch_of([history]), on).to_pylist()
    if one.status is Status.NONE:
        assert held == []
    else:
        assert [(held[0]["status"], held[0]["reason"], held[0]["since"], held[0]["until"])] == [
            (one.status.value, one.reason, one.since, one.until)
        ]


def test_nobody_enrolled_gives_no_period() -> None:
    assert batch_of([]).num_rows == 0
    assert batch_of([RightsFacts()]).num_rows == 0


@pytest.fixture
def limit_raised_in_2026() -> Iterator[None]:
    """The law as if three months, no longer one, suspended from 1 March 2026 on."""
    change = Change(UNPAID_LIMIT, ((date(2017, 6, 23), 1), (date(2026, 3, 1), 3)))
    with reading((change,)):
        yield


@pytest.mark.parametrize("name", READINGS)
@settings(max_examples=40, deadline=None)
@given(lives=st.lists(histories(), max_size=4))
def test_the_batch_follows_every_other_reading(name: str, lives: list[RightsFacts]) -> None:
    with under(name):
        assert_batch_equals_each(lives)


@pytest.mark.usefixtures("limit_raised_in_2026")
def test_a_change_of_the_law_opens_and_closes_rights_on_its_day() -> None:
    waited = (
        Call(month, date(2025, 12, 31), 1, 1, date(2025, 10, 1))
        for month in (date(2025, 9, 1), date(2025, 10, 1), date(2025, 11, 1))
    )
    calls = (*waited, Call(date(2025, 12, 1), date(2026, 1, 31), 1))
    facts = RightsFacts((Enrolment(date(2025, 9, 1)),), calls)
    assert [(period.reason, period.since) for period in rights_periods(facts)][2:] == [
        ("unpaid_months", date(2026, 2, 1)),
        ("paid_up", date(2026, 3, 1)),
    ]


@pytest.mark.usefixtures("limit_raised_in_2026")
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lives=st.lists(histories(), max_size=4))
def test_the_batch_follows_a_change_of_the_law(lives: list[RightsFacts]) -> None:
    assert_batch_equals_each(lives)
