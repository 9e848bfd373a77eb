"""Money given back: asked for and approved by two, paid by the bank's line, or come back."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import craftworker, pay, run
from tests.contributions.refusals import refused
from tests.register.factories import AT, agent, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.errors import BadPayment, RefundNotPossible
from qafila.contributions.models.calls_and_ledger import LedgerLine, Payment
from qafila.contributions.models.refunds import Refund, RefundPart
from qafila.contributions.payments.recording import reverse_payment
from qafila.contributions.payments.refunds.queries import credits_waiting, refunds_of
from qafila.contributions.payments.refunds.refunds import (
    approve_refund,
    ask_refund,
    cancel_refund,
    credit_of,
    pay_refund,
    refuse_refund,
    return_refund,
)
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.models import JournalEntry
from qafila.people.merging.merging import merge_persons
from qafila.people.merging.undoing import undo_merge

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 22)


def liaison() -> Actor:
    return agent(Role.FUND_LIAISON, national=True)


def with_credit(centimes: int = 20000) -> Enrolment:
    enrolment = craftworker()
    pay(enrolment, centimes)
    return enrolment


def approved(enrolment: Enrolment, centimes: int) -> int:
    asked = ask_refund(
        enrolment.person_id, amount_centimes=centimes, reason="Paid twice", actor=liaison(), at=AT
    )
    approve_refund(asked.refund_id, actor=liaison(), at=AT)
    return asked.refund_id


def book(name: str) -> int:
    lines = LedgerLine.objects.filter(book=name)
    return -sum(lines.values_list("amount_centimes", flat=True))


def left_over(enrolment: Enrolment) -> int:
    return credit_of(enrolment.person_id, scope=WHOLE_COUNTRY)


def test_a_refund_moves_through_the_books() -> None:
    fatima = with_credit()
    refund = approved(fatima, 15000)
    assert (left_over(fatima), book("refund_due"), book("received")) == (
        5000, 15000, -20000
    )  # fmt: skip
    pay_refund(refund, channel="bank", bank_line="L1", paid_on=DAY, actor=system(), at=AT)
    assert (
        left_over(fatima),
        book("refund_due"),
        book("received"),
    ) == (5000, 0, -5000)
    return_refund(refund, return_line="L2", on=DAY, actor=system(), at=AT)
    assert (left_over(fatima), book("received")) == (20000, -20000)
    (told,) = refunds_of(fatima.person_id, scope=WHOLE_COUNTRY)
    assert (told.state, told.bank_line, told.paid_on) == ("returned", "L1", DAY)
    verbs = JournalEntry.objects.filter(verb__startswith="contributions.refund").order_by("pk")
    assert [one.verb.rpartition("_")[2] for one in verbs] == [
        "asked", "approved", "paid", "returned"
    ]  # fmt: skip


def test_what_was_approved_settles_no_call_and_what_is_cancelled_does() -> None:
    fatima = with_credit(16352)
    refund = approved(fatima, 16352)
    run()
    assert fatima.calls.get().settled_on is None
    cancel_refund(refund, reason="Not wanted any more", actor=liaison(), at=AT)
    assert fatima.calls.get().settled_on is not None
    assert Refund.objects.get().state == "cancelled"


def test_the_account_tells_a_refund_and_its_return() -> None:
    fatima = with_credit()
    refund = approved(fatima, 15000)
    account = statement_of(fatima.person_id, scope=WHOLE_COUNTRY)
    assert [(one.kind, one.amount_centimes) for one in account.lines] == [
        ("payment", -20000), ("refund", 15000)
    ]  # fmt: skip
    assert account.owed_centimes == -5000 == -account.unallocated_centimes
    pay_refund(refund, channel="bank", bank_line="L1", paid_on=DAY, actor=system(), at=AT)
    return_refund(refund, return_line="L2", on=DAY, actor=system(), at=AT)
    account = statement_of(fatima.person_id, scope=WHOLE_COUNTRY)
    assert [one.kind for one in account.lines] == ["payment", "refund", "refund_returned"]
    assert account.owed_centimes == -20000


def test_more_than_the_credit_is_refused_when_asked_and_when_approved() -> None:
    fatima = with_credit()
    for amount, told in ((20001, "200\\.00"), (0, "above zero"), (-5, "above zero")):
        with refused(RefundNotPossible, told):
            ask_refund(fatima.person_id, amount_centimes=amount, reason="x", actor=liaison(), at=AT)
    asked = ask_refund(fatima.person_id, amount_centimes=20000, reason="x", actor=liaison(), at=AT)
    run()  # takes the money meanwhile
    with refused(RefundNotPossible, r"36\.48"):
        approve_refund(asked.refund_id, actor=liaison(), at=AT)
    assert Refund.objects.get().state == "asked"


def test_four_eyes_one_request_at_a_time_and_a_reason() -> None:
    fatima, one = with_credit(), liaison()
    with refused(RefundNotPossible, "few words"):
        ask_refund(fatima.person_id, amount_centimes=5, reason=" ", actor=one, at=AT)
    asked = ask_refund(fatima.person_id, amount_centimes=5, reason="x", actor=one, at=AT)
    with refused(RefundNotPossible, "waits for a second"):
        ask_refund(fatima.person_id, amount_centimes=5, reason="x", actor=liaison(), at=AT)
    with refused(RefundNotPossible, "second person"):
        approve_refund(asked.refund_id, actor=one, at=AT)
    with pytest.raises(NotAllowed):
        approve_refund(asked.refund_id, actor=agent(Role.COUNTER_AGENT), at=AT)
    refuse_refund(asked.refund_id, reason="No", actor=one, at=AT)
    with refused(RefundNotPossible, "meanwhile"):
        approve_refund(asked.refund_id, actor=liaison(), at=AT)


def test_a_payment_partly_given_back_is_not_taken_back_as_well() -> None:
    fatima = with_credit()
    refund = approved(fatima, 100)
    payment = Payment.objects.get()
    with refused(BadPayment, "given back"):
        reverse_payment(payment.pk, reason="Bounced", on=DAY, actor=system(), at=AT)
    cancel_refund(refund, reason="Bounced", actor=liaison(), at=AT)
    reverse_payment(payment.pk, reason="Bounced", on=DAY, actor=system(), at=AT)
    assert left_over(fatima) == 0
    assert sum(RefundPart.objects.values_list("amount_centimes", flat=True)) == 0


def test_the_largest_credits_come_first_and_pages_follow() -> None:
    people = [with_credit(amount) for amount in (500, 900, 700)]
    first = credits_waiting(scope=WHOLE_COUNTRY, count=2)
    assert [one.credit_centimes for one in first] == [900, 700]
    after = credits_waiting(scope=WHOLE_COUNTRY, after=first[-1].place)
    assert [one.person_id for one in after] == [people[0].person_id]


@pytest.mark.parametrize("line", ["", "x" * 61])
def test_the_banks_line_is_asked_for(line: str) -> None:
    refund = approved(with_credit(), 100)
    with refused(RefundNotPossible, "bank's line"):
        pay_refund(refund, channel="bank", bank_line=line, paid_on=DAY, actor=system(), at=AT)


def test_an_implausibly_large_payment_is_refused() -> None:
    with refused(BadPayment, r"50000\.01 DH is more"):
        with_credit(5_000_001)
    with_credit(5_000_000)


def test_undoing_a_merge_gives_each_its_refunds_and_their_lines_back() -> None:
    fatima, twin = with_credit(), with_credit(30000)
    refund = approved(fatima, 15000)
    pay_refund(refund, channel="bank", bank_line="L1", paid_on=DAY, actor=system(), at=AT)
    other = approved(twin, 1000)
    before = _lines_of_refunds()
    assert {person for person, *_ in before} == {fatima.person_id, twin.person_id}
    merged = merge_persons(twin.person_id, fatima.person_id, evidence={}, actor=system(), at=AT)
    assert {person for person, *_ in _lines_of_refunds()} == {twin.person_id}
    # Meanwhile a refund of the twin's own money goes on: its lines stay the twin's.
    pay_refund(other, channel="bank", bank_line="L2", paid_on=DAY, actor=system(), at=AT)
    undo_merge(merged.merge, actor=system(), at=AT)
    after = _lines_of_refunds()
    assert before <= after
    assert {person for person, posting, *_ in after - before} == {twin.person_id}
    assert Refund.objects.get(pk=refund).person_id == fatima.person_id
    assert (left_over(fatima), left_over(twin)) == (5000, 29000)


def _lines_of_refunds() -> set[tuple[int, str, str, int]]:
    lines = LedgerLine.objects.filter(posting__startswith="refund")
    return set(lines.values_list("person_id", "posting", "book", "amount_centimes"))
