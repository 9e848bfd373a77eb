"""Which month may be called: the next as it comes, another by its name, one the fund told never."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears
from tests.contributions.refusals import refused
from tests.register.factories import AT, system

from qafila.contributions.calls.month_runs.callable_months import callable_months
from qafila.contributions.calls.month_runs.runs import run_month
from qafila.contributions.calls.month_runs.starting import start_month
from qafila.contributions.errors import MonthReportedByFund, MonthToBeNamed, MonthTooFarAhead
from qafila.contributions.models.calls_and_ledger import Call, Run
from qafila.foundation.errors import DomainError

pytestmark = pytest.mark.django_db
OCTOBER, DECEMBER = dt.date(2026, 10, 1), dt.date(2026, 12, 1)


def call(month: dt.date, named: str = "") -> int:
    return run_month(month, actor=system(), at=AT, named=named).calls


def test_the_month_of_the_day_is_the_first_and_the_next_follows() -> None:
    craftworker()
    assert callable_months(at=AT) == [NOVEMBER]
    assert call(NOVEMBER) == 1
    assert callable_months(at=AT) == [DECEMBER]
    assert call(DECEMBER) == 1
    assert callable_months(at=AT) == []


def test_a_month_the_fund_reported_is_never_called() -> None:
    in_arrears(2)
    for month in (dt.date(2024, 1, 1), OCTOBER):
        with pytest.raises(MonthReportedByFund) as refusal:
            call(month, named=f"{month:%Y-%m}")
        assert "2026-11" in refusal.value.sentence()
    call(NOVEMBER)
    with pytest.raises(MonthReportedByFund):
        call(OCTOBER, named="2026-10")
    assert not Call.objects.exclude(month=NOVEMBER).exists()


@pytest.mark.parametrize("month", [dt.date(2024, 1, 1), OCTOBER, DECEMBER, dt.date(2027, 6, 1)])
def test_a_month_out_of_turn_is_called_only_by_its_name(month: dt.date) -> None:
    craftworker(effective_from=dt.date(2023, 1, 1))
    for named in ("", "2026-11", f"{month:%m-%Y}"):
        with pytest.raises(MonthToBeNamed) as refusal:
            call(month, named=named)
        assert f"{month:%Y-%m}" in refusal.value.sentence()
    assert not Run.objects.exists()
    assert call(month, named=f" {month:%Y-%m} ") == 1


def test_a_gap_comes_next_and_is_filled_as_it_comes() -> None:
    craftworker()
    call(OCTOBER, named="2026-10")
    call(DECEMBER, named="2026-12")
    assert callable_months(at=AT) == [NOVEMBER]
    assert call(NOVEMBER) == 1


def test_more_than_a_year_ahead_is_refused_whatever_is_typed() -> None:
    craftworker()
    with refused(MonthTooFarAhead, "2027-11"):
        call(dt.date(2027, 12, 1), named="2027-12")


def test_the_page_and_the_job_ask_for_the_name_too() -> None:
    craftworker()
    with refused(DomainError, "type its name"):
        start_month(OCTOBER, actor=system(), at=AT)
    assert start_month(OCTOBER, actor=system(), at=AT, named="2026-10").asked_now
