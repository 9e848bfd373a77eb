"""Bank statements: each entry booked, taken back, known already, or told; wrong ones refused."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contributions.factories import craftworker
from tests.exchange.factories import DAY, Line, camt, camt_file, camt_statement, mt940
from tests.register.factories import AT, agent, system

from qafila.contributions.models.calls_and_ledger import Payment, PaymentFile
from qafila.contributions.models.refunds import Refund
from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.exchange.errors import BankFileRefused
from qafila.exchange.payments.files import book_bank_file, format_of, read_statements
from qafila.foundation.actors import Role
from qafila.foundation.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db
Writer = Callable[..., bytes]
WRITERS = [camt, mt940]


def book(content: bytes, channel: str = "bank") -> PaymentFileOutcome:
    outcome = book_bank_file(content, "releve.dat", channel=channel, actor=system(), at=AT)
    counted = outcome.rows_accepted + outcome.rows_rejected + outcome.rows_repeated
    assert outcome.rows_read == counted
    return outcome


def counts(outcome: PaymentFileOutcome) -> tuple[int, int, int]:
    return outcome.rows_accepted, outcome.rows_rejected, outcome.rows_repeated


def paid_by(fund_number: str, **fields: object) -> Line:
    line = Line(text=f"COTISATION AMO CNSS {fund_number}", reference=f"E{fund_number}")
    return dataclasses.replace(line, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("write", WRITERS)
def test_money_in_is_booked_under_its_reference(write: Writer) -> None:
    fatima = craftworker()
    outcome = book(write(paid_by(fatima.fund_number, reference="AMO-2026-11")))
    assert counts(outcome) == (1, 0, 0)
    payment = Payment.objects.get()
    assert (payment.person_id, payment.amount_centimes, payment.paid_on, payment.reference) == (
        fatima.person_id, 16352, DAY, "AMO-2026-11"
    )  # fmt: skip


@pytest.mark.parametrize("version", ["02", "04", "06", "08"])
def test_each_version_of_camt_is_read(version: str) -> None:
    one, other = craftworker().fund_number, craftworker().fund_number
    batch = Line(
        f"CNSS {one}|CNSS {other}", 30000, bank="B1", reference="LOT", shares=(10000, 20000)
    )
    assert counts(book(camt(paid_by(one), batch, version=version))) == (3, 0, 0)
    assert sorted(Payment.objects.values_list("amount_centimes", flat=True)) == [
        10000, 16352, 20000
    ]  # fmt: skip


def test_card_and_register_numbers_name_the_payer_too() -> None:
    card = craftworker()
    line = Line(text=f"Cotisation CIN {card.person.card_number.lower()} nov.", bank="B7")
    assert counts(book(camt(line))) == (1, 0, 0)
    assert Payment.objects.get().reference == "B7"


@pytest.mark.parametrize("write", WRITERS)
def test_a_payment_taken_back_is_reversed_by_its_reference(write: Writer) -> None:
    fatima = craftworker()
    book(write(paid_by(fatima.fund_number, reference="PRLV1"), number="1"))
    back = Line("IMPAYE", reference="PRLV1", mark="RC", day=DAY + dt.timedelta(days=2))
    outcome = book(write(back, number="2"))
    assert counts(outcome) == (1, 0, 0)
    assert outcome.total_centimes == -16352
    assert Payment.objects.get().reversed_on == DAY + dt.timedelta(days=2)
    again = book(write(back, number="3"))
    assert counts(again) == (0, 0, 1)


@pytest.mark.parametrize("write", WRITERS)
def test_paid_and_taken_back_in_one_statement(write: Writer) -> None:
    line = paid_by(craftworker().fund_number, reference="PRLV2")
    outcome = book(write(line, dataclasses.replace(line, mark="RC")))
    assert counts(outcome) == (2, 0, 0)
    assert Payment.objects.get().reversed_on == DAY


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (Line("FRAIS DE TENUE DE COMPTE", 5000, "D"), "50.00 DH left the account"),
        (Line("REGULARISATION FRAIS", 5000, "RD"), "had been paid out came back"),
        (Line("REMBOURSEMENT CNSS 123456789", 5000, "D"), "Nobody is known under the number"),
        (Line("VIR GSM 121701042"), "names no fund, register or card number"),
        (Line("VIR 661701042"), "names no fund, register or card number"),
        (Line("VERSEMENT ESPECES"), "names no fund, register or card number"),
        (Line("CNSS 123456789 POUR CNSS 987654321"), "names no fund, register or card number"),
        (Line("CNSS 999999999"), "Nobody is known"),
        (Line("IMPAYE", mark="RC", reference="NEVER"), "no payment is booked"),
        (Line("IMPAYE", 100, "RC", reference="KNOWN"), "1.00 DH, but 163.52 DH were booked"),
        (Line("IMPAYE", mark="RC", reference="KNOWN", day=DAY - dt.timedelta(days=1)),
         "before the payment"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("write", WRITERS)
def test_what_is_no_payment_is_told_and_not_lost(write: Writer, line: Line, sentence: str) -> None:
    known = paid_by(craftworker().fund_number, reference="KNOWN")
    outcome = book(write(known, line))
    assert counts(outcome) == (1, 1, 0)
    (problem,) = outcome.problems
    assert problem.sentence().startswith("Row 2: ")
    assert sentence in problem.sentence()
    assert PaymentFile.objects.get().problems == [problem.as_json()]


def test_announced_money_and_batches_without_amounts_are_told() -> None:
    number = craftworker().fund_number
    batch = Line(f"CNSS {number}|x", 30000, shares=(None, None))
    outcome = book(camt(paid_by(number, status="PDNG"), batch))
    assert counts(outcome) == (0, 3, 0)
    assert "only announces" in outcome.problems[0].sentence()
    assert "without each one's amount" in outcome.problems[1].sentence()


@pytest.mark.parametrize("write", WRITERS)
def test_a_statement_sent_again_is_repeated(write: Writer) -> None:
    lines = [paid_by(craftworker().fund_number), paid_by(craftworker().fund_number)]
    assert counts(book(write(*lines))) == (2, 0, 0)
    assert counts(book(write(*lines))) == (0, 0, 2)
    # Other bytes, the same statement: once with references, once with none at all.
    assert counts(book(write(*lines) + b"\n")) == (0, 0, 2)
    bare = [dataclasses.replace(line, reference="NOTPROVIDED") for line in lines]
    assert counts(book(write(*bare, number="77"))) == (2, 0, 0)
    assert counts(book(write(*bare, number="77") + b"\n\n")) == (0, 0, 2)
    assert Payment.objects.count() == 4


@pytest.mark.parametrize("write", WRITERS)
def test_payers_who_choose_the_same_reference_are_all_booked(write: Writer) -> None:
    one, other = craftworker().fund_number, craftworker().fund_number
    same = [paid_by(one, reference="AMO", bank="B1"), paid_by(other, reference="AMO", bank="B2")]
    assert counts(book(write(*same, number="1"))) == (2, 0, 0)
    third = paid_by(craftworker().fund_number, reference="AMO", bank="B3")
    assert counts(book(write(third, number="2"))) == (1, 0, 0)
    assert counts(book(write(*same, number="1") + b"\n")) == (0, 0, 2)
    assert set(Payment.objects.values_list("reference", flat=True)) == {"AMO", "B2", "B3"}


def test_a_return_goes_to_the_payer_it_names() -> None:
    one, other = craftworker(), craftworker()
    book(camt(paid_by(one.fund_number, reference="AMO"), number="1"))
    back = paid_by(other.fund_number, reference="AMO", mark="RC")
    assert counts(book(camt(back, number="2"))) == (0, 1, 0)
    assert not Payment.objects.exclude(reversed_on=None).exists()


def test_several_statements_in_one_file() -> None:
    one, other = paid_by(craftworker().fund_number), paid_by(craftworker().fund_number)
    content = camt_file(camt_statement(one, number="1") + camt_statement(other, number="2"))
    assert counts(book(content)) == (2, 0, 0)
    assert counts(book(mt940(one, number="1") + mt940(other, number="2"))) == (0, 0, 2)


def test_a_csv_file_is_read_as_ever() -> None:
    number = craftworker().fund_number
    text = f"reference,fund_number,amount_dh,paid_on\nB1,{number},163.52,2026-11-10\n"
    assert counts(book(text.encode())) == (1, 0, 0)
    with pytest.raises(DomainError) as refusal:
        book(b"")
    assert refusal.value.code == "payment_file_unreadable"


BOMB = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><x>&b;</x></Document>"""
OUTSIDE = b"""<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><x>&a;</x></Document>"""
LINE = Line("CNSS 123456789")
DEEP = camt_file("<a>" * 60 + "</a>" * 60)
REFUSED = [
    (camt(LINE, closing=5), "closes with 0.05 DH, but its opening balance and entries give 10163"),
    (mt940(LINE, closing=-5), "closes with -0.05 DH"),
    (camt(LINE, currency="EUR"), "is in EUR"),
    (mt940(LINE, currency="EUR"), "is in EUR"),
    (camt(LINE, count=2, credits="163.52"), "announces 2 entries, but holds 1"),
    (camt(LINE, count=1, credits="163.53"), "total of 163.53 DH, but its entries add up to 163.52"),
    (camt(Line("a|b", 30000, shares=(1, 2))), "its parts add up to 0.03 DH"),
    (camt(LINE)[:-40], "XML is broken at line 1"),
    (mt940(LINE)[:-40], "is not whole"),
    (mt940(LINE).replace(b":60F:", b":60X:"), "is not whole"),
    (mt940(LINE).replace(b":61:261110", b":61:269910"), "cannot be read as MT940"),
    (b":20:A\n:25:B\n:61:nonsense\n", "cannot be read as MT940"),
    (b":25:B\n:60F:C261109MAD1,00\n", "holds no statement"),
    (mt940(LINE) + b"\0", "not text"),
    (camt(LINE).replace(b"<Stmt>", b"<Stmt>\0"), "XML is broken"),
    (camt(LINE).replace(b"UTF-8", b"KOI-99"), "encoding that cannot be read"),
    (camt(LINE).replace(b"CNSS", "é".encode("cp1252")), "XML is broken"),
    (camt(LINE).replace(b"053.001", b"052.001"), "not a statement of account"),
    (b"<html><body>Session expired</body></html>", "not a statement of account"),
    (camt_file(""), "holds no statement"),
    (camt(LINE).replace(b"CLBD", b"XXXX"), "no opening or no closing balance"),
    (camt(LINE).replace(b"<Id>RLV-2026-11-10</Id>", b""), "has no identifier"),
    (camt(LINE).replace(b"2026-11-10</Dt></ValDt>", b"10/11/26</Dt></ValDt>"), "is not a date"),
    (camt(LINE).replace(b">163.52<", b">163,52<"), "entry 1: “163,52” in Amt is not an amount"),
    (camt(LINE).replace(b">163.52<", b">-1<"), "is not an amount"),
    (camt(LINE).replace(b">163.52<", b">NaN<"), "is not an amount"),
    (camt(LINE).replace(b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<Sts>"), "neither CRDT nor DBIT"),
    (BOMB, "defines entities"),
    (OUTSIDE, "defines entities"),
    (DEEP, "nested deeper"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), REFUSED)
def test_a_wrong_file_is_refused_whole_in_a_sentence(content: bytes, reason: str) -> None:
    with pytest.raises(BankFileRefused) as refusal:
        book(content)
    assert reason in refusal.value.sentence()
    assert refusal.value.sentence().startswith("The bank file releve.dat was refused: ")
    assert refusal.value.sentence().endswith("Nothing was booked.")
    assert not PaymentFile.objects.exists()


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qafila.exchange.payments.files.LARGEST_FILE", 100)
    with pytest.raises(BankFileRefused, match="bank_file_refused") as refusal:
        book(camt(LINE))
    assert "128 MB" in refusal.value.sentence()


def test_only_those_who_may_post_book_a_statement() -> None:
    for role in (Role.COUNTER_AGENT, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            book_bank_file(camt(LINE), "x", channel="bank", actor=agent(role, national=True), at=AT)


def test_a_file_s_name_is_never_opened() -> None:
    assert format_of(b"/etc/passwd") == "table"
    with pytest.raises(DomainError):
        book(b"/etc/hostname")


LINES = st.builds(
    Line,
    text=st.sampled_from(["CNSS {0}", "{1} merci", "FRAIS", "CIN {2}", ""]),
    centimes=st.integers(1, 10**9),
    mark=st.sampled_from(["C", "C", "C", "D", "RC", "RD"]),
    reference=st.sampled_from(["NOTPROVIDED", "A1", "A2", "AMO", "total"]),
    bank=st.sampled_from(["", "B1", "B2", "B3"]),
    day=st.dates(dt.date(2026, 10, 1), dt.date(2026, 11, 20)),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(LINES, max_size=8), st.sampled_from(WRITERS), st.integers(0, 10**6))
def test_any_statement_is_booked_once_and_its_totals_hold(
    lines: list[Line], write: Writer, number: int
) -> None:
    one, other = craftworker(), craftworker()
    known = (one.fund_number, other.fund_number, one.person.card_number)
    told = [dataclasses.replace(line, text=line.text.format(*known)) for line in lines]
    before = _booked()
    content = write(*told, number=str(number % 10**5))
    outcome = book(content + b"\n" * (number % 7))
    assert outcome.rows_read == len(lines)
    assert _booked() - before == outcome.total_centimes
    again = book(content + b"\n" * (number % 7 + 1))
    assert (again.rows_accepted, again.total_centimes) == (0, 0)
    assert again.rows_rejected == outcome.rows_rejected
    assert _booked() - before == outcome.total_centimes


def _booked() -> int:
    good = Payment.objects.filter(reversed_on=None).values_list("amount_centimes", flat=True)
    out = Refund.objects.filter(state="paid").values_list("amount_centimes", flat=True)
    return sum(good) - sum(out)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(WRITERS))
def test_damaged_files_are_read_or_refused_never_a_fault(
    data: st.DataObject, write: Writer
) -> None:
    content = bytearray(write(LINE, Line("x", mark="RC", reference="A"), Line(mark="D")))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(BankFileRefused):
        assert read_statements(bytes(content), "releve.dat")
