"""Payment files: every row ends accepted, rejected with a sentence, or known already."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from tests.contributions.factories import (
    NOVEMBER,
    book_file,
    craftworker,
    in_arrears,
    payments_file,
    run,
)
from tests.register.factories import AT, agent, system

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.ledger.closing import close_month
from qafila.contributions.models.calls_and_ledger import Call, LedgerLine, Payment, PaymentFile
from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.demonstration.payments import write_demonstration_payments
from qafila.exchange.errors import PaymentFileUnreadable
from qafila.exchange.payments.files import book_bank_file
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.trail import acting
from qafila.register.models import Entry

pytestmark = pytest.mark.django_db


def book(path: Path, channel: str = "bank", at: dt.datetime = AT) -> PaymentFileOutcome:
    return book_file(path, channel, at=at)


def test_a_payment_settles_the_call_of_its_person(tmp_path: Path) -> None:
    fatima = craftworker()
    run()
    outcome = book(payments_file(tmp_path, {"fund_number": fatima.fund_number}))
    assert (outcome.rows_read, outcome.rows_accepted, outcome.total_centimes) == (1, 1, 16352)
    assert Call.objects.get().settled_on == dt.date(2026, 11, 10)
    assert Payment.objects.get().unallocated_centimes == 0


def test_any_of_the_three_numbers_finds_the_person(tmp_path: Path) -> None:
    fatima = craftworker()
    with acting(system(), at=AT):
        Entry.objects.create(person=fatima.person, register_number="77", entered_on=AT.date())
    card = fatima.person.card_number
    outcome = book(
        payments_file(
            tmp_path,
            {"fund_number": fatima.fund_number},
            {"register_number": "77"},
            {"card_number": f"{card[:2].lower()} {card[2:]}"},
        )
    )
    assert outcome.rows_accepted == 3
    assert {payment.person_id for payment in Payment.objects.all()} == {fatima.person_id}


def test_the_oldest_due_is_paid_first_and_the_rest_waits(tmp_path: Path) -> None:
    fatima = in_arrears(2)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    run()
    book(payments_file(tmp_path, {"fund_number": fatima.fund_number, "amount_dh": "200"}))
    settled = dict(Call.objects.values_list("month", "settled_on"))
    assert settled[dt.date(2026, 9, 1)] == dt.date(2026, 11, 10)
    assert settled[dt.date(2026, 10, 1)] is None
    book(payments_file(tmp_path, {"fund_number": fatima.fund_number, "amount_dh": "500"}))
    assert not Call.objects.filter(settled_on=None).exists()
    assert sum(p.unallocated_centimes for p in Payment.objects.all()) == 70000 - 3 * 16352


def test_the_same_file_is_counted_and_not_booked_twice(tmp_path: Path) -> None:
    path = payments_file(tmp_path, {"fund_number": craftworker().fund_number})
    book(path)
    again = book(path)
    assert (again.rows_read, again.rows_repeated, again.rows_accepted) == (1, 1, 0)
    assert again.known_file
    assert PaymentFile.objects.count() == Payment.objects.count() == 1


def test_the_same_reference_is_booked_once(tmp_path: Path) -> None:
    number = craftworker().fund_number
    row = {"reference": "A1", "fund_number": number}
    first = book(payments_file(tmp_path, row, row))
    assert (first.rows_accepted, first.rows_repeated) == (1, 1)
    second = book(payments_file(tmp_path, row, {"fund_number": number}))
    assert (second.rows_accepted, second.rows_repeated) == (1, 1)
    other_channel = book(payments_file(tmp_path, {**row, "paid_on": "2026-11-11"}), "relay_point")
    assert other_channel.rows_accepted == 1


def test_a_reference_that_comes_back_for_another_payment_is_told(tmp_path: Path) -> None:
    one, other = craftworker(), craftworker()
    row = {"reference": "A1", "fund_number": one.fund_number}
    within = book(
        payments_file(
            tmp_path,
            row,
            {**row, "amount_dh": "100"},
            {**row, "fund_number": other.fund_number},
            {**row, "paid_on": "2026-11-11"},
            row,
        )
    )
    assert (within.rows_accepted, within.rows_rejected, within.rows_repeated) == (1, 3, 1)
    assert {problem.code for problem in within.problems} == {"reference_reused"}
    assert "A1 was booked before" in within.problems[0].sentence()
    later = book(payments_file(tmp_path, {**row, "amount_dh": "99"}, {**row, "reference": "A1"}))
    assert (later.rows_accepted, later.rows_rejected, later.rows_repeated) == (0, 1, 1)
    assert Payment.objects.count() == 1


BAD_ROWS = [
    ({"amount_dh": "-163.52"}, "negative"),
    ({"amount_dh": "0"}, "zero"),
    ({"amount_dh": "cent"}, "“cent” is not an amount"),
    ({"amount_dh": "163.529"}, "in two ways"),
    ({"amount_dh": "1163.529"}, "not an amount"),
    ({"paid_on": "31/02/2026"}, "“31/02/2026” is not a date"),
    ({"paid_on": "2027-01-01"}, "has not come yet"),
    ({"paid_on": "2019-01-01"}, "before the scheme began"),
    ({"fund_number": "999999999"}, "Nobody is known"),
    ({"fund_number": ""}, "No number says who paid"),
    ({"reference": ""}, "reference is empty"),
    ({"reference": "x" * 61}, "longer than 60"),
]


@pytest.mark.parametrize(("wrong", "sentence"), BAD_ROWS)
def test_a_bad_row_gets_its_sentence_and_stops_no_other(
    wrong: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    good = {"fund_number": craftworker().fund_number}
    outcome = book(payments_file(tmp_path, good, {**good, **wrong}, good))
    assert (outcome.rows_read, outcome.rows_accepted, outcome.rows_rejected) == (3, 2, 1)
    (problem,) = outcome.problems
    assert problem.sentence().startswith("Row 3: ")
    assert sentence in problem.sentence()
    assert problem.sentence().endswith(".")
    kept = PaymentFile.objects.get(pk=outcome.file_id).problems
    assert kept == [problem.as_json()]


def test_numbers_of_two_persons_in_one_row_go_to_a_human(tmp_path: Path) -> None:
    one, other = craftworker(), craftworker()
    row = {"fund_number": one.fund_number, "card_number": other.person.card_number}
    (problem,) = book(payments_file(tmp_path, row)).problems
    assert "more than one person" in problem.sentence()


def test_a_wrong_total_refuses_the_file_and_a_right_one_is_no_row(tmp_path: Path) -> None:
    row = {"fund_number": craftworker().fund_number}
    with pytest.raises(PaymentFileUnreadable) as wrong:
        book(payments_file(tmp_path, row, {"reference": "TOTAL", "amount_dh": "999.00"}))
    assert "“999.00”, but the rows add up to 163.52 DH" in wrong.value.sentence()
    assert not PaymentFile.objects.exists()
    right = book(payments_file(tmp_path, row, {"reference": "total", "amount_dh": "163,52"}))
    assert (right.rows_read, right.rows_accepted) == (1, 1)


def test_a_payment_of_a_closed_month_stands_in_the_open_one(tmp_path: Path) -> None:
    fatima = craftworker()
    run(dt.date(2026, 10, 1))
    close_month(dt.date(2026, 10, 1), actor=agent(Role.FUND_LIAISON, national=True), at=AT)
    row = {"fund_number": fatima.fund_number}
    outcome = book(payments_file(tmp_path, row, {**row, "paid_on": "15/10/2026"}))
    assert (outcome.rows_accepted, outcome.problems) == (2, ())
    late = Payment.objects.get(paid_on=dt.date(2026, 10, 15))
    lines = LedgerLine.objects.filter(posting=f"payment:{late.pk}")
    assert set(lines.values_list("month", "posted_on")) == {(dt.date(2026, 11, 1), late.paid_on)}


UNREADABLE = [
    (b"", "empty"),
    (b"PK\x03\x04rest", "damaged"),
    (b"%PDF-1.7", "a PDF document"),
    (b"reference,amount_dh\n\0\n", "not text"),
    (b"reference,amount_dh,paid_on\nA,1,2026-11-01\n", "fund_number"),
    (b"ref,montant\nA,1\n", "the column paid_on is missing"),
    (b"a,b\nA,1\n", "the column reference, amount_dh, paid_on, fund_number is missing"),
    (
        b"reference;amount;montant;date;cnss\nA;1;2;2026-11-01;1\n",
        "two columns are headed as amount_dh (amount, montant)",
    ),
]


@pytest.mark.parametrize(("content", "reason"), UNREADABLE)
def test_what_is_no_payment_file_is_refused_whole(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(PaymentFileUnreadable) as refusal:
        book(path)
    assert reason in refusal.value.sentence()
    assert "file.csv" in refusal.value.sentence()


def test_semicolons_byte_marks_and_decimal_commas_are_read(tmp_path: Path) -> None:
    path = tmp_path / "banque.csv"
    number = craftworker().fund_number
    text = f"Reference;Fund_number;Amount_DH;Paid_on\nB1;{number};1 163,52;10/11/2026\n"
    path.write_bytes("\ufeff".encode() + text.encode())
    assert book(path).total_centimes == 116352


@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.AUDITOR])
def test_only_the_fund_the_lead_and_jobs_book(role: Role, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        book_bank_file(b"", "x.csv", channel="bank", actor=agent(role, national=True), at=AT)


def test_the_demonstration_file_repeats_itself_and_books_whole(tmp_path: Path) -> None:
    for _ in range(40):
        craftworker()
    run()
    one, other = tmp_path / "1.csv", tmp_path / "2.csv"
    rows = write_demonstration_payments(one, NOVEMBER, seed=7, share=0.6)
    assert write_demonstration_payments(other, NOVEMBER, seed=7, share=0.6) == rows
    assert one.read_bytes() == other.read_bytes()
    outcome = book(one)
    assert outcome.rows_read == outcome.rows_accepted == rows > 10
