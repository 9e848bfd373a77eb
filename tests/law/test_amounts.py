"""Amounts of one person: the fund's categories, their tables, and what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qafila_law
from qafila_law import Amount, LawError, monthly_amount
from qafila_law.wording.sentences import error_sentence

# law.md §2, "Monthly AMO amounts by date": coefficient → contribution in each SMIG period.
MONTHS = ("2022-08", "2022-09", "2023-09", "2025-01", "2026-01")
TABLE = {
    "0.75": ("135.14", "141.89", "148.65", "156.04", "163.52"),
    "1": ("180.19", "189.19", "198.20", "208.05", "218.03"),
    "2": ("360.38", "378.38", "396.39", "416.10", "436.05"),
    "3": ("540.57", "567.58", "594.59", "624.15", "654.08"),
    "3.2": ("576.60", "605.41", "634.23", "665.76", "697.69"),
    "4": ("720.76", "756.77", "792.78", "832.20", "872.11"),
    "6": ("1081.13", "1135.15", "1189.17", "1248.30", "1308.16"),
}
BASES = ("2121.53", "2227.54", "2333.54", "2449.58", "2567.04")
SMIG = {"2022-08": "14.81", "2022-09": "15.55", "2023-09": "16.29", "2025-01": "17.10"}


def dh(amount: Amount) -> Decimal:
    return Decimal(amount.monthly_centimes) / 100


def by_coefficient(coefficient: str, month: str) -> Amount:
    """The person whose flat-rate income is this multiple of the SMIG."""
    if coefficient == "0.75":
        return monthly_amount("craftworker", month)
    if coefficient == "1":
        return monthly_amount("accounts", month, regime="rns")
    profits = {"3.2": 100_000, "6": 100_001}
    if coefficient in profits:
        return monthly_amount("accounts", month, regime="rnr", profit=profits[coefficient])
    later = {"2": 50_000, "3": 100_000, "4": 150_000}
    return monthly_amount(
        "accounts", month, regime="rnr", profit=later[coefficient], later_steps=True
    )


@pytest.mark.parametrize(
    ("coefficient", "month", "expected"),
    [
        (coefficient, month, expected)
        for coefficient, row in TABLE.items()
        for month, expected in zip(MONTHS, row, strict=True)
        # the later steps begin in December 2022
        if coefficient not in "234" or month > "2022-12"
    ],
)
def test_table_of_monthly_amounts(coefficient: str, month: str, expected: str) -> None:
    assert dh(by_coefficient(coefficient, month)) == Decimal(expected)


@pytest.mark.parametrize(("month", "base"), list(zip(MONTHS, BASES, strict=True)))
def test_bases_of_craftworkers(month: str, base: str) -> None:
    answer = monthly_amount("craftworker", month)
    assert answer.base_centimes == int(Decimal(base) * 100)
    assert (answer.periodicity, answer.quarterly_centimes) == ("monthly", None)


@pytest.mark.parametrize(
    ("tax", "quarter"),
    [
        (0, 300), ("499.99", 300), (500, 390), ("500.50", 390), (640, 390), (1000, 390),
        ("1000.50", 390), (1001, 570), (2500, 570), (2501, 720), (5000, 720), (5001, 1050),
        (10_000, 1050), (10_001, 1500), (25_000, 1500), (25_001, 2250), (50_000, 2250),
        ("50000.99", 2250), (50_001, 3600), (10**9, 3600),
    ],
)  # fmt: skip
@pytest.mark.parametrize("category", ["cpu", "auto-entrepreneur"])
def test_tax_bands(category: str, tax: int | str, quarter: int) -> None:
    answer = monthly_amount(category, "2026-01", annual_tax=tax)
    assert answer.quarterly_centimes == quarter * 100
    assert answer.yearly_centimes == quarter * 400
    assert answer.monthly_centimes * 3 == quarter * 100
    assert answer.periodicity == "quarterly"


def test_part_year_finds_the_band_of_a_whole_year_and_owes_its_share() -> None:
    # 640 DH in 5 months is 1,536 DH a year: band 1,001–2,500, 2,280 DH; 5/12 of it is 950 DH.
    answer = monthly_amount("cpu", "2026-01", annual_tax=640, months_active=5)
    assert answer.yearly_centimes == 95_000
    assert [step.code for step in answer.steps][:3] == ["tax_annualised", "tax_band", "part_year"]


def test_auto_entrepreneur_with_a_small_tax_in_a_quarter_pays_the_lowest_band() -> None:
    # mhmaudit.ma: 47.50 DH of tax in the quarter → 300 DH.
    answer = monthly_amount("auto-entrepreneur", "2026-01", annual_tax="47.5", months_active=3)
    assert answer.quarterly_centimes == answer.yearly_centimes == 30_000


def test_yearly_regularisation_once_the_tax_crosses_500() -> None:
    # mhmaudit.ma: the year's tax crosses 500 DH → 1,560 DH a year; four quarters paid 300 each.
    balance = qafila_law.yearly_balance(
        "auto-entrepreneur", 2025, annual_tax=640, paid_centimes=120_000
    )
    assert (balance.owed_centimes, balance.balance_centimes) == (156_000, 36_000)
    over = qafila_law.yearly_balance("cpu", 2025, annual_tax=10, paid_centimes=156_000)
    assert (over.balance_centimes, over.steps[-1].code) == (-36_000, "balance_over")


def test_unknown_profit_before_and_after_the_first_return() -> None:
    def coefficient(month: str, first_return: str | None) -> str | None:
        answer = monthly_amount("accounts", month, regime="rnr", first_return=first_return)
        return answer.steps[0].value

    assert coefficient("2023-04", "2023-04") == "3.2"
    assert coefficient("2023-05", "2023-04") == "6"
    assert coefficient("2023-05", None) == "3.2"
    with pytest.raises(LawError) as refusal:
        coefficient("2022-05", None)
    assert refusal.value.code == "missing_fact"


def test_the_later_steps_stay_off_until_chosen() -> None:
    old = monthly_amount("accounts", "2026-01", regime="rnr", profit=60_000)
    new = monthly_amount("accounts", "2026-01", regime="rnr", profit=60_000, later_steps=True)
    assert (dh(old), dh(new)) == (Decimal("697.69"), Decimal("654.08"))


def test_several_activities_pay_the_highest_since_its_date() -> None:
    def due(month: str) -> qafila_law.Due:
        one = monthly_amount("craftworker", month)
        two = monthly_amount("auto-entrepreneur", month, annual_tax=640)
        return qafila_law.contributions_due([one, two], month)

    assert due("2023-12").total_centimes == 14_865 + 13_000
    assert due("2024-01").total_centimes == 14_865
    assert qafila_law.contributions_due([], "2024-01").total_centimes == 0


@pytest.mark.parametrize(
    ("category", "month", "facts", "code"),
    [
        ("craftworker", "2021-12", {}, "month_before_scheme"),
        ("cpu", "2021-11", {"annual_tax": 1}, "month_before_scheme"),
        ("auto-entrepreneur", "2022-01", {"annual_tax": 1}, "month_before_scheme"),
        ("accounts", "2021-12", {"regime": "rns"}, "month_before_scheme"),
        ("farmer", "2026-01", {}, "unknown_category"),
        ("cpu", "2026-01", {}, "missing_fact"),
        ("accounts", "2026-01", {}, "missing_fact"),
        ("accounts", "2026-01", {"regime": "abc"}, "unknown_regime"),
        ("cpu", "2026-01", {"annual_tax": -1}, "negative_amount"),
        ("accounts", "2026-01", {"regime": "rnr", "profit": "-0.01"}, "negative_amount"),
        ("cpu", "2026-01", {"annual_tax": "12.345"}, "bad_amount"),
        ("cpu", "2026-01", {"annual_tax": "NaN"}, "bad_amount"),
        ("cpu", "2026-01", {"annual_tax": "many"}, "bad_amount"),
        ("cpu", "2026-01", {"annual_tax": 1, "months_active": 0}, "bad_months_active"),
        ("cpu", "2026-01", {"annual_tax": 1, "months_active": 13}, "bad_months_active"),
        ("craftworker", "2026-13", {}, "bad_month"),
        ("craftworker", "January", {}, "bad_month"),
        ("accounts", "2022-11", {"regime": "rns", "later_steps": True}, "no_rule_yet"),
    ],
)
def test_questions_refused_with_a_sentence(
    category: str, month: str, facts: dict[str, object], code: str
) -> None:
    with pytest.raises(LawError) as refusal:
        monthly_amount(category, month, **facts)  # type: ignore[arg-type]
    assert refusal.value.code == code
    sentences = {error_sentence(refusal.value, language) for language in qafila_law.LANGUAGES}
    assert len(sentences) == len(qafila_law.LANGUAGES)
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in sentences)


@pytest.mark.parametrize("month", ["2027-01", "2060-12"])
def test_months_after_the_last_known_parameter_use_it(month: str) -> None:
    assert dh(monthly_amount("craftworker", month)) == Decimal("163.52")


@given(
    month=st.sampled_from(sorted(SMIG)),
    profit=st.decimals(min_value=0, max_value=10**9, places=2),
)
def test_amounts_are_exact_fractions_rounded_once(month: str, profit: Decimal) -> None:
    coefficient = Fraction("3.2") if profit <= 100_000 else Fraction(6)
    exact = Fraction(SMIG[month]) * 191 * coefficient * Fraction("0.0637") * 100
    answer = monthly_amount("accounts", month, regime="rnr", profit=profit)
    assert answer.monthly_centimes == int(exact + Fraction(1, 2))
