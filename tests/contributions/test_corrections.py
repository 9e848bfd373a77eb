"""What facts say today of months already called, posted beside what was called."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.contributions.factories import NOVEMBER, craftworker, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, person, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.calls.comparison import Differences
from qafila.contributions.calls.month_queries import month_preview
from qafila.contributions.corrections import corrections
from qafila.contributions.corrections.corrections import (
    CorrectionsOutcome,
    post_corrections,
)
from qafila.contributions.ledger.closing import close_month
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, Payment
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 1)


def learn(enrolment: Enrolment, **facts: Any) -> None:
    """A fact written in afterwards."""
    with acting(system(), at=AT):
        Enrolment.objects.filter(pk=enrolment.pk).update(**facts)


def correct(**options: Any) -> CorrectionsOutcome:
    return post_corrections(actor=system(), at=AT, **options)


def owed(enrolment: Enrolment) -> int:
    return statement_of(enrolment.person_id, scope=WHOLE_COUNTRY).owed_centimes


def test_a_higher_category_raises_the_month_by_the_difference() -> None:
    fatima = craftworker()
    run()
    learn(fatima, category="accounts", regime="rns")
    outcome = correct()
    assert (outcome.raised, outcome.raised_centimes, outcome.lowered) == (1, 21803 - 16352, 0)
    adjustment = Call.objects.get(origin="adjustment")
    assert (adjustment.sequence, adjustment.amount_centimes) == (1, 5451)
    assert owed(fatima) == 21803
    assert Call.objects.get(sequence=0).amount_centimes == 16352


def test_calls_after_the_end_are_taken_back_and_the_money_kept() -> None:
    fatima = craftworker()
    run(OCTOBER)
    run()
    pay(fatima, 2 * 16352)
    learn(fatima, state="closed", closed_on=dt.date(2026, 10, 15))
    outcome = correct()
    assert (outcome.lowered, outcome.lowered_centimes) == (1, 16352)
    assert owed(fatima) == -16352
    assert Payment.objects.get().unallocated_centimes == 16352
    taken = Call.objects.get(month=NOVEMBER)
    assert (taken.corrected_centimes, taken.settled_on) == (16352, NOVEMBER)


def test_money_freed_settles_what_is_older() -> None:
    fatima = craftworker(effective_from=NOVEMBER)
    run(OCTOBER)
    run()
    pay(fatima, 16352)
    learn(fatima, effective_from=OCTOBER)
    correct(since=OCTOBER)
    learn(fatima, closed_on=dt.date(2026, 10, 20), state="closed")
    correct()
    assert owed(fatima) == 0
    october = Call.objects.get(month=OCTOBER)
    assert (october.origin, october.sequence) == ("adjustment", 0)
    assert october.settled_on == dt.date(2026, 11, 10)


def test_a_late_fund_number_brings_the_missed_months() -> None:
    fatima = enrolled(person(), only_declared=True)
    run(OCTOBER)
    run()
    learn(fatima, state="enrolled", fund_number="700000001")
    assert correct().raised == 2
    assert owed(fatima) == 2 * 16352
    due = set(Call.objects.values_list("due_on", flat=True))
    assert due == {dt.date(2026, 12, 31)}


def test_a_closed_month_is_corrected_in_the_open_one() -> None:
    fatima = craftworker()
    run(OCTOBER)
    close_month(OCTOBER, actor=agent(Role.PROGRAMME_LEAD, national=True), at=AT)
    before = set(LedgerLine.objects.filter(month=OCTOBER).values_list("pk", flat=True))
    learn(fatima, category="accounts", regime="rns")
    correct()
    assert set(LedgerLine.objects.filter(month=OCTOBER).values_list("pk", flat=True)) == before
    assert LedgerLine.objects.filter(month=NOVEMBER).count() == 2


def test_an_adjustment_of_a_month_run_ahead_is_due_with_that_month() -> None:
    at, december = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC), dt.date(2026, 12, 1)
    fatima = craftworker()
    run(december, at=at)
    learn(fatima, category="accounts", regime="rns")
    assert post_corrections(actor=system(), at=at).raised == 1
    due = set(Call.objects.values_list("due_on", flat=True))
    assert due == {dt.date(2027, 1, 31)}


def test_corrections_repeat_without_effect_and_count_without_posting() -> None:
    fatima = craftworker()
    craftworker()
    run()
    learn(fatima, category="accounts", regime="rns")
    assert correct(dry_run=True).raised == 1
    assert Call.objects.count() == 2
    assert correct(person_ids=[fatima.person_id]).raised == 1
    assert (correct().raised, correct().lowered) == (0, 0)
    learn(fatima, category="craftworker", regime="")
    assert correct().lowered_centimes == 5451
    assert owed(fatima) == 16352
    assert correct().lowered == 0


def test_corrections_cut_short_keep_the_months_done_and_are_finished_by_repeating(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fatima = craftworker()
    run(OCTOBER)
    run()
    learn(fatima, category="accounts", regime="rns")
    months: list[dt.date] = []
    real = corrections._post

    def cut_short(cursor: Any, found: Any, month: dt.date, *rest: Any) -> None:
        months.append(month)
        if len(months) == 2:
            raise ConnectionError
        real(cursor, found, month, *rest)

    monkeypatch.setattr(corrections, "_post", cut_short)
    with pytest.raises(ConnectionError):
        correct()
    assert list(Call.objects.filter(origin="adjustment").values_list("month", flat=True)) == [
        OCTOBER
    ]
    assert correct().raised == 1
    assert months == [OCTOBER, NOVEMBER, NOVEMBER]
    entries = JournalEntry.objects.filter(verb="contributions.corrections_posted")
    assert [entry.data["more"] for entry in entries.order_by("pk")] == [1, 1]
    assert correct().raised == 0


def test_where_a_fact_is_missing_nothing_is_corrected() -> None:
    fatima = enrolled(person(), category="cpu", annual_tax_dh=640)
    run()
    learn(fatima, annual_tax_dh=None)
    assert (correct().lowered, owed(fatima)) == (0, 13000)


def test_a_dry_run_tells_the_differences_and_posts_nothing() -> None:
    gone = craftworker(state="closed", closed_on=dt.date(2026, 10, 31))
    raised, same = craftworker(), craftworker()
    run(OCTOBER)
    learn(raised, category="accounts", regime="rns")
    enrolled(person(), category="cpu", annual_tax_dh=None)
    craftworker(effective_from=NOVEMBER)
    preview = month_preview(NOVEMBER, actor=system())
    total = 21803 + 2 * 16352
    assert (preview.calls, preview.total_centimes, preview.parked) == (3, total, 1)
    assert preview.differences == Differences(
        same=1, raised=1, lowered=0, new=1, gone=1, total_now=total, total_before=3 * 16352
    )
    assert {gone.pk, raised.pk, same.pk} == set(Call.objects.values_list("enrolment", flat=True))
    assert run().total_centimes == total


def test_only_those_who_run_months_correct_them() -> None:
    reader = agent(Role.COUNTER_AGENT, national=True)
    with pytest.raises(NotAllowed):
        post_corrections(actor=reader, at=AT)
    with pytest.raises(NotAllowed):
        month_preview(NOVEMBER, actor=reader)
