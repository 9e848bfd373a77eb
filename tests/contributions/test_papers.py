"""The statement and the receipt on paper, and the receipt as a text message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.contributions.factories import NOVEMBER, craftworker, in_arrears, pay, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, system

from qafila.contributions.account import account_statement, receipts
from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.errors import LanguageNotPrinted
from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.payments.recording import reverse_payment
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Scope
from qafila.foundation.errors import NotFoundInScope

pytestmark = pytest.mark.django_db
TODAY = AT.date()
ELSEWHERE = Scope(province_codes=frozenset({"06.141"}))
LANGUAGES = ("ar", "fr", "zgh")
# The 7-bit letters of text messages; any other letter halves the room.
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


def owing(months: int = 3, **facts: Any) -> Enrolment:
    fatima = in_arrears(months, **facts)
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    run()
    return fatima


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> list[Mapping[str, Any]]:
    """The values handed to the templates; the papers are still set in type."""
    told: list[Mapping[str, Any]] = []
    real = account_statement.typeset

    def remembered(template: Path, values: Mapping[str, Any], **options: Any) -> bytes:
        told.append(values)
        return real(template, values, **options)

    monkeypatch.setattr(account_statement, "typeset", remembered)
    monkeypatch.setattr(receipts, "typeset", remembered)
    return told


def statement(fatima: Enrolment, language: str = "fr", **options: Any) -> bytes:
    facts = {"on": TODAY, "scope": WHOLE_COUNTRY, "at": AT, **options}
    return account_statement.statement_pdf(fatima.person_id, language=language, **facts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_statement_tells_calls_payments_and_what_is_left(
    language: str, typeset: list[Mapping[str, Any]]
) -> None:
    fatima = owing()
    pay(fatima, 20000)
    made = statement(fatima, language)
    assert made.startswith(b"%PDF-")
    assert made == statement(fatima, language)
    told = typeset[0]
    owed = statement_of(fatima.person_id, scope=WHOLE_COUNTRY).owed_centimes
    assert owed == 4 * 16352 - 20000
    assert told["closing"]["balance"].startswith(
        f"{owed // 100},{owed % 100:02d}".replace(",00", "")
    )
    assert len(told["lines"]) == 5
    assert "2\u00a0567,04" in told["lines"][0]["how"]
    assert told["right_to_left"] is (language == "ar")
    assert [fact["value"] for fact in told["facts"]][1:] == [fatima.fund_number, "22/11/2026"]
    assert told["reasons"]["lines"]


def test_older_lines_stand_in_the_opening_balance(typeset: list[Mapping[str, Any]]) -> None:
    fatima = owing(30)
    statement(fatima)
    told = typeset[0]
    assert told["opening"]["balance"] != "0,00\u00a0DH"
    assert len(told["lines"]) == 25
    statement(fatima, since=dt.date(2024, 1, 1))
    assert typeset[1]["opening"]["balance"] == "0,00\u00a0DH"
    assert len(typeset[1]["lines"]) == 31
    assert typeset[1]["closing"] == told["closing"]


def test_a_statement_ends_on_its_day(typeset: list[Mapping[str, Any]]) -> None:
    fatima = owing()
    pay(fatima, 10000, dt.date(2026, 11, 20))
    statement(fatima, on=dt.date(2026, 11, 19))
    assert len(typeset[0]["lines"]) == 4
    assert typeset[0]["closing"]["what"] == "Solde au 19/11/2026"


def test_arrears_stand_by_age_with_what_lateness_may_add(typeset: list[Mapping[str, Any]]) -> None:
    fatima = owing(14)
    statement(fatima)
    late = typeset[0]["late"]
    assert [age["label"] for age in late["ages"]] == [
        "depuis un mois au plus", "depuis 1 à 3 mois", "depuis 3 à 6 mois", "depuis 6 à 12 mois",
        "depuis plus de 12 mois",
    ]  # fmt: skip
    assert len(late["penalties"]) == 1
    assert "1\u00a0% par mois" in late["penalties"][0]
    assert "estimation" in late["penalties"][0]


def test_those_who_pay_with_the_tax_are_told_so(typeset: list[Mapping[str, Any]]) -> None:
    hassan = enrolled(
        person(), category="cpu", annual_tax_dh=640, months_unpaid_reported=8,
        reported_on=NOVEMBER, effective_from=dt.date(2024, 1, 1),
    )  # fmt: skip
    open_reported_arrears(NOVEMBER, actor=system(), at=AT)
    statement(hassan)
    told = typeset[0]
    assert "1\u00a0560\u00a0DH" in told["lines"][0]["how"]
    assert any("impôt" in line for line in told["ways"]["lines"])
    assert "l’administration fiscale" in told["late"]["penalties"][0]


def test_an_empty_account_has_a_statement_too(typeset: list[Mapping[str, Any]]) -> None:
    assert statement(craftworker()).startswith(b"%PDF-")
    assert typeset[0]["lines"] == []
    assert [one["kind"] for one in typeset[0]["dues"]] == ["nothing"]


def test_papers_stay_in_the_territory_and_in_the_languages_printed() -> None:
    fatima = owing()
    paid = pay(fatima, 20000).payment_id
    with pytest.raises(NotFoundInScope):
        statement(fatima, scope=ELSEWHERE)
    with pytest.raises(NotFoundInScope):
        receipts.receipt_pdf(paid, language="fr", scope=ELSEWHERE, at=AT)
    with pytest.raises(NotFoundInScope):
        receipts.receipt_text(paid, language="fr", on=TODAY, scope=ELSEWHERE)
    with pytest.raises(NotFoundInScope):
        receipts.receipt_text(10**9, language="fr", on=TODAY, scope=WHOLE_COUNTRY)
    with pytest.raises(LanguageNotPrinted) as refusal:
        statement(fatima, "de")
    assert "ar, fr, zgh" in refusal.value.sentence()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_receipt_tells_the_months_and_what_is_left(
    language: str, typeset: list[Mapping[str, Any]]
) -> None:
    fatima = owing()
    paid = pay(fatima, 40000).payment_id
    made = receipts.receipt_pdf(paid, language=language, scope=WHOLE_COUNTRY, at=AT)
    assert made.startswith(b"%PDF-")
    told = typeset[0]
    assert len(told["months"]) == 3
    assert told["months"][2]["label"] != told["months"][1]["label"]
    assert told["amount"].startswith("400,00")
    assert [(one["kind"], one["value"][:6]) for one in told["dues"]] == [("later", "254,08")]
    assert f"R{paid:07d}" in told["title"]


def test_a_receipt_of_a_payment_taken_back_says_so(typeset: list[Mapping[str, Any]]) -> None:
    fatima = owing()
    paid = pay(fatima, 40000).payment_id
    reverse_payment(paid, reason="No funds", on=TODAY, actor=system(), at=AT)
    receipts.receipt_pdf(paid, language="fr", scope=WHOLE_COUNTRY, at=AT)
    assert "annulé le 22/11/2026" in typeset[0]["taken_back"]
    assert typeset[0]["months"] == []
    text = receipts.receipt_text(paid, language="fr", on=TODAY, scope=WHOLE_COUNTRY)
    assert "400,00 DH" in text
    assert "22/11/2026" in text


def test_what_is_left_over_is_told(typeset: list[Mapping[str, Any]]) -> None:
    fatima = craftworker()
    paid = pay(fatima, 40000).payment_id
    receipts.receipt_pdf(paid, language="fr", scope=WHOLE_COUNTRY, at=AT)
    assert "400,00\u00a0DH" in typeset[0]["rest"]
    assert [one["label"] for one in typeset[0]["dues"]] == ["Avoir"]


@pytest.mark.parametrize("months", [1, 3, 34])
@pytest.mark.parametrize("taken_back", [False, True])
def test_the_message_fits_and_names_nobody(months: int, taken_back: bool) -> None:
    fatima = owing(months)
    paid = pay(fatima, 2 * months * 16352).payment_id
    if taken_back:
        reverse_payment(paid, reason="No funds", on=TODAY, actor=system(), at=AT)
    texts = {
        language: receipts.receipt_text(paid, language=language, on=TODAY, scope=WHOLE_COUNTRY)
        for language in LANGUAGES
    }
    for language, text in texts.items():
        assert f"R{paid:07d}" in text
        assert not any(name in text for name in ("Fatima", "AIT LAHCEN", "فاطمة"))
        assert text.startswith(receipts._plain(Payment.objects.get().amount_centimes)), language
        assert len(text) <= (160 if language == "fr" else 134)
    assert set(texts["fr"]) <= GSM


def test_the_message_counts_only_months_paid_whole() -> None:
    fatima = owing()
    part, more = pay(fatima, 10000).payment_id, pay(fatima, 30000).payment_id
    texts = [
        receipts.receipt_text(paid, language="fr", on=TODAY, scope=WHOLE_COUNTRY)
        for paid in (part, more)
    ]
    assert "Mois réglés: 08/2026." in texts[0]
    assert "Mois réglés: 2 (08/2026-09/2026)." in texts[1]


def test_money_paid_ahead_is_told_as_such() -> None:
    fatima = craftworker()
    paid = pay(fatima, 40000).payment_id
    text = receipts.receipt_text(paid, language="fr", on=TODAY, scope=WHOLE_COUNTRY)
    assert "Mois réglés: 0. Avoir: 400,00 DH." in text


@pytest.mark.parametrize("sentence", [receipts._LATE, receipts._LATER, receipts._AHEAD])
def test_the_longest_message_still_fits(sentence: Any) -> None:
    longest = "99999999,99"
    for language, most in (("fr", 160), ("ar", 134), ("zgh", 134)):
        with receipts.printed_in(language):
            text = str(sentence) % {
                "amount": longest, "day": "10/11/2026", "months": "120 (12/2021-11/2031)",
                "owed": longest, "by": "31/01/2027", "number": "R1234567890",
            }  # fmt: skip
        assert len(text) <= most, language
