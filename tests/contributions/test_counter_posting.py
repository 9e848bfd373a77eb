"""A posted run taken back as a whole: by two people, row by row, whatever is killed on the way."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import NOVEMBER, craftworker, pay, run
from tests.contributions.refusals import refused
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, person, system

from qafila.contributions.calls.month_runs.callable_months import callable_months
from qafila.contributions.corrections import counter_posting
from qafila.contributions.corrections.corrections import post_corrections
from qafila.contributions.corrections.counter_posting import (
    ask_counter_posting,
    carry_out_counter_posting,
    confirm_counter_posting,
    refuse_counter_posting,
)
from qafila.contributions.corrections.counter_posting_queries import counter_posting_of
from qafila.contributions.errors import CounterPostingNotPossible, MonthBeingCounterPosted
from qafila.contributions.models.arrears import PersonArrears
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, Payment, Run, RunPart
from qafila.foundation.actors import Actor, Role
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.rights.models import RightsPeriod

pytestmark = pytest.mark.django_db
MARCH = dt.date(2026, 3, 1)


def liaison() -> Actor:
    return agent(Role.FUND_LIAISON, national=True)


def counter_posted(month: dt.date) -> counter_posting.CounterPosted:
    ask_counter_posting(month, reason="Wrong month", actor=liaison(), at=AT)
    confirm_counter_posting(month, actor=liaison(), at=AT)
    return carry_out_counter_posting(month, actor=system(), at=AT)


def receivable() -> int:
    lines = LedgerLine.objects.filter(book="receivable")
    return sum(lines.values_list("amount_centimes", flat=True))


def test_everything_is_as_before_the_run() -> None:
    enrolment = craftworker()
    pay(enrolment, 16352)
    periods = RightsPeriod.objects.filter(person=enrolment.person_id).order_by("since")
    before = list(periods.values_list("status", "since"))
    run(MARCH)
    craftworker()
    run(NOVEMBER)
    done = counter_posted(MARCH)
    assert (done.state, done.calls, done.total_centimes) == ("done", 1, 16352)
    # The payment that March had taken is November's now.
    november = Call.objects.get(month=NOVEMBER, enrolment=enrolment)
    assert november.settled_on is not None
    counter_posted(NOVEMBER)
    assert receivable() == 0
    assert Payment.objects.get().unallocated_centimes == 16352
    assert not PersonArrears.objects.exists()
    assert list(periods.values_list("status", "since")) == before


def test_arrears_of_a_wrong_month_are_gone_at_once() -> None:
    enrolment = craftworker()
    run(MARCH)
    pay(enrolment, 100)
    assert PersonArrears.objects.get().overdue_centimes == 16252
    counter_posted(MARCH)
    assert not PersonArrears.objects.exists()


def test_two_people_are_needed() -> None:
    craftworker()
    run()
    one, other = liaison(), liaison()
    for reason in ("", "  "):
        with refused(CounterPostingNotPossible, "few words"):
            ask_counter_posting(NOVEMBER, reason=reason, actor=one, at=AT)
    ask_counter_posting(NOVEMBER, reason="Wrong", actor=one, at=AT)
    with refused(CounterPostingNotPossible, "already"):
        ask_counter_posting(NOVEMBER, reason="Wrong", actor=other, at=AT)
    with refused(CounterPostingNotPossible, "second person"):
        confirm_counter_posting(NOVEMBER, actor=one, at=AT)
    with refused(CounterPostingNotPossible, "waits for a decision"):
        carry_out_counter_posting(NOVEMBER, actor=system(), at=AT)
    refuse_counter_posting(NOVEMBER, actor=other, at=AT)
    assert receivable() == 16352
    told = counter_posting_of(NOVEMBER)
    assert told is not None
    assert (told.state, told.reason) == ("refused", "Wrong")


def test_what_was_not_posted_is_refused_with_its_sentence() -> None:
    with refused(CounterPostingNotPossible, "not posted"):
        ask_counter_posting(NOVEMBER, reason="Wrong", actor=liaison(), at=AT)
    with refused(CounterPostingNotPossible, "waits for a decision"):
        confirm_counter_posting(NOVEMBER, actor=liaison(), at=AT)


def test_cut_short_it_is_finished_by_starting_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        craftworker()
    run(persons_per_part=2)
    ask_counter_posting(NOVEMBER, reason="Wrong", actor=liaison(), at=AT)
    confirm_counter_posting(NOVEMBER, actor=liaison(), at=AT)
    real, done = counter_posting._reverse_part, []

    def dying(part: int, posting: int, **who: object) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(part)
        real(part, posting, **who)  # type: ignore[arg-type]

    monkeypatch.setattr(counter_posting, "_reverse_part", dying)
    with pytest.raises(KeyboardInterrupt):
        carry_out_counter_posting(NOVEMBER, actor=system(), at=AT)
    monkeypatch.undo()
    assert RunPart.objects.filter(reversed_at__isnull=False).count() == 1
    with pytest.raises(MonthBeingCounterPosted):
        run()
    again = carry_out_counter_posting(NOVEMBER, actor=system(), at=AT)
    assert (again.state, again.calls) == ("done", 5)
    assert carry_out_counter_posting(NOVEMBER, actor=system(), at=AT) == again
    assert receivable() == 0
    assert JournalEntry.objects.filter(verb="contributions.month_counter_posted").count() == 1


def test_the_month_can_be_called_again_and_counter_posted_again() -> None:
    enrolment = craftworker()
    run()
    counter_posted(NOVEMBER)
    assert NOVEMBER in callable_months(at=AT)
    post_corrections(actor=system(), at=AT)
    assert receivable() == 0, "a counter-posted month is not corrected back to life"
    craftworker()
    assert run().calls == 2
    assert Run.objects.get().state == "posted"
    calls = Call.objects.filter(enrolment=enrolment).order_by("sequence")
    assert list(calls.values_list("sequence", "corrected_centimes")) == [(0, 16352), (1000, 0)]
    assert receivable() == 2 * 16352
    post_corrections(actor=system(), at=AT)
    assert receivable() == 2 * 16352
    assert counter_posted(NOVEMBER).calls == 2
    assert receivable() == 0


def test_months_called_ahead_and_adjustments_go_with_their_run() -> None:
    enrolment = enrolled(person(), category="cpu", annual_tax_dh=640)
    run()
    enrolment.annual_tax_dh = 3000
    with acting(system(), at=AT):
        enrolment.save()
    post_corrections(actor=system(), at=AT)
    assert Call.objects.filter(origin="adjustment").count() == 1
    counter_posted(NOVEMBER)
    assert receivable() == 0
