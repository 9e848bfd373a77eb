"""Every explanation can be read aloud as one voice message: under a minute, amounts first."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from qafila_law import (
    Call,
    Dependant,
    Enrolment,
    Family,
    Link,
    Proof,
    RightsFacts,
    Step,
    contributions_due,
    dependants,
    explain,
    late_filing_penalty,
    monthly_amount,
    penalty,
    reimbursement,
    relief,
    rights,
    yearly_balance,
)  # fmt: skip
from qafila_law.months import months_later

TODAY = date(2026, 11, 22)
# Read slowly to someone who does not know the law: 130 words take one minute.
WORDS_OF_ONE_MINUTE = 130


def amounts() -> Iterable[tuple[str, tuple[Step, ...]]]:
    told: list[tuple[str, dict[str, Any]]] = [
        ("craftworker", {}),
        ("cpu", {"annual_tax": 1}),
        ("cpu", {"annual_tax": 999_999, "months_active": 7}),
        ("auto_entrepreneur", {"annual_tax": 5_000, "months_active": 1}),
        ("accounts", {"regime": "rns"}),
        ("accounts", {"regime": "rnr"}),
        ("accounts", {"regime": "rnr", "first_return": "2026-03"}),
        ("accounts", {"regime": "rnr", "profit": 12_345}),
        ("accounts", {"regime": "rnr", "profit": 9_876_543}),
    ]
    for category, facts in told:
        found = monthly_amount(category, "2026-01", **facts)
        yield f"amount {category} {facts}", found.steps
    several = [monthly_amount("craftworker", "2026-01"), monthly_amount("cpu", "2026-01",
               annual_tax=999_999, months_active=7)]  # fmt: skip
    yield "several activities", contributions_due(several, "2026-01").steps
    balance = yearly_balance("cpu", 2026, annual_tax=999_999, paid_centimes=1, months_active=7)
    yield "balance of the year", balance.steps


def standings() -> Iterable[tuple[str, tuple[Step, ...]]]:
    def months(first: str, count: int, paid_on: date | None) -> tuple[Call, ...]:
        days = [months_later(date.fromisoformat(first), place) for place in range(count)]
        paid = 16_352 if paid_on else 0
        return tuple(Call(day, day.replace(day=28), 16_352, paid, paid_on) for day in days)

    since = (Enrolment(date(2022, 1, 1)),)
    ended = (Enrolment(date(2022, 1, 1), date(2026, 9, 1)),)
    for name, facts in {
        "paid": RightsFacts(since, months("2026-01-01", 9, date(2026, 1, 5))),
        "never paid": RightsFacts(since, months("2025-01-01", 20, None)),
        "unpaid": RightsFacts(
            since, months("2025-01-01", 6, date(2025, 1, 5)) + months("2026-01-01", 9, None)
        ),
        "waiting": RightsFacts((Enrolment(date(2026, 10, 1)),)),
        "ended": RightsFacts(ended, months("2026-01-01", 8, date(2026, 1, 5))),
        "deceased": RightsFacts(since, (), None, date(2026, 9, 1)),
        "not enrolled": RightsFacts(),
    }.items():
        yield f"rights {name}", rights(facts, TODAY).steps


def others() -> Iterable[tuple[str, tuple[Step, ...]]]:
    unpaid = [
        Call(months_later(date(2023, 11, 1), -place), date(2023, 12, 31), 14_865)
        for place in range(30)
    ]
    paid = [
        Call(month, month.replace(day=28), 14_865, 14_865, month.replace(day=27))
        for month in (months_later(date(2024, 1, 1), place) for place in range(13))
    ]
    for on in (date(2024, 2, 1), date(2024, 8, 1), date(2025, 6, 1), TODAY):
        yield f"relief on {on}", relief(unpaid + paid, on).steps
        yield f"relief without payment on {on}", relief(unpaid, on).steps
    yield "penalty of the fund", penalty(163_520, date(2025, 1, 31), TODAY).steps
    yield "penalty of the tax office", penalty(39_000, date(2025, 1, 31), TODAY, "tax").steps
    late = late_filing_penalty(10_000_000, date(2026, 3, 31), TODAY)
    yield "late return", late.steps
    for kind, place, illness in [
        ("hospital", "public", None), ("hospital", "private", "ald"), ("ambulatory", None, "alc"),
        ("medicine", None, None),
    ]:  # fmt: skip
        found = reimbursement(
            kind, TODAY, tariff_centimes=150_000, paid_centimes=250_000, place=place,
            illness=illness, filed_on=TODAY,
        )  # fmt: skip
        yield f"care {kind} {place} {illness}", found.steps
    study = (Proof(date(2026, 9, 1), date(2027, 9, 1)),)
    family = Family(
        (
            Dependant("1", Link.SPOUSE),
            Dependant("2", Link.CHILD, date(2002, 1, 1), schooling=study),
            Dependant("3", Link.CHILD, date(2005, 1, 1)),
            Dependant("4", Link.TAKEN_IN, date(2020, 1, 1)),
            Dependant("5", Link.CHILD),
        )
    )
    for answer in dependants(family, TODAY):
        yield f"dependant {answer.id}", answer.steps


EXPLANATIONS = dict([*amounts(), *standings(), *others()])


@pytest.mark.parametrize("name", EXPLANATIONS)
@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_every_explanation_fits_one_voice_message(name: str, language: str) -> None:
    sentences = explain(EXPLANATIONS[name], language)
    assert sentences
    assert sum(len(sentence.split()) for sentence in sentences) <= WORDS_OF_ONE_MINUTE
    for sentence in sentences:
        assert not re.search(r"[{}<>_*]", sentence), "a voice cannot read signs of writing"


@pytest.mark.parametrize("name", [name for name in EXPLANATIONS if "amount" in name])
def test_amounts_are_said_before_what_they_mean(name: str) -> None:
    for step, sentence in zip(EXPLANATIONS[name], explain(EXPLANATIONS[name], "fr"), strict=True):
        if not step.code.startswith(("regime", "profit")):
            assert any(word[0].isdigit() for word in sentence.split()[:2]), sentence
