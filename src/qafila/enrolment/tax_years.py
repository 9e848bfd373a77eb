"""The years of those who pay with the tax: by the quarter or at once, and the year's final tax."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import qafila_law
from qafila.enrolment import access, errors, journal
from qafila.enrolment.models import Enrolment, TaxYear
from qafila.foundation import journal as foundation_journal
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import MOROCCO, day_of
from qafila.foundation.idempotency import once

TAXED = ("cpu", "auto_entrepreneur")
MOST_TAX_DH = 99_999_999
MOST_LETTERS = 120
_CHOSEN = {"yearly": journal.PAID_YEARLY, "quarterly": journal.PAID_QUARTERLY}


@dataclass(frozen=True)
class TaxYearMoved:
    """A year after a verb; `final_tax_dh` is None while the final tax is not known."""

    enrolment_id: int
    year: int
    periodicity: str
    final_tax_dh: int | None


def choose_periodicity(
    *,
    enrolment_id: int,
    year: int,
    periodicity: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> TaxYearMoved:
    """Write down whether the person pays `year` by the quarter or at once ("yearly").

    Possible until the last day of the year's first payment. Raises NotAllowed, NotFoundInScope,
    EnrolmentNotOpen, NotPaidWithTax, UnknownPeriodicity, YearNotEnrolled, ChoiceTooLate.
    """
    scope = access.require_declaring(actor)
    if periodicity not in TaxYear.Periodicity.values:
        raise errors.UnknownPeriodicity

    def do() -> dict[str, Any]:
        enrolment = _taxed(enrolment_id, year, scope)
        if enrolment.state == Enrolment.State.CLOSED:
            raise errors.EnrolmentNotOpen
        _refuse_late_choice(enrolment, year, at)
        row = _year_of(enrolment, year)
        if row.periodicity != periodicity:
            TaxYear.objects.filter(pk=row.pk).update(periodicity=periodicity)
            _write(_CHOSEN[periodicity], row, actor=actor, at=at)
        return _told(row)

    return TaxYearMoved(
        **once(command_id, "enrolment.choose_periodicity", actor=actor, at=at, do=do)
    )


def tell_final_tax(
    *,
    enrolment_id: int,
    year: int,
    tax_dh: int,
    document: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> TaxYearMoved:
    """Write down the final tax of a year that is over, in whole dirhams, with its paper.

    It is the tax of the months worked in that year. Told again with another sum, the later one
    counts. Raises NotAllowed, NotFoundInScope, NotPaidWithTax, YearNotEnrolled, YearNotOver,
    TaxNotPossible, ProofNeeded, ProofTooLong, FinalTaxAlreadyTold.
    """
    scope = access.require_confirming(actor)
    paper = typed_text.line(document)
    _refuse_bad_tax(year, tax_dh, paper, at)

    def do() -> dict[str, Any]:
        row = _year_of(_taxed(enrolment_id, year, scope), year)
        if (row.final_tax_dh, row.final_document) == (tax_dh, paper):
            raise errors.FinalTaxAlreadyTold(year=year)
        TaxYear.objects.filter(pk=row.pk).update(
            final_tax_dh=tax_dh, final_document=paper, final_told_on=day_of(at)
        )
        _write(journal.FINAL_TAX_TOLD, row, actor=actor, at=at, tax=tax_dh)
        return _told(row)

    return TaxYearMoved(**once(command_id, "enrolment.tell_final_tax", actor=actor, at=at, do=do))


def take_back_final_tax(
    *,
    enrolment_id: int,
    year: int,
    reason: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> TaxYearMoved:
    """Take back a final tax written down by mistake: the year is as if it were not known.

    Raises NotAllowed, NotFoundInScope, NotPaidWithTax, YearNotEnrolled, ReasonNeeded,
    FinalTaxNotTold.
    """
    scope = access.require_confirming(actor)
    why = typed_text.note(reason)
    if not why:
        raise errors.ReasonNeeded

    def do() -> dict[str, Any]:
        row = _year_of(_taxed(enrolment_id, year, scope), year)
        if row.final_tax_dh is None:
            raise errors.FinalTaxNotTold(year=year)
        TaxYear.objects.filter(pk=row.pk).update(
            final_tax_dh=None, final_document="", final_told_on=None
        )
        _write(journal.FINAL_TAX_TAKEN_BACK, row, actor=actor, at=at, reason=why)
        return _told(row)

    return TaxYearMoved(
        **once(command_id, "enrolment.take_back_final_tax", actor=actor, at=at, do=do)
    )


def enrolled_in(enrolment: Enrolment, year: int) -> bool:
    """Whether a month of `year` falls into the enrolment."""
    ended = enrolment.closed_on
    return enrolment.effective_from.year <= year and (ended is None or ended > dt.date(year, 1, 1))


def last_day_to_choose(category: str, year: int) -> dt.date:
    """Until when a person may choose how `year` is paid: the last day of its first payment."""
    return qafila_law.due_date(dt.date(year, 1, 1), category.replace("_", "-"))


def _taxed(enrolment_id: int, year: int, scope: Scope) -> Enrolment:
    """The enrolment, locked, when it pays with the tax and has a month in `year`."""
    enrolment = access.get_enrolment(enrolment_id, scope=scope, lock=True)
    if enrolment.category not in TAXED:
        raise errors.NotPaidWithTax
    if not enrolled_in(enrolment, year):
        raise errors.YearNotEnrolled(year=year)
    return enrolment


def _year_of(enrolment: Enrolment, year: int) -> TaxYear:
    # The enrolment is locked: nobody else makes the same row.
    return TaxYear.objects.get_or_create(enrolment=enrolment, year=year)[0]


def _refuse_late_choice(enrolment: Enrolment, year: int, at: dt.datetime) -> None:
    last = last_day_to_choose(enrolment.category, year)
    if day_of(at) > last:
        raise errors.ChoiceTooLate(year=year, day=f"{last:%d/%m/%Y}")


def _refuse_bad_tax(year: int, tax_dh: int, paper: str, at: dt.datetime) -> None:
    if year >= at.astimezone(MOROCCO).year:
        raise errors.YearNotOver(year=year)
    if not 0 <= tax_dh <= MOST_TAX_DH:
        raise errors.TaxNotPossible(tax=tax_dh, most=MOST_TAX_DH)
    if not paper:
        raise errors.ProofNeeded
    if len(paper) > MOST_LETTERS:
        raise errors.ProofTooLong(most=MOST_LETTERS)


def _write(
    entry: foundation_journal.EntryType, row: TaxYear, *, actor: Actor, at: dt.datetime, **data: Any
) -> None:
    foundation_journal.write(
        entry,
        row.enrolment,
        actor=actor,
        at=at,
        person_id=row.enrolment.person_id,
        year=row.year,
        **data,
    )


def _told(row: TaxYear) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "enrolment_id": row.enrolment_id,
        "year": row.year,
        "periodicity": row.periodicity,
        "final_tax_dh": row.final_tax_dh,
    }
