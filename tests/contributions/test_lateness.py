"""What lateness would cost: told from what is unpaid, by the side that collects, never posted."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import NOVEMBER, in_arrears, pay
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.lateness import Lateness, lateness
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.queries import overdue_of
from qafila.contributions.ledger.overdue import OverdueCall
from qafila.contributions.models.calls_and_ledger import LedgerLine
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY

TODAY = AT.date()


def call(category: str, due_on: dt.date, rest: int = 10_000) -> OverdueCall:
    return OverdueCall(1, due_on.replace(day=1), due_on, category, rest, rest)


def test_the_fund_adds_one_percent_for_each_month_begun() -> None:
    late = lateness([call("craftworker", dt.date(2026, 8, 31))], dt.date(2026, 11, 1))
    assert (late.fund_centimes, late.tax_centimes) == (300, 0)  # 100 DH × 1 % × 3 months begun
    assert late.months[0].months_late == 3
    assert late.months[0].steps


def test_the_tax_side_follows_the_tax_code() -> None:
    for category in ("cpu", "auto_entrepreneur"):
        late = lateness([call(category, dt.date(2026, 6, 30))], dt.date(2026, 9, 15))
        # 100 DH × (10 % + 5 % for the first month + 0.5 % for each of 2 more)
        assert (late.fund_centimes, late.tax_centimes) == (0, 1600)


def test_nothing_late_costs_nothing() -> None:
    assert lateness([], TODAY) == Lateness(TODAY, ())
    assert lateness([call("craftworker", TODAY)], TODAY).penalty_centimes == 0


@pytest.mark.django_db
def test_only_what_is_unpaid_counts_and_nothing_is_posted() -> None:
    fatima = in_arrears(5)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    before = LedgerLine.objects.count()
    late = told(fatima)
    assert late.overdue_centimes == 4 * 16352
    # June, due in July, is 4 months late; then 3, 2 and 1, each rounded to the centime.
    assert late.penalty_centimes == 654 + 491 + 327 + 164
    assert LedgerLine.objects.count() == before
    assert statement_of(fatima.person_id, scope=WHOLE_COUNTRY).owed_centimes == 5 * 16352
    pay(fatima, 16352 + 6352)
    assert told(fatima).penalty_centimes == 300 + 327 + 164


@pytest.mark.django_db
def test_each_quarter_is_late_from_its_own_day() -> None:
    hassan = enrolled(
        person(), category="cpu", annual_tax_dh=640, months_unpaid_reported=8,
        reported_on=NOVEMBER, effective_from=dt.date(2024, 1, 1),
    )  # fmt: skip
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    late = told(hassan)
    assert {month.due_on for month in late.months} == {
        dt.date(2026, 3, 31), dt.date(2026, 6, 30), dt.date(2026, 9, 30),
    }  # fmt: skip
    assert [month.month.month for month in late.months] == [3, 4, 5, 6, 7, 8, 9]
    assert late.overdue_centimes == 7 * 13000
    assert late.fund_centimes == 0


def told(enrolment: Enrolment) -> Lateness:
    overdue = overdue_of(enrolment.person_id, TODAY, scope=WHOLE_COUNTRY)
    assert statement_of(enrolment.person_id, scope=WHOLE_COUNTRY).overdue_on(TODAY) == overdue
    return lateness(overdue, TODAY)
