"""Years paid with the tax: who pays so, and what is done about the year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.contributions.factories import run
from tests.enrolment.factories import enrolled
from tests.register.factories import system

import qafila_law
from qafila.contributions.corrections.corrections import (
    CorrectionsOutcome,
    post_corrections,
)
from qafila.contributions.corrections.years import YearsSettled, settle_tax_years
from qafila.contributions.models.calls_and_ledger import (
    Call,
)
from qafila.enrolment.models import Enrolment
from qafila.enrolment.tax_years import (
    choose_periodicity,
    tell_final_tax,
)

JANUARY = dt.datetime(2025, 1, 20, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 2, 20, 9, tzinfo=dt.UTC)


def cpu(**fields: Any) -> Enrolment:
    """Hassan, who pays with the tax, at the fund since January 2025."""
    facts = {"category": "cpu", "annual_tax_dh": 640, "effective_from": dt.date(2025, 1, 1)}
    return enrolled(**{**facts, **fields})


def months(first: int = 1, last: int = 12, year: int = 2025) -> None:
    """Each of these months called on its 20th."""
    for number in range(first, last + 1):
        run(dt.date(year, number, 1), at=dt.datetime(year, number, 20, 9, tzinfo=dt.UTC))


def yearly(enrolment: Enrolment, year: int = 2025, to: str = "yearly") -> None:
    """He chooses how the year is paid."""
    choose_periodicity(enrolment_id=enrolment.pk, year=year, periodicity=to, actor=system(),
                       at=JANUARY)  # fmt: skip


def final(enrolment: Enrolment, tax: int) -> None:
    """The notice of his tax for 2025."""
    tell_final_tax(enrolment_id=enrolment.pk, year=2025, tax_dh=tax, document="Notice 7",
                   actor=system(), at=LATER)  # fmt: skip


def settle(**options: Any) -> YearsSettled:
    """The settlement of what notices tell."""
    return settle_tax_years(actor=system(), at=LATER, **options)


def correct() -> CorrectionsOutcome:
    """The nightly corrections."""
    return post_corrections(actor=system(), at=LATER)


def standing(enrolment: Enrolment) -> int:
    """What his calls come to, corrections counted."""
    calls = Call.objects.filter(enrolment=enrolment)
    return sum(call.amount_centimes - call.corrected_centimes for call in calls)


def owed_by_law(tax: int, worked: int = 12) -> int:
    """What the law makes of a year."""
    law = qafila_law.yearly_balance("cpu", 2025, annual_tax=tax, paid_centimes=0,
                                    months_active=worked)  # fmt: skip
    return law.owed_centimes
