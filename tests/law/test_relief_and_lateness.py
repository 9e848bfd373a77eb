"""Law 41-23, penalties, due days and the waiting period."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila_law import (
    Call,
    Enrolment,
    LawError,
    RightsFacts,
    allocation_order,
    due_date,
    explain,
    instalments_reopen_rights,
    late_filing_penalty,
    penalty,
    relief,
    rights,
    waiting_months,
)  # fmt: skip
from qafila_law.money import centimes_of
from qafila_law.months import months_later
from qafila_law.reforms.readings import under


def history(unpaid: int, first_paid_on: date | None, regular: int = 12) -> list[Call]:
    """`unpaid` months up to November 2023, then December 2023 paid on a day, then paid in time."""
    calls = []
    for place in range(unpaid):
        month = months_later(date(2023, 11, 1), -place)
        calls.append(Call(month, due_date(month, "craftworker"), 14_865))
    december = date(2023, 12, 1)
    paid = 14_865 if first_paid_on else 0
    calls.append(Call(december, due_date(december, "craftworker"), 14_865, paid, first_paid_on))
    start = first_paid_on or date(2024, 1, 1)
    for place in range(12):
        month = months_later(start.replace(day=1), 1 + place)
        due = due_date(month, "craftworker")
        kept = place < regular
        calls.append(Call(month, due, 14_865, 14_865 if kept else 0, due if kept else None))
    return calls


def test_relief_runs_twelve_regular_months_then_erases() -> None:
    calls = history(5, date(2024, 1, 20))
    running = relief(calls, date(2024, 8, 15))
    assert (running.status, running.regular_months, running.needed_months) == ("running", 5, 12)
    assert running.arrears_centimes == 5 * 14_865
    assert running.rights_from == date(2024, 5, 1)
    erased = relief(calls, date(2025, 3, 1))
    assert (erased.status, erased.erased_on) == ("erased", date(2025, 2, 28))
    assert erased.course is not None
    assert erased.course.lost_on is None


def by_quarter(calls: list[Call]) -> list[Call]:
    """The same months called three at a time, each quarter whole."""
    return [
        Call(
            first.month, last.due_on, sum(one.amount_centimes for one in (first, middle, last)),
            sum(one.paid_centimes for one in (first, middle, last)), last.paid_on, months=3,
        )
        for first, middle, last in zip(calls[::3], calls[1::3], calls[2::3], strict=True)
    ]  # fmt: skip


def test_a_quarter_counts_as_three_months() -> None:
    january = date(2023, 1, 1)
    months = [
        Call(month, due_date(month, "cpu"), 13_000)
        for month in (months_later(january, place) for place in range(9))
    ]
    for unpaid, status in (
        (months[:3], "possible"),
        (months, "possible"),
        (months[:2], "not_concerned"),
    ):
        assert relief(unpaid, date(2024, 1, 10)).status == status
    quarters = by_quarter(months)
    assert relief(quarters[:1], date(2024, 1, 10)).status == "possible"
    assert relief(quarters, date(2024, 1, 10)) == relief(months, date(2024, 1, 10))
    assert relief(quarters, date(2024, 1, 10)).unpaid_months == 9


def test_four_quarters_paid_in_time_are_twelve_regular_months() -> None:
    """All of 2023 unpaid but December, paid in January 2024; then each quarter in time."""
    months = []
    for place in range(12 + 15):
        month = months_later(date(2023, 1, 1), place)
        due = due_date(month, "cpu")
        paid_on = date(2024, 1, 10) if place == 11 else due if place > 11 else None
        paid = 13_000 if paid_on else 0
        months.append(Call(month, due, 13_000, paid, paid_on))
    quarters = by_quarter(months[12:])
    by_months, by_quarters = (
        relief([*months[:12], *rest], date(2025, 6, 1)) for rest in (months[12:], quarters)
    )
    assert by_months == by_quarters
    assert (by_quarters.status, by_quarters.regular_months) == ("erased", 12)


@given(amount=st.integers(0, 10**7), paid=st.integers(0, 10**7), months=st.sampled_from([1, 3, 12]))
def test_a_call_by_month_loses_no_centime(amount: int, paid: int, months: int) -> None:
    paid = min(amount, paid)
    call = Call(date(2026, 1, 1), date(2026, 3, 31), amount, paid, date(2026, 2, 1), months)
    parts = call.by_month()
    assert sum(part.amount_centimes for part in parts) == amount
    assert sum(part.paid_centimes for part in parts) == paid
    assert [part.month for part in parts] == [
        months_later(call.month, place) for place in range(months)
    ]
    settled = [part.settled for part in parts if part.amount_centimes]
    assert settled == sorted(settled, reverse=True)


def test_a_quarter_unpaid_is_three_months_unpaid() -> None:
    entered = Enrolment(date(2025, 1, 1))
    calls = [
        Call(month, due_date(month, "cpu"), 10_000)
        for month in (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    ]
    answers = [
        rights(RightsFacts((entered,), tuple(told)), date(2026, 5, 1))
        for told in (calls, by_quarter(calls))
    ]
    assert answers[0] == answers[1]
    assert (answers[1].overdue_months, answers[1].overdue_centimes) == (3, 30_000)


def test_the_order_of_settlement_and_instalments_are_dated_rules() -> None:
    assert allocation_order(date(2026, 11, 22)) == "oldest_due_first"
    assert instalments_reopen_rights(date(2026, 11, 22)) is False
    with pytest.raises(LawError):
        allocation_order(date(2020, 1, 1))


def test_relief_is_lost_the_day_after_a_month_is_missed() -> None:
    calls = history(3, date(2024, 4, 30), regular=4)
    # May to August 2024 paid in time; September, due on 31 October, is not
    assert relief(calls, date(2024, 10, 31)).status == "running"
    lost = relief(calls, date(2024, 11, 1))
    assert (lost.status, lost.lost_on, lost.regular_months) == ("lost", date(2024, 11, 1), 4)
    assert lost.course is not None
    assert lost.course.lost_on == date(2024, 11, 1)


@pytest.mark.parametrize(
    ("unpaid", "first_paid_on", "on", "status"),
    [
        (2, date(2024, 1, 20), date(2024, 2, 1), "not_concerned"),
        (3, None, date(2023, 12, 3), "not_yet"),
        (3, None, date(2024, 4, 30), "possible"),
        (3, None, date(2024, 5, 1), "expired"),
        (3, date(2023, 12, 31), date(2024, 5, 1), "expired"),
        (3, date(2024, 5, 1), date(2024, 6, 1), "expired"),
        (3, date(2024, 4, 30), date(2024, 5, 1), "running"),
    ],
)
def test_who_may_have_relief(
    unpaid: int, first_paid_on: date | None, on: date, status: str
) -> None:
    answer = relief(history(unpaid, first_paid_on, regular=0), on)
    assert answer.status == status
    for language in ("ar", "fr", "zgh", "en"):
        assert len(explain(answer.steps, language)) == len(answer.steps) >= 2


@pytest.mark.parametrize(
    ("on", "months", "centimes"),
    [
        (date(2026, 2, 28), 0, 0),
        (date(2026, 3, 1), 1, 164),  # 163.52 × 1 % = 1.6352
        (date(2026, 3, 28), 1, 164),
        (date(2026, 3, 31), 1, 164),  # a whole month, from end of month to end of month
        (date(2026, 4, 1), 2, 327),  # 163.52 × 1 % × 2 = 3.2704
        (date(2027, 2, 28), 12, 1_962),  # 163.52 × 1 % × 12 = 19.6224
    ],
)
def test_one_percent_a_month_on_the_fund_side(on: date, months: int, centimes: int) -> None:
    answer = penalty(16_352, date(2026, 2, 28), on)
    assert (answer.months_late, answer.penalty_centimes) == (months, centimes)


@pytest.mark.parametrize(
    ("days", "months", "centimes"),
    [
        (1, 1, 3_900),  # 390 × (5 % + 5 %)
        (30, 1, 3_900),
        (31, 2, 6_045),  # 1 May: 390 × (10 % + 5 % + 0.5 %)
        (91, 3, 6_240),  # 390 × (10 % + 5 % + 2 × 0.5 %)
    ],
)
def test_the_tax_side_has_its_own_rule(days: int, months: int, centimes: int) -> None:
    due = date(2026, 3, 31)
    answer = penalty(39_000, due, due + timedelta(days=days), side="tax")
    assert (answer.months_late, answer.penalty_centimes) == (months, centimes)


def test_late_filing_has_a_minimum() -> None:
    due = date(2026, 3, 31)
    assert late_filing_penalty(64_000, due, date(2026, 4, 30)).penalty_centimes == 50_000
    big = late_filing_penalty(10_000_000, due, date(2026, 5, 1))
    assert big.penalty_centimes == 1_500_000  # 15 %
    assert late_filing_penalty(10_000_000, due, due, assessed=True).penalty_centimes == 2_000_000
    assert late_filing_penalty(10_000_000, due, due).penalty_centimes == 0


@pytest.mark.parametrize(("amount", "side"), [(-1, "fund"), (-1, "tax"), (1, "both")])
def test_penalties_refused(amount: int, side: str) -> None:
    with pytest.raises(LawError):
        penalty(amount, date(2026, 1, 31), date(2026, 2, 1), side)


@pytest.mark.parametrize(
    ("month", "category", "periodicity", "day"),
    [
        ("2026-01", "craftworker", "quarterly", "2026-02-28"),
        ("2025-12", "accounts", "quarterly", "2026-01-31"),
        ("2026-02", "cpu", "quarterly", "2026-03-31"),
        ("2026-12", "cpu", "quarterly", "2026-12-31"),
        ("2026-10", "cpu", "yearly", "2026-03-31"),
        ("2026-02", "auto-entrepreneur", "quarterly", "2026-04-30"),
        ("2026-02", "auto-entrepreneur", "yearly", "2027-01-31"),
    ],
)
def test_last_day_to_pay(month: str, category: str, periodicity: str, day: str) -> None:
    assert due_date(month, category, periodicity=periodicity).isoformat() == day


def test_waiting_months_by_date() -> None:
    days = ["2020-01-01", "2021-11", "2021-12", "2023-12-31", "2024-01", "2026-11-22"]
    assert [waiting_months(day) for day in days] == [6, 6, 1, 3, 3, 3]
    with pytest.raises(LawError):
        due_date("2026-01", "cpu", periodicity="weekly")


def test_delay_by_the_day_of_the_month_is_another_reading() -> None:
    due, on = date(2026, 2, 28), date(2026, 3, 31)
    assert penalty(16352, due, on).months_late == 1  # March, from end to end
    with under("delay_by_day_of_month"):
        assert penalty(16352, due, on).months_late == 2  # to 28 March, and three days begun


@pytest.mark.parametrize(
    "typed", ["1e5", "-0", "1.500", "163.5200", "NaN", "12-3", "", "1 5", "1,2,3"]
)
def test_an_amount_is_read_in_one_way_or_refused(typed: str) -> None:
    with pytest.raises(LawError):
        centimes_of(typed, "fact_amount")


@pytest.mark.parametrize(
    ("typed", "centimes"),
    [("163.52", 16352), ("163,5", 16350), ("1 560", 156000), ("1\u202f560,50", 156050), (7, 700)],
)
def test_an_amount_is_read_as_people_write_it(typed: str | int, centimes: int) -> None:
    assert centimes_of(typed, "fact_amount") == centimes
