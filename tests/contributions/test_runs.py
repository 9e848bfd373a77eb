"""A month is called once, by the law of that month, whatever happens on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection, connections
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, person, system

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.calls.month_runs import runs
from qafila.contributions.calls.month_runs.runs import run_month
from qafila.contributions.errors import (
    MonthClosed,
    MonthNotOver,
    MonthNotRun,
    MonthOutsideScheme,
    RunUnderWay,
)
from qafila.contributions.ledger.closing import close_month, prepare_months
from qafila.contributions.models.calls_and_ledger import (
    Call,
    LedgerLine,
    Run,
    RunPart,
    WorkItem,
)
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db


def amounts(month: dt.date = NOVEMBER) -> list[int]:
    return sorted(Call.objects.filter(month=month).values_list("amount_centimes", flat=True))


@pytest.mark.parametrize(
    ("month", "centimes"),
    [("2022-05", 13514), ("2022-10", 14189), ("2023-10", 14865), ("2025-02", 15604),
     ("2026-02", 16352)],
)  # fmt: skip
def test_the_amount_is_that_of_the_month(month: str, centimes: int) -> None:
    craftworker(effective_from=dt.date(2022, 1, 1))
    day = dt.date.fromisoformat(f"{month}-01")
    assert run(day).total_centimes == centimes
    assert amounts(day) == [centimes]


def test_each_category_owes_its_own_amount() -> None:
    craftworker()
    enrolled(person(), category="cpu", annual_tax_dh=640)
    enrolled(person(), category="auto_entrepreneur", annual_tax_dh=0)
    enrolled(person(), category="accounts", regime="rns")
    assert run().calls == 4
    assert amounts() == [10000, 13000, 16352, 21803]
    dues = dict(Call.objects.filter(month=NOVEMBER).values_list("category", "due_on"))
    assert dues["craftworker"] == dt.date(2026, 12, 31)
    assert dues["cpu"] == dt.date(2026, 12, 31)


def test_lines_of_a_call_are_its_two_sides() -> None:
    enrolment = craftworker()
    run()
    lines = LedgerLine.objects.order_by("book").values_list("posting", "book", "amount_centimes")
    posting = f"call:{enrolment.pk}:2026-11:0"
    assert list(lines) == [(posting, "contributions", -16352), (posting, "receivable", 16352)]


def test_only_those_due_in_the_month_are_called() -> None:
    craftworker(effective_from=dt.date(2026, 12, 1))
    craftworker(state="closed", closed_on=dt.date(2026, 10, 20))
    enrolled(person(), only_declared=True)
    ending = craftworker(state="closed", closed_on=dt.date(2026, 11, 20))
    assert run().calls == 1
    assert Call.objects.get().enrolment_id == ending.pk


def test_of_several_activities_only_the_highest_is_owed() -> None:
    fatima = person()
    enrolled(fatima)
    enrolled(fatima, category="accounts", regime="rns")
    run()
    assert amounts() == [21803]


def test_a_missing_fact_is_parked_with_its_remedy_and_stops_nobody() -> None:
    craftworker()
    lacking = enrolled(person(), category="cpu", annual_tax_dh=None)
    outcome = run()
    assert (outcome.calls, outcome.parked) == (1, 1)
    item = WorkItem.objects.get()
    assert (item.kind, item.enrolment_id) == ("missing_fact", lacking.pk)
    assert item.details == {"refusal": "missing_fact"}


def test_a_posted_month_is_left_alone() -> None:
    craftworker()
    first = run()
    craftworker()
    again = run()
    assert (again.calls, again.total_centimes) == (first.calls, first.total_centimes)
    assert again.parts_posted_now == 0
    assert Call.objects.count() == 1
    assert JournalEntry.objects.filter(verb="contributions.month_run").count() == 1


def test_a_run_cut_short_is_finished_with_each_call_once(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    for _ in range(6):
        craftworker()
    posted, real = [], runs.post_part

    def dying(part_id: int, **who: object) -> None:
        if len(posted) == 2:
            raise KeyboardInterrupt
        posted.append(part_id)
        real(part_id, **who)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "post_part", dying)
    with pytest.raises(KeyboardInterrupt):
        run(persons_per_part=1)
    assert Run.objects.get().state == "running"
    monkeypatch.setattr(runs, "post_part", real)
    outcome = run()
    assert (outcome.calls, outcome.parts) == (6, RunPart.objects.count())
    assert Call.objects.count() == 6


def test_progress_counts_the_parts() -> None:
    for _ in range(3):
        craftworker()
    seen: list[tuple[int, int]] = []
    run(persons_per_part=1, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(seen), len(seen))


def test_a_second_run_at_the_same_time_is_told_so() -> None:
    craftworker()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(hashtext(%s), %s)",
                [runs._LOCK_SPACE, 2026 * 12 + 11],
            )
        with pytest.raises(RunUnderWay) as refusal:
            run()
        assert "2026-11 is already under way" in refusal.value.sentence()
        with other.cursor() as cursor:
            # Closing alone lets go of it only when PostgreSQL notices.
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert run().calls == 1


def test_money_left_over_settles_the_new_call() -> None:
    enrolment = craftworker()
    pay(enrolment, 20000)
    run()
    call = Call.objects.get()
    assert call.settled_on == dt.date(2026, 11, 10)
    assert pay(enrolment, 100).unallocated_centimes == 100


def test_a_closed_month_is_not_run_again_nor_before_it_was_run() -> None:
    lead = agent(Role.PROGRAMME_LEAD, national=True)
    over = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    with pytest.raises(MonthNotRun):
        close_month(NOVEMBER, actor=lead, at=over)
    run()
    with pytest.raises(MonthNotOver):
        close_month(NOVEMBER, actor=lead, at=AT)
    for _ in range(2):
        close_month(NOVEMBER, actor=lead, at=over)
    with acting(system(), at=AT):
        Run.objects.update(state="running")
    with pytest.raises(MonthClosed):
        run()


def test_a_month_before_the_scheme_is_refused() -> None:
    with pytest.raises(MonthOutsideScheme) as refusal:
        run(dt.date(2021, 6, 1))
    assert "2021-12" in refusal.value.sentence()


@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.CHAMBER_STAFF, Role.AUDITOR])
def test_counters_and_auditors_run_nothing(role: Role) -> None:
    with pytest.raises(NotAllowed):
        run_month(NOVEMBER, actor=agent(role, national=True), at=AT)


@pytest.mark.parametrize("role", [Role.FUND_LIAISON, Role.PROGRAMME_LEAD])
def test_the_fund_and_the_lead_run_a_month(role: Role) -> None:
    craftworker()
    assert run_month(NOVEMBER, actor=agent(role, national=True), at=AT).calls == 1


def test_posted_rows_cannot_be_changed() -> None:
    craftworker()
    run()
    for statement in (
        "UPDATE contributions_ledgerline SET amount_centimes = 1",
        "UPDATE contributions_call SET amount_centimes = 1",
        "DELETE FROM contributions_call",
    ):
        with (
            pytest.raises(Exception, match="never changed"),
            acting(system(), at=AT),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_months_are_kept_in_tables_of_their_own() -> None:
    made = prepare_months(dt.date(2026, 11, 5), dt.date(2027, 1, 5), actor=system(), at=AT)
    assert made in (4, 6)
    craftworker()
    run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contributions_call_2026_11")
        assert cursor.fetchone() == (1,)


def test_reported_months_are_opened_by_the_law_of_each_month() -> None:
    in_arrears(12)
    outcome = open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    assert (outcome.calls, outcome.persons) == (12, 1)
    calls = dict(Call.objects.values_list("month", "amount_centimes"))
    assert min(calls) == dt.date(2025, 11, 1)
    assert max(calls) == dt.date(2026, 10, 1)
    assert outcome.total_centimes == 2 * 15604 + 10 * 16352 == sum(calls.values())
    assert open_reported_arrears(NOVEMBER, actor=system(), at=AT).calls == 0


def test_no_month_is_opened_before_the_enrolment_or_the_scheme() -> None:
    in_arrears(6, effective_from=dt.date(2026, 9, 1))
    in_arrears(90, effective_from=dt.date(2015, 1, 1))
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    months = list(Call.objects.order_by("month").values_list("month", flat=True))
    assert months[0] == dt.date(2022, 1, 1)
    assert len(months) == 2 + 58
