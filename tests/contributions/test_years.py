"""Years paid with the tax: settled by their final tax, exactly once."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contributions.factories import pay, run
from tests.contributions.year_steps import (
    JANUARY,
    LATER,
    correct,
    cpu,
    final,
    months,
    owed_by_law,
    settle,
    standing,
    yearly,
)
from tests.register.factories import agent, system

import qafila_law
from qafila.contributions.account.account_statement import statement_pdf
from qafila.contributions.account.queries import statement_of
from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.queries import work_queue
from qafila.contributions.corrections.queries import year_sentence
from qafila.contributions.corrections.year_facts import (
    choose_year_payment,
    settle_final_tax,
    unsettle_final_tax,
)
from qafila.contributions.corrections.years import YearsSettled, settle_tax_years
from qafila.contributions.errors import YearAlreadyCalled
from qafila.contributions.ledger.law_facts import law_months
from qafila.contributions.models.calls_and_ledger import (
    Call,
    ClosedMonth,
    LedgerLine,
    Payment,
)
from qafila.contributions.models.years import YearBalance
from qafila.enrolment.models import Enrolment
from qafila.enrolment.tax_years import (
    take_back_final_tax,
)
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("tax", "balance"), [(3000, 132_000), (640, 0), (100, -36_000), (60_000, 1_284_000)]
)
def test_the_balance_is_the_laws_and_posted_once(tax: int, balance: int) -> None:
    hassan = cpu()
    months()
    before = list(Call.objects.order_by("pk").values_list("pk", "amount_centimes", "due_on"))
    final(hassan, tax)
    outcome = settle()
    law = qafila_law.yearly_balance("cpu", 2025, annual_tax=tax, paid_centimes=156_000)
    assert outcome.raised_centimes - outcome.lowered_centimes == balance == law.balance_centimes
    assert settle() == YearsSettled()
    assert (correct().raised, correct().lowered) == (0, 0)
    assert standing(hassan) == owed_by_law(tax)
    kept = Call.objects.filter(origin="run").order_by("pk")
    assert list(kept.values_list("pk", "amount_centimes", "due_on")) == before
    row = YearBalance.objects.get()
    assert (row.months, row.called_centimes, row.balance_centimes) == (12, 156_000, balance)


def test_a_balance_goes_into_the_open_month_and_is_due_with_it() -> None:
    hassan = cpu()
    months()
    with acting(system(), at=LATER):
        for number in range(1, 13):
            ClosedMonth.objects.create(
                month=dt.date(2025, number, 1), closed_at=LATER, closed_by_id=system().id
            )
    lines = set(LedgerLine.objects.values_list("pk", flat=True))
    final(hassan, 3000)
    settle()
    added = LedgerLine.objects.exclude(pk__in=lines)
    assert {line.month for line in added} == {dt.date(2026, 2, 1)}
    call = Call.objects.get(origin="balance")
    assert (call.month, call.due_on) == (dt.date(2025, 12, 1), dt.date(2026, 3, 31))


def test_money_paid_for_a_year_that_cost_less_pays_what_comes_next() -> None:
    hassan = cpu()
    months()
    pay(hassan, 156_000, dt.date(2025, 3, 1), at=LATER)
    months(1, 2, year=2026)
    final(hassan, 100)
    settle()
    assert all(call.settled for call in law_months(hassan.person_id))
    rest = Payment.objects.get().unallocated_centimes
    assert rest == 156_000 - owed_by_law(100) - 2 * 13_000 == 10_000


def test_a_part_year_is_annualised_and_owes_its_months() -> None:
    hassan = cpu(effective_from=dt.date(2025, 5, 1), closed_on=dt.date(2025, 11, 1), state="closed")
    months()
    final(hassan, 600)  # 600 DH in six months are 1,200 DH in a year
    settle()
    assert standing(hassan) == owed_by_law(600, 6) == 114_000
    assert Call.objects.get(origin="balance").month == dt.date(2025, 10, 1)


def test_a_later_notice_and_a_late_end_settle_the_difference() -> None:
    hassan = cpu()
    months()
    for tax in (3000, 100, 6000):
        final(hassan, tax)
        settle()
        assert standing(hassan) == owed_by_law(tax)
    with acting(system(), at=LATER):
        Enrolment.objects.filter(pk=hassan.pk).update(state="closed", closed_on=dt.date(2025, 7, 1))
    settle()
    assert standing(hassan) == owed_by_law(6000, 6)
    assert list(YearBalance.objects.order_by("sequence").values_list("sequence", flat=True)) == [
        0, 1, 2, 3,
    ]  # fmt: skip


@pytest.mark.parametrize("tax", [100, 3000])
def test_a_tax_taken_back_leaves_the_year_as_it_was_called(tax: int) -> None:
    hassan = cpu()
    months()
    final(hassan, tax)
    settle()
    take_back_final_tax(enrolment_id=hassan.pk, year=2025, reason="Not his.", actor=system(),
                        at=LATER)  # fmt: skip
    correct()
    assert standing(hassan) == 156_000
    assert settle() == YearsSettled()
    final(hassan, tax)
    settle()
    assert standing(hassan) == owed_by_law(tax)


def test_a_month_run_late_is_taken_into_the_balance() -> None:
    hassan = cpu()
    months(1, 11)
    final(hassan, 3000)
    assert settle().years == 0
    run(dt.date(2025, 12, 1), at=LATER)
    settle()
    assert standing(hassan) == owed_by_law(3000)


def test_a_year_that_cannot_be_settled_here_waits_in_the_queue() -> None:
    hassan = cpu()
    months(6, 12)
    final(hassan, 3000)
    assert settle().years == 0
    find_anomalies(actor=system(), at=LATER)
    (item,) = work_queue(scope=WHOLE_COUNTRY, kind="year_unsettled")
    assert item.enrolment_id == hassan.pk
    take_back_final_tax(enrolment_id=hassan.pk, year=2025, reason="Not his.", actor=system(),
                        at=LATER)  # fmt: skip
    find_anomalies(actor=system(), at=LATER)
    assert work_queue(scope=WHOLE_COUNTRY, kind="year_unsettled") == []


def test_a_fact_and_its_posting_are_one() -> None:
    hassan = cpu()
    choose_year_payment(enrolment_id=hassan.pk, year=2025, periodicity="yearly",
                                actor=system(), at=JANUARY)  # fmt: skip
    yearly(hassan, to="quarterly")
    yearly(hassan)
    months()
    with pytest.raises(YearAlreadyCalled):
        choose_year_payment(enrolment_id=hassan.pk, year=2025, periodicity="quarterly",
                                    actor=system(), at=JANUARY)  # fmt: skip
    told = settle_final_tax(enrolment_id=hassan.pk, year=2025, tax_dh=3000,
                                    document="Notice 7", actor=system(), at=LATER)  # fmt: skip
    assert told.raised_centimes == 132_000
    statement = statement_of(hassan.person_id, scope=WHOLE_COUNTRY)
    assert [(line.kind, line.amount_centimes) for line in statement.lines] == [
        ("year", 156_000), ("balance", 132_000),
    ]  # fmt: skip
    (year,) = statement.years
    assert (year.year, year.owed_centimes, year.called_centimes) == (2025, 288_000, 156_000)
    assert [step.code for step in year.steps][:2] == ["tax_of_year", "tax_band"]
    unsettle_final_tax(enrolment_id=hassan.pk, year=2025, reason="Not his.",
                               actor=system(), at=LATER)  # fmt: skip
    assert standing(hassan) == 156_000
    assert statement_of(hassan.person_id, scope=WHOLE_COUNTRY).owed_centimes == 156_000


@pytest.mark.parametrize(("tax", "words"), [(3000, "1,320.00"), (640, "Nothing"), (100, "360.00")])
def test_the_account_says_what_the_balance_is(tax: int, words: str) -> None:
    hassan = cpu()
    months()
    final(hassan, tax)
    settle()
    statement = statement_of(hassan.person_id, scope=WHOLE_COUNTRY)
    assert statement.owed_centimes == owed_by_law(tax)
    assert sum(line.amount_centimes for line in statement.lines) == owed_by_law(tax)
    sentence = year_sentence(statement.years[0], lambda centimes: f"{centimes / 100:,.2f}")
    assert sentence.startswith(words)
    paper = statement_pdf(hassan.person_id, language="fr", on=LATER.date(), scope=WHOLE_COUNTRY,
                          at=LATER)  # fmt: skip
    assert paper.startswith(b"%PDF")


def test_a_settlement_cut_short_leaves_nothing_and_is_finished_by_repeating(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hassan = cpu()
    months()
    final(hassan, 3000)

    def cut_short(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("qafila.contributions.corrections.years.touch_persons", cut_short)
        with pytest.raises(KeyboardInterrupt):
            settle()
    assert standing(hassan) == 156_000
    assert not YearBalance.objects.exists()
    assert (settle().raised, settle().raised) == (1, 0)
    assert standing(hassan) == owed_by_law(3000)


def test_whoever_is_not_named_is_left_alone_and_readers_may_not() -> None:
    hassan, salem = cpu(), cpu()
    months()
    final(hassan, 3000)
    final(salem, 3000)
    assert settle(person_ids=[hassan.person_id]).raised == 1
    assert standing(salem) == 156_000
    assert settle().raised == 1
    with pytest.raises(NotAllowed):
        settle_tax_years(actor=agent(Role.COUNTER_AGENT, national=True), at=LATER)


@settings(
    max_examples=6, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    people=st.lists(
        st.tuples(st.integers(0, 60_000), st.integers(1, 12), st.integers(1, 12),
                  st.sampled_from([0, 13_000, 156_000]), st.booleans()),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_whatever_the_taxes_every_year_ends_at_the_laws_sum(
    people: list[tuple[int, int, int, int, bool]],
) -> None:
    from django.db import transaction

    with transaction.atomic():
        known = []
        for tax, first, last, paid, at_once in people:
            first, last = sorted((first, last))
            hassan = cpu(
                effective_from=dt.date(2025, first, 1),
                state="closed", closed_on=dt.date(2025 + last // 12, last % 12 + 1, 1),
            )  # fmt: skip
            known.append((hassan, tax, last - first + 1))
            if at_once and first <= 3:
                with acting(system(), at=JANUARY):
                    hassan.tax_years.create(year=2025, periodicity="yearly")
            if paid:
                pay(hassan, paid, dt.date(2025, 3, 1), at=LATER)
        months()
        for hassan, tax, _ in known:
            final(hassan, tax)
        settle()
        assert settle() == YearsSettled()
        assert (correct().raised, correct().lowered) == (0, 0)
        for hassan, tax, worked in known:
            assert standing(hassan) == owed_by_law(tax, worked)
        transaction.set_rollback(True)
