"""Payments noted from a receipt: never money, confirmed once by the payment itself."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contributions.factories import book_file, craftworker, pay, payments_file, run
from tests.register.factories import AT, agent, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.queries import work_queue
from qafila.contributions.errors import BadPayment, NoteNotWaiting, ReceiptNotedBefore
from qafila.contributions.models.calls_and_ledger import LedgerLine, Payment
from qafila.contributions.models.notes import PaymentNote
from qafila.contributions.payments.note_queries import (
    waiting_notes,
    waiting_notes_count,
)
from qafila.contributions.payments.notes import (
    PaymentNoted,
    Receipt,
    note_payment,
    take_back_note,
)
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope

pytestmark = pytest.mark.django_db
PAID = dt.date(2026, 11, 10)


def clerk(*provinces: str) -> Actor:
    return agent(Role.COUNTER_AGENT, provinces=provinces, national=not provinces)


def note(
    enrolment: Enrolment, *, who: Actor | None = None, command_id: uuid.UUID | None = None,
    **said: Any,
) -> PaymentNoted:  # fmt: skip
    facts = {"channel": "relay_point", "reference": "T-77", "place": "Tasshilat, Tiznit",
             "amount_centimes": 16_352, "paid_on": PAID}  # fmt: skip
    return note_payment(
        person_id=enrolment.person_id, receipt=Receipt(**{**facts, **said}),
        actor=who or clerk(), at=AT, command_id=command_id,
    )  # fmt: skip


def only() -> PaymentNote:
    return PaymentNote.objects.get()


def test_a_note_is_no_money() -> None:
    fatima = craftworker()
    run(dt.date(2026, 11, 1))
    before = statement_of(fatima.person_id, scope=WHOLE_COUNTRY)
    lines = LedgerLine.objects.count()
    assert not note(fatima).confirmed
    assert LedgerLine.objects.count() == lines
    after = statement_of(fatima.person_id, scope=WHOLE_COUNTRY)
    assert replace(after, notes=()) == before
    (told,) = after.notes
    assert (told.reference, told.amount_centimes, told.state) == ("T-77", 16_352, "noted")


def test_the_payment_of_the_receipt_confirms_it_and_no_other_note() -> None:
    fatima = craftworker()
    first, second = note(fatima), note(fatima, reference="T-78")
    paid = pay(fatima, 16_352, PAID, reference="t-78", channel="relay_point")
    waiting = PaymentNote.objects.get(pk=first.note_id)
    confirmed = PaymentNote.objects.get(pk=second.note_id)
    assert (waiting.state, confirmed.state) == ("noted", "confirmed")
    assert confirmed.payment_id == paid.payment_id
    assert waiting_notes_count(scope=WHOLE_COUNTRY) == 1


@pytest.mark.parametrize(
    ("days", "amount", "confirmed"),
    [(5, 16_352, True), (6, 16_352, False), (0, 16_351, False)],
)
def test_without_the_number_the_same_sum_within_days_is_the_same(
    days: int, amount: int, confirmed: bool
) -> None:
    fatima = craftworker()
    note(fatima, reference="")
    pay(fatima, amount, PAID + dt.timedelta(days))
    assert (only().state == "confirmed") is confirmed


def test_a_payment_booked_before_the_note_confirms_it_at_once() -> None:
    fatima = craftworker()
    pay(fatima, 16_352, PAID)
    assert note(fatima).confirmed
    assert not note(fatima, reference="T-99").confirmed
    assert Payment.objects.count() == 1


def test_a_payment_taken_back_or_of_someone_else_confirms_nothing() -> None:
    fatima, salma = craftworker(), craftworker()
    gone = pay(fatima, 16_352, PAID)
    reverse_payment(gone.payment_id, reason="Returned", on=AT.date(), actor=system(), at=AT)
    pay(salma, 16_352, PAID)
    assert not note(fatima).confirmed


def test_a_file_confirms_once_however_often_it_comes(tmp_path: Path) -> None:
    fatima = craftworker()
    note(fatima)
    row = {"reference": "T-77", "fund_number": fatima.fund_number}
    for name in ("one.csv", "two.csv"):
        path = payments_file(tmp_path, row, {**row, "reference": name}, name=name)
        book_file(path, "relay_point")
    assert only().payment is not None
    assert only().payment.reference == "T-77"


@pytest.mark.parametrize(
    ("reference", "amount", "known"),
    [("T-77", "163.52", True), ("T-77", "163.00", False), ("T-76", "163.52", False)],
)
def test_a_row_nobody_is_known_by_is_named_by_the_receipt(
    tmp_path: Path, reference: str, amount: str, known: bool
) -> None:
    fatima = craftworker()
    note(fatima)
    row = {"reference": reference, "fund_number": "999999999", "amount_dh": amount}
    file = payments_file(tmp_path, row)
    outcome = book_file(file, "relay_point")
    assert outcome.rows_accepted == int(known)
    assert (only().state == "confirmed") is known
    if known:
        assert Payment.objects.get().person_id == fatima.person_id


def test_two_people_with_the_same_receipt_are_left_to_people(tmp_path: Path) -> None:
    fatima, salma = craftworker(), craftworker()
    note(fatima)
    note(salma, reference="t-77")
    row = {"reference": "T-77", "fund_number": "999999999"}
    file = payments_file(tmp_path, row)
    outcome = book_file(file, "relay_point")
    assert outcome.rows_rejected == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reference": " ", "place": ""}, "Neither the number"),
        ({"reference": "x" * 61}, "longer than 60"),
        ({"place": "x" * 121}, "more than 120"),
        ({"amount_centimes": 0}, "zero"),
        ({"amount_centimes": -5}, "negative"),
        ({"paid_on": dt.date(2026, 11, 23)}, "has not come yet"),
        ({"paid_on": dt.date(2020, 1, 1)}, "before the scheme"),
    ],
)
def test_a_receipt_that_cannot_be_is_refused(said: dict[str, Any], words: str) -> None:
    with pytest.raises(BadPayment) as refused:
        note(craftworker(), **said)
    assert words in refused.value.sentence()
    assert not PaymentNote.objects.exists()


def test_a_receipt_of_a_morning_that_has_begun_in_morocco_only_is_noted() -> None:
    night = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    receipt = Receipt("bank", "T-1", "", 16_352, dt.date(2026, 11, 23))
    fatima = craftworker()
    note_payment(person_id=fatima.person_id, receipt=receipt, actor=clerk(), at=night)
    pay(fatima, 16_352, dt.date(2026, 11, 23), at=night)
    assert only().state == "confirmed"


def test_a_receipt_is_noted_once_and_a_command_done_once() -> None:
    fatima, command, who = craftworker(), uuid.uuid4(), clerk()
    once = note(fatima, who=who, command_id=command)
    assert note(fatima, who=who, command_id=command) == once
    with pytest.raises(ReceiptNotedBefore):
        note(craftworker())


def test_a_note_made_by_mistake_is_taken_back() -> None:
    fatima = craftworker()
    made = note(fatima)
    with pytest.raises(BadPayment):
        take_back_note(made.note_id, reason=" ", actor=clerk(), at=AT)
    take_back_note(made.note_id, reason="Another person's receipt", actor=clerk(), at=AT)
    assert statement_of(fatima.person_id, scope=WHOLE_COUNTRY).notes == ()
    with pytest.raises(NoteNotWaiting):
        take_back_note(made.note_id, reason="Again", actor=clerk(), at=AT)
    pay(fatima, 16_352, PAID, reference="T-77", channel="relay_point")
    assert only().state == "taken_back"
    note(craftworker())


def test_a_confirmed_note_is_not_taken_back() -> None:
    fatima = craftworker()
    made = note(fatima)
    pay(fatima, 16_352, PAID)
    with pytest.raises(NoteNotWaiting):
        take_back_note(made.note_id, reason="Mistake", actor=clerk(), at=AT)


def test_who_may_and_where() -> None:
    fatima = craftworker()
    for role in (Role.AUDITOR, Role.PROGRAMME_LEAD, Role.DIRECTORATE):
        with pytest.raises(NotAllowed):
            note(fatima, who=agent(role, national=True))
    with pytest.raises(NotFoundInScope):
        note(fatima, who=clerk("06.141"))
    made = note(fatima)
    with pytest.raises(NotFoundInScope):
        take_back_note(made.note_id, reason="Mine", actor=clerk("06.141"), at=AT)
    assert waiting_notes(scope=clerk("06.141").scope_of(*Role)) == []
    with pytest.raises(NotFoundInScope):
        take_back_note(10**9, reason="None", actor=clerk(), at=AT)


def test_a_note_nobody_confirms_is_asked_after_a_month() -> None:
    fatima = craftworker()
    made = note(fatima)
    later = AT + dt.timedelta(days=31)
    find_anomalies(actor=system(), at=AT + dt.timedelta(days=29))
    assert work_queue(scope=WHOLE_COUNTRY, kind="note_unconfirmed") == []
    find_anomalies(actor=system(), at=later)
    (item,) = work_queue(scope=WHOLE_COUNTRY, kind="note_unconfirmed")
    assert item.person_id == fatima.person_id
    take_back_note(made.note_id, reason="Lost", actor=clerk(), at=later)
    find_anomalies(actor=system(), at=later)
    assert work_queue(scope=WHOLE_COUNTRY, kind="note_unconfirmed") == []


@settings(
    max_examples=10, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    steps=st.lists(
        st.tuples(st.booleans(), st.integers(0, 12), st.sampled_from([10_000, 16_352])),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_in_any_order_a_payment_confirms_one_note_at_most(
    steps: list[tuple[bool, int, int]],
) -> None:
    from django.db import transaction

    with transaction.atomic():
        fatima = craftworker()
        for number, (is_note, day, amount) in enumerate(steps):
            on = PAID + dt.timedelta(day)
            if is_note:
                note(fatima, reference=f"N{number}", amount_centimes=amount, paid_on=on)
            else:
                pay(fatima, amount, on)
        confirmed = PaymentNote.objects.filter(state="confirmed")
        assert all(one.amount_centimes == one.payment.amount_centimes for one in confirmed)
        for waiting in PaymentNote.objects.filter(state="noted"):
            free = Payment.objects.filter(amount_centimes=waiting.amount_centimes, note=None)
            assert all(abs((one.paid_on - waiting.paid_on).days) > 5 for one in free)
        transaction.set_rollback(True)
