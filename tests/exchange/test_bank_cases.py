"""What banks and relay points send, one small file per kind; each gives its right value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils import translation
from tests.contributions.factories import book_file, craftworker, in_arrears, run
from tests.exchange.factories import Line, camt, mt940
from tests.register.factories import AT, agent, system

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.errors import BadPayment
from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.contributions.payments.recording import record_payment, reverse_payment
from qafila.contributions.payments.refunds.refunds import approve_refund, ask_refund
from qafila.exchange.errors import PaymentFileUnreadable, SynonymsFileRefused
from qafila.exchange.payments.files import book_bank_file
from qafila.exchange.payments.operators import Operator, SentPayment, book_sent_payments
from qafila.foundation.actors import Role
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import system_actor
from qafila.rights.models import RightsPeriod
from qafila.tables.synonyms import parse_synonyms

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent / "data" / "bank"


def book(content: bytes, name: str = "a.csv", channel: str = "bank") -> PaymentFileOutcome:
    return book_bank_file(content, name, channel=channel, actor=system(), at=AT)


def codes(outcome: PaymentFileOutcome) -> dict[int, str]:
    return {problem.row: problem.code for problem in outcome.problems}


# File, its payer's number, rows accepted, and the code of each row that was not.
CASES: list[tuple[str, str, int, dict[int, str]]] = [
    ("decimal_comma_cuts_the_last_cell.csv", "182069653", 0, {2: "cells_beyond"}),
    ("ways_to_write_a_day.csv", "158065618", 3, {2: "bad_date", 5: "two_digit_year"}),
    ("arabic_digits.csv", "150939747", 1, {}),
    ("blank_last_line.csv", "123016087", 1, {}),
    ("french_headings.csv", "197264186", 1, {}),
    ("text_about_the_statement.sta", "180185824", 0, {1: "no_payer_in_text"}),
    ("bounced_refund.sta", "101118416", 0, {1: "refund_returned"}),
    ("telephone_in_the_text.sta", "121701042", 0, {1: "no_payer_in_text"}),
    ("no_references.xml", "114129454", 1, {}),
    ("batch_in_another_currency.xml", "177051264", 0, dict.fromkeys((1, 2, 3), "foreign_share")),
    ("payment.xml", "168732312", 1, {}),
    ("blank_lines_above.xml", "172126766", 1, {}),
    ("ultimate_debtor.xml", "113615164", 1, {2: "no_payer_in_text", 3: "no_payer_in_text"}),
]


@pytest.mark.parametrize(("name", "number", "accepted", "wrong"), CASES)
def test_each_kind_of_file(name: str, number: str, accepted: int, wrong: dict[int, str]) -> None:
    payer = craftworker(fund_number=number)
    outcome = book_file(DATA / name)
    assert codes(outcome) == wrong
    assert (outcome.rows_accepted, outcome.rows_repeated) == (accepted, 0)
    assert outcome.rows_read == accepted + len(wrong)
    assert outcome.total_centimes == accepted * 16352
    assert all(payment.person_id == payer.person_id for payment in Payment.objects.all())
    for problem in outcome.problems:
        for language in ("ar", "fr", "zgh", "en"):
            with translation.override(language):
                assert problem.sentence().rstrip("\u2069").endswith(".")


def test_money_paid_out_to_a_named_payer_is_a_refund_of_the_credit() -> None:
    payer = craftworker(fund_number="136196293")
    outcome = book_file(DATA / "paid_out.xml")
    assert (codes(outcome), outcome.rows_accepted, outcome.total_centimes) == ({}, 2, 0)
    assert Payment.objects.get().unallocated_centimes == 0
    refund = Refund.objects.get()
    assert (refund.person_id, refund.state, refund.bank_line) == (payer.person_id, "paid", "E-C07")
    again = book((DATA / "paid_out.xml").read_bytes() + b"\n", "again.xml")
    assert (again.rows_repeated, again.total_centimes) == (2, 0)


@pytest.mark.parametrize("write", [camt, mt940])
def test_a_refund_that_bounced_is_credit_again(write: type) -> None:
    text = f"CNSS {craftworker().fund_number}"
    book(write(Line(text), Line(text, 5000, mark="D"), number="1"))
    assert Payment.objects.get().unallocated_centimes == 11352
    back = write(Line(text, 5000, mark="RD", reference="BACK"), number="2")
    assert book(back).total_centimes == 5000
    assert Payment.objects.get().unallocated_centimes == 16352
    assert book(back + b"\n").rows_repeated == 1
    assert Refund.objects.get().state == "returned"


@pytest.mark.parametrize("write", [camt, mt940])
def test_an_approved_refund_is_paid_by_its_line_and_more_than_the_credit_is_not(
    write: type,
) -> None:
    payer = craftworker()
    text = f"CNSS {payer.fund_number}"
    book(write(Line(text), number="1"))
    one, other = (agent(Role.FUND_LIAISON, national=True) for _ in range(2))
    asked = ask_refund(
        payer.person_id, amount_centimes=16352, reason="Paid twice", actor=one, at=AT
    )
    approve_refund(asked.refund_id, actor=other, at=AT)
    assert codes(book(write(Line(text, 5000, mark="D", reference="X"), number="2"))) == {
        1: "paid_out"
    }
    assert not codes(book(write(Line(text, mark="D", reference="Y"), number="3")))
    assert Refund.objects.get().state == "paid"


def test_a_total_that_disagrees_refuses_the_file_in_the_reader_s_language() -> None:
    craftworker(fund_number="146686184")
    with pytest.raises(PaymentFileUnreadable) as refused:
        book_file(DATA / "total_off_by_a_centime.csv")
    assert not PaymentFile.objects.exists()
    with translation.override("fr"):
        french = refused.value.sentence()
    with translation.override("ar"):
        arabic = refused.value.sentence()
    assert "“163,53”" not in french
    assert "163,53" in french
    assert "163,52" in arabic
    assert not {"refused", "total"} & set(arabic.split())


def test_an_entry_without_references_under_another_statement_is_asked_about() -> None:
    craftworker(fund_number="114129454")
    assert book_file(DATA / "no_references.xml").rows_accepted == 1
    assert codes(book_file(DATA / "no_references_weekly.xml")) == {1: "possible_repeat"}
    again = (DATA / "no_references.xml").read_bytes() + b"\n"
    assert book(again, "again.xml").rows_repeated == 1
    assert Payment.objects.count() == 1


def test_two_entries_alike_in_one_statement_are_two_payments() -> None:
    line = Line(f"CNSS {craftworker().fund_number}")
    for write in (camt, mt940):
        assert book(write(line, line, number="5")).rows_accepted == 2
        Payment.objects.filter(reversed_on=None).update(paid_on=dt.date(2026, 10, 1))


@pytest.mark.parametrize("write", [camt, mt940])
def test_the_same_statement_number_another_year_is_another_statement(write: type) -> None:
    one = Line(f"CNSS {craftworker().fund_number}", day=dt.date(2026, 9, 10))
    other = Line(f"CNSS {craftworker().fund_number}", 20000)
    assert book(write(one, number="1")).rows_accepted == 1
    assert book(write(other, number="1")).rows_accepted == 1


def test_a_payment_and_its_return_are_journalled_as_booked() -> None:
    line = Line(f"CNSS {craftworker().fund_number}", reference="PRLV")
    back = Line("IMPAYE", reference="PRLV", mark="RC")
    book(camt(line, back))
    entry = JournalEntry.objects.get(verb="contributions.payments_booked")
    assert (entry.data["read"], entry.data["total_dh"]) == (2, "0.00")


def test_text_of_the_whole_entry_names_no_single_payer() -> None:
    number = craftworker().fund_number
    batch = camt(Line("AMO|AMO", 30000, shares=(10000, 20000), reference="LOT"))
    text = f"<AddtlNtryInf>CNSS {number}</AddtlNtryInf></Ntry>".encode()
    assert set(codes(book(batch.replace(b"</Ntry>", text))).values()) == {"no_payer_in_text"}


def test_a_broken_line_is_named_as_the_person_sees_it() -> None:
    with pytest.raises(Exception, match="bank_file_refused") as refused:
        book(b"\n\n" + camt(Line("x"))[:-30])
    assert "line 3," in refused.value.sentence()  # type: ignore[attr-defined]


ROWS = [
    ["Versements du mois de novembre"], [],
    ["N° de reçu", "Montant", "Date", "Immatriculation CNSS"],
]  # fmt: skip


def test_a_workbook_with_a_title_line_is_read(tmp_path: Path) -> None:
    path = tmp_path / "relais.xlsx"
    with xlsxwriter.Workbook(path) as file:
        sheet = file.add_worksheet()
        day = file.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.write_row(3, 0, ["R1", 163.52])
        sheet.write_datetime(3, 2, dt.datetime(2026, 11, 10), day)  # noqa: DTZ001
        sheet.write(3, 3, int(craftworker().fund_number))
        sheet.write_row(5, 0, ["TOTAL", 163.52])
    outcome = book_file(path, "relay_point")
    assert (outcome.rows_read, outcome.rows_accepted) == (1, 1)
    assert Payment.objects.get().reference == "R1"


def test_a_csv_with_a_title_line_is_read() -> None:
    row = ["R1", "163,52", "10/11/2026", craftworker().fund_number]
    text = "\n".join(";".join(cells) for cells in [*ROWS, row])
    assert book(text.encode("cp1252")).rows_accepted == 1


def test_other_headings_are_read_with_a_synonyms_file() -> None:
    text = f"Bordereau;Versé;Jour;Adhérent\nB1;163,52;10/11/2026;{craftworker().fund_number}\n"
    with pytest.raises(PaymentFileUnreadable) as refused:
        book(text.encode())
    assert "synonyms file" in refused.value.sentence()
    headings = parse_synonyms(
        "fields:\n  reference: [bordereau]\n  amount_dh: [versé]\n  paid_on: [jour]\n"
        "  fund_number: [adhérent]\n",
        fields=("reference", "amount_dh", "paid_on", "fund_number"),
    )
    done = book_bank_file(
        text.encode(), "a.csv", channel="bank", actor=system(), at=AT, headings=headings
    )
    assert done.rows_accepted == 1


def test_the_installation_s_own_headings_hold_for_the_page_too(
    tmp_path: Path, settings: Any
) -> None:
    path = tmp_path / "headings.yaml"
    settings.PAYMENT_HEADINGS = str(path)
    text = f"Bordereau;Montant;Date;CNSS\nB1;163,52;10/11/2026;{craftworker().fund_number}\n"
    for wrong in (None, "fields: [", "x: 1", "fields:\n  sum: [x]\n"):
        if wrong:
            path.write_text(wrong)
        with pytest.raises(SynonymsFileRefused) as refused:
            book(text.encode())
        assert "headings.yaml was refused: " in refused.value.sentence()
    path.write_text("fields:\n  reference: [bordereau]\n")
    assert book(text.encode()).rows_accepted == 1


@pytest.mark.parametrize(
    ("amount", "code"),
    [("150.000", "two_ways_amount"), ("1,560", "two_ways_amount"), ("1e5", "bad_amount"),
     ("-0", "bad_amount"), ("163.5200", "bad_amount"), ("1 163,52", None)],
)  # fmt: skip
def test_amounts_of_files_are_never_guessed(amount: str, code: str | None) -> None:
    number = craftworker().fund_number
    outcome = book(f"reference;amount_dh;paid_on;cnss\nA;{amount};2026-11-10;{number}".encode())
    assert codes(outcome).get(2) == code


def test_line_numbers_count_blank_lines() -> None:
    number = craftworker().fund_number
    text = f"reference;amount_dh;paid_on;cnss\n\n;;;\nA;x;2026-11-10;{number}\n"
    outcome = book(text.encode())
    assert (outcome.rows_read, codes(outcome)) == (1, {4: "bad_amount"})


def test_a_reference_taken_back_is_free_for_another_payment_by_file_page_and_api() -> None:
    fatima = craftworker()
    text = f"reference;amount_dh;paid_on;cnss\nR;163,52;2026-11-10;{fatima.fund_number}\n"
    book(text.encode())
    _reverse()
    # The same payment again: said to have been taken back, never silently counted.
    assert codes(book(text.encode() + b"\n")) == {2: "reference_taken_back"}
    assert book(text.replace("11-10", "11-12").encode()).rows_accepted == 1
    _reverse()
    facts = {"person_id": fatima.person_id, "reference": "R", "channel": "bank"}
    who = {"amount_centimes": 16352, "actor": system(), "at": AT}
    with pytest.raises(BadPayment) as refused:
        record_payment(paid_on=dt.date(2026, 11, 12), **facts, **who)  # type: ignore[arg-type]
    assert "booked and reversed" in refused.value.sentence()
    record_payment(paid_on=dt.date(2026, 11, 13), **facts, **who)  # type: ignore[arg-type]
    assert Payment.objects.filter(reference="R").count() == 3


def test_an_operator_may_use_a_reference_again_once_it_was_taken_back() -> None:
    number = craftworker().fund_number
    operator = Operator(1, system_actor("operator").id, "Relais")
    sent = SentPayment("R", "fund", number, 16352, "2026-11-10")
    assert _answers(sent, operator) == ["accepted"]
    assert _answers(sent, operator) == ["repeated"]
    _reverse()
    (answer,) = book_sent_payments([sent], operator, at=AT)
    assert (answer.outcome, answer.code) == ("rejected", "reference_taken_back")
    later = SentPayment("R", "fund", number, 16352, "2026-11-11")
    assert _answers(later, operator) == ["accepted"]


def _answers(sent: SentPayment, operator: Operator) -> list[str]:
    return [answer.outcome for answer in book_sent_payments([sent], operator, at=AT)]


def _reverse() -> None:
    payment = Payment.objects.get(reversed_on=None)
    reverse_payment(payment.pk, reason="impayé", on=AT.date(), actor=system(), at=AT)


def test_rights_open_in_the_transaction_that_books() -> None:
    fatima = in_arrears(2, fund_number="126019528")
    open_reported_arrears(dt.date(2026, 11, 1), actor=system(), at=AT)
    run()
    at = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
    book_file(DATA / "arrears_paid.csv", at=at)
    today = RightsPeriod.objects.filter(person_id=fatima.person_id, since__lte=at.date())
    latest = today.order_by("since").last()
    assert latest is not None
    assert latest.status == "open"
