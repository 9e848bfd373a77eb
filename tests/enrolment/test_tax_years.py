"""Years paid with the tax: by the quarter or at once, and the final tax of a year."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, places, system

from qafila.enrolment import errors
from qafila.enrolment.models import Enrolment, TaxYear
from qafila.enrolment.queries import tax_years_of
from qafila.enrolment.tax_years import (
    TaxYearMoved,
    choose_periodicity,
    last_day_to_choose,
    take_back_final_tax,
    tell_final_tax,
)
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry

pytestmark = pytest.mark.django_db
MARCH = dt.datetime(2026, 3, 31, 12, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def choose(enrolment: Enrolment, periodicity: str = "yearly", *, year: int = 2026,
           who: Actor | None = None, at: dt.datetime = MARCH,
           command_id: uuid.UUID | None = None) -> TaxYearMoved:  # fmt: skip
    return choose_periodicity(
        enrolment_id=enrolment.pk, year=year, periodicity=periodicity, actor=who or system(),
        at=at, command_id=command_id,
    )  # fmt: skip


def tell(enrolment: Enrolment, tax: int = 3000, *, year: int = 2025, document: str = "Notice 12",
         who: Actor | None = None) -> TaxYearMoved:  # fmt: skip
    return tell_final_tax(
        enrolment_id=enrolment.pk, year=year, tax_dh=tax, document=document, actor=who or system(),
        at=AT,
    )  # fmt: skip


def cpu(**fields: object) -> Enrolment:
    facts = {"category": "cpu", "annual_tax_dh": 640, "effective_from": dt.date(2025, 1, 1)}
    return enrolled(**{**facts, **fields})  # type: ignore[arg-type]


def verbs() -> list[str]:
    told = JournalEntry.objects.filter(verb__startswith="enrolment.").order_by("pk")
    return list(told.values_list("verb", flat=True))


def test_a_year_is_paid_by_the_quarter_until_someone_chooses_otherwise() -> None:
    hassan = cpu()
    assert tax_years_of(hassan.person_id, scope=WHOLE_COUNTRY) == []
    assert choose(hassan).periodicity == "yearly"
    assert choose(hassan).periodicity == "yearly"
    assert choose(hassan, "quarterly").periodicity == "quarterly"
    assert verbs() == ["enrolment.paid_yearly", "enrolment.paid_quarterly"]


@pytest.mark.parametrize(
    ("category", "last"),
    [("cpu", dt.date(2026, 3, 31)), ("auto_entrepreneur", dt.date(2026, 4, 30))],
)
def test_the_choice_ends_with_the_first_payment(category: str, last: dt.date) -> None:
    hassan = cpu(category=category)
    assert last_day_to_choose(category, 2026) == last
    choose(hassan, at=dt.datetime(last.year, last.month, last.day, 12, tzinfo=dt.UTC))
    with pytest.raises(errors.ChoiceTooLate) as refused:
        choose(hassan, at=AT)
    assert f"{last:%d/%m/%Y}" in refused.value.sentence()


def test_what_cannot_be_chosen_is_refused_by_name() -> None:
    with pytest.raises(errors.NotPaidWithTax):
        choose(enrolled())
    with pytest.raises(errors.UnknownPeriodicity):
        choose(cpu(), "weekly")
    with pytest.raises(errors.YearNotEnrolled):
        choose(cpu(effective_from=dt.date(2027, 1, 1)))
    with pytest.raises(errors.EnrolmentNotOpen):
        choose(cpu(state="closed", closed_on=dt.date(2026, 3, 1)))


def test_the_final_tax_of_a_year_that_is_over() -> None:
    hassan = cpu()
    assert tell(hassan).final_tax_dh == 3000
    with pytest.raises(errors.FinalTaxAlreadyTold):
        tell(hassan)
    assert tell(hassan, 3100).final_tax_dh == 3100
    (row,) = tax_years_of(hassan.person_id, scope=WHOLE_COUNTRY)
    assert (row.year, row.final_tax_dh, row.final_document, row.final_told_on) == (
        2025, 3100, "Notice 12", AT.date(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("tax", "year", "document", "error"),
    [
        (3000, 2026, "Notice", errors.YearNotOver),
        (-1, 2025, "Notice", errors.TaxNotPossible),
        (100_000_000, 2025, "Notice", errors.TaxNotPossible),
        (3000, 2025, "  ", errors.ProofNeeded),
        (3000, 2025, "N" * 121, errors.ProofTooLong),
        (3000, 2024, "Notice", errors.YearNotEnrolled),
    ],
)
def test_a_final_tax_that_cannot_be_is_refused(
    tax: int, year: int, document: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        tell(cpu(), tax, year=year, document=document)


def test_a_final_tax_told_by_mistake_is_taken_back_with_its_reason() -> None:
    hassan = cpu()

    def take_back(reason: str) -> TaxYearMoved:
        return take_back_final_tax(
            enrolment_id=hassan.pk, year=2025, reason=reason, actor=system(), at=AT
        )

    with pytest.raises(errors.FinalTaxNotTold):
        take_back("Another person's notice.")
    tell(hassan)
    with pytest.raises(errors.ReasonNeeded):
        take_back(" ")
    assert take_back("Another person's notice.").final_tax_dh is None
    assert TaxYear.objects.get().final_document == ""
    assert verbs()[-1] == "enrolment.final_tax_taken_back"


def test_a_command_sent_twice_is_done_once() -> None:
    hassan, command = cpu(), uuid.uuid4()
    assert choose(hassan, command_id=command) == choose(hassan, command_id=command)
    assert verbs() == ["enrolment.paid_yearly"]


def test_who_may() -> None:
    hassan = cpu()
    counter = agent(Role.COUNTER_AGENT, national=True)
    assert choose(hassan, who=counter).periodicity == "yearly"
    with pytest.raises(NotAllowed):
        tell(hassan, who=counter)
    with pytest.raises(NotAllowed):
        choose(hassan, who=agent(Role.AUDITOR, national=True))
    elsewhere = agent(Role.FUND_LIAISON, provinces=("none",))
    with pytest.raises(NotFoundInScope):
        tell(hassan, who=elsewhere)
    assert tax_years_of(hassan.person_id, scope=elsewhere.scope_of(*Role)) == []
