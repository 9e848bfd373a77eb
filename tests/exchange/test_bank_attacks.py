"""Files nobody should book as they stand, and odd ones that are right: one small case per kind."""

from __future__ import annotations

import pytest
from django.utils import translation
from tests.contributions.factories import craftworker
from tests.exchange.factories import Line, camt, camt_file, camt_statement, mt940
from tests.exchange.test_bank_cases import book, codes

from qafila.contributions.models.calls_and_ledger import Payment
from qafila.exchange.errors import BankFileRefused, PaymentFileUnreadable

pytestmark = pytest.mark.django_db
HEADED = "reference;fund_number;amount_dh;paid_on"
REFUSED = "refused"

# What the row says after its payer's number, and what becomes of it: centimes, or a code.
ROWS: list[tuple[str, int | str]] = [
    ("1.163,52;2026-11-10", 116352),
    ("1,163.52;2026-11-10", 116352),
    ("1\u00a0163,52;10/11/2026", 116352),
    ("١٬١٦٣٫٥٢;10/11/2026", 116352),
    ("163.52 MAD;2026-11-10", 16352),
    ("163.520;2026-11-10", "two_ways_amount"),
    ("1.163;2026-11-10", "two_ways_amount"),
    ("1.6352E2;2026-11-10", "bad_amount"),
    ("-0;2026-11-10", "bad_amount"),
    ("-163,52;2026-11-10", "negative_amount"),
    ("0,00;2026-11-10", "zero_amount"),
    ("163.52 EUR;2026-11-10", "bad_amount"),
    ("500000,00;2026-11-10", "above_bound"),
    (";2026-11-10", "no_amount"),
    ("163,52;", "no_date"),
    ("163,52", "no_date"),
    ("163,52;2026-11-10;20", "cells_beyond"),
    ("163,52;11/22/2026", "bad_date"),
    ("163,52;1999-11-10", "before_scheme"),
    ("163,52;2027-11-10", "future_date"),
]


@pytest.mark.parametrize(("cells", "expected"), ROWS)
def test_each_row_is_read_in_one_way_or_told(cells: str, expected: int | str) -> None:
    payer = craftworker()
    outcome = book(f"{HEADED}\nT1;{payer.fund_number};{cells}\n".encode())
    if isinstance(expected, int):
        assert (outcome.total_centimes, codes(outcome)) == (expected, {})
    else:
        assert (outcome.total_centimes, codes(outcome)) == (0, {2: expected})
    assert outcome.rows_read == 1


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("devise", "EUR", "foreign_currency"),
        ("العملة", "USD", "foreign_currency"),
        ("currency", "MAD", None),
        ("devise", "درهم", None),
        ("statut", "En attente", "not_paid_yet"),
        ("état", "Annulé", "not_paid_yet"),
        ("الحالة", "ملغى", "not_paid_yet"),
        ("status", "reversed?", "not_paid_yet"),
        ("statut", "Payé", None),
        ("الحالة", "مؤداة", None),
        ("statut", "", None),
    ],
)
def test_a_currency_and_a_status_beside_the_amount_are_heeded(
    heading: str, cell: str, code: str | None
) -> None:
    payer = craftworker()
    row = f"T1;{payer.fund_number};163,52;2026-11-10;{cell}"
    outcome = book(f"{HEADED};{heading}\n{row}\n".encode())
    assert codes(outcome) == ({} if code is None else {2: code})
    assert outcome.total_centimes == (16352 if code is None else 0)
    for language in ("ar", "fr", "zgh") if code else ():
        with translation.override(language):
            assert cell in outcome.problems[0].sentence()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1256"])
def test_the_encodings_of_spreadsheets_are_read(encoding: str) -> None:
    headings = "رقم الوصل;رقم التسجيل;المبلغ;التاريخ"
    row = f"T1;{craftworker().fund_number};163,52;10/11/2026"
    assert book(f"{headings}\n{row}\n".encode(encoding)).total_centimes == 16352


@pytest.mark.parametrize(
    "headings", ["reference;fund_number;amount_dh;amount_dh;paid_on",
                 "reference;fund_number;amount_dh;montant;paid_on",
                 "reference;fund_number;debit;credit;paid_on"],
)  # fmt: skip
def test_headings_that_name_no_one_amount_refuse_the_file(headings: str) -> None:
    with pytest.raises(PaymentFileUnreadable):
        book(f"{headings}\nT1;{craftworker().fund_number};163,52;1,00;10/11/2026\n".encode())
    assert not Payment.objects.exists()


def _camt(text: str, **changes: object) -> bytes:
    return camt(Line(text, reference="E1"), number="9", **changes)  # type: ignore[arg-type]


STATEMENTS: list[tuple[str, object]] = [
    ("pending", "entry_pending"),
    ("zero", "zero_amount"),
    ("two_payers", "no_payer_in_text"),
    ("five_decimals", None),
    ("exponent", REFUSED),
    ("comma", REFUSED),
    ("below_zero", REFUSED),
    ("euro_account", REFUSED),
    ("count", REFUSED),
    ("sum", REFUSED),
    ("closing", REFUSED),
    ("no_closing", REFUSED),
    ("no_day", REFUSED),
    ("cut", REFUSED),
    ("not_utf8", REFUSED),
    ("camt052", REFUSED),
    ("mt940_closing", REFUSED),
    ("mt940_euro", REFUSED),
    ("mt940_cut", REFUSED),
    ("mt940_point", REFUSED),
    ("mt940_whole", None),
    ("mt940_century", "future_date"),
]


def _statement(kind: str, text: str, other: str) -> bytes:
    good, mt = _camt(text), mt940(Line(text, reference="M1"))
    amount = b">163.52<"
    days = b"<BookgDt><Dt>2026-11-10</Dt></BookgDt><ValDt><Dt>2026-11-10</Dt></ValDt>"
    return {
        "pending": lambda: camt(Line(text, status="PDNG")),
        "zero": lambda: camt(Line(text, 0, reference="E1")),
        "two_payers": lambda: _camt(f"{text} ET {other}"),
        "five_decimals": lambda: good.replace(amount, b">163.52000<"),
        "exponent": lambda: good.replace(amount, b">1.6352E2<"),
        "comma": lambda: good.replace(amount, b">163,52<"),
        "below_zero": lambda: good.replace(amount, b">-163.52<"),
        "euro_account": lambda: _camt(text, currency="EUR"),
        "count": lambda: _camt(text, count=2, credits="163.52"),
        "sum": lambda: _camt(text, count=1, credits="163.53"),
        "closing": lambda: _camt(text, closing=5),
        "no_closing": lambda: good.replace(b"CLBD", b"XXXX"),
        "no_day": lambda: good.replace(days, b""),
        "cut": lambda: good[:-60],
        "not_utf8": lambda: _camt(f"{text} é").decode().encode("latin-1"),
        "camt052": lambda: good.replace(b"camt.053", b"camt.052"),
        "mt940_closing": lambda: mt940(Line(text), closing=5),
        "mt940_euro": lambda: mt940(Line(text), currency="EUR"),
        "mt940_cut": lambda: mt.split(b":62F:")[0],
        "mt940_point": lambda: mt.replace(b"C163,52", b"C163.52"),
        "mt940_whole": lambda: mt940(Line(text, 16300)).replace(b"C163,00", b"C163,"),
        "mt940_century": lambda: mt.replace(b":61:261110", b":61:991110"),
    }[kind]()


@pytest.mark.parametrize(("kind", "expected"), STATEMENTS)
def test_each_statement_is_booked_told_or_refused_whole(kind: str, expected: object) -> None:
    text, other = (f"CNSS {craftworker().fund_number}" for _ in range(2))
    content = _statement(kind, text, other)
    name = "a.sta" if kind.startswith("mt940") else "a.xml"
    if expected == REFUSED:
        with pytest.raises(BankFileRefused):
            book(content, name)
    else:
        assert codes(book(content, name)) == ({} if expected is None else {1: expected})
    assert Payment.objects.exists() == (expected is None)


def test_two_statements_of_one_file_are_booked_both_or_neither() -> None:
    text = f"CNSS {craftworker().fund_number}"
    first, second = (camt_statement(Line(text, reference=f"R{n}"), number=f"{n}") for n in (1, 2))
    bad = camt_statement(Line(text, reference="R3"), number="3", closing=5)
    with pytest.raises(BankFileRefused):
        book(camt_file(first + bad), "a.xml")
    assert not Payment.objects.exists()
    assert book(camt_file(first + second), "b.xml").rows_accepted == 2


def test_a_number_that_begins_again_with_other_balances_is_another_statement() -> None:
    text = f"CNSS {craftworker().fund_number}"
    assert book(camt(Line(text), number="8"), "a.xml").rows_accepted == 1
    again = camt(Line(text, 5000), Line(text, 6000), number="8")
    assert book(again, "b.xml").rows_accepted == 2
