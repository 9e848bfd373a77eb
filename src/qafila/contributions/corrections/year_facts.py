"""What a person or the fund tells of a year paid with the tax, with what it does to the books."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection
from django.db.models import F

from qafila.contributions.access import require_posting
from qafila.contributions.corrections.corrections import (
    CorrectionsOutcome,
    post_corrections,
)
from qafila.contributions.corrections.years import YearsSettled, settle_tax_years
from qafila.contributions.errors import YearAlreadyCalled
from qafila.contributions.ledger.allocation import lock_settlement
from qafila.contributions.models.calls_and_ledger import Call
from qafila.enrolment.access import get_enrolment, require_declaring
from qafila.enrolment.tax_years import (
    TaxYearMoved,
    choose_periodicity,
    take_back_final_tax,
    tell_final_tax,
)
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting


def choose_year_payment(
    *,
    enrolment_id: int,
    year: int,
    periodicity: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> TaxYearMoved:
    """Choose whether `year` is paid by the quarter or at once; the next run calls it so.

    Errors: YearAlreadyCalled once it was called whole, and those of `choose_periodicity`.
    """
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        held = get_enrolment(enrolment_id, scope=require_declaring(actor))
        ahead = Call.objects.filter(enrolment=held, month__year=year, due_on__lt=F("month"))
        if periodicity == "quarterly" and ahead.exists():
            raise YearAlreadyCalled(year=year)
        return choose_periodicity(
            enrolment_id=enrolment_id,
            year=year,
            periodicity=periodicity,
            actor=actor,
            at=at,
            command_id=command_id,
        )


def settle_final_tax(
    *,
    enrolment_id: int,
    year: int,
    tax_dh: int,
    document: str,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> YearsSettled:
    """Write down the final tax of a year and post its balance, together.

    A year that cannot be settled here answers with zero years, and waits in the work queue.
    Errors: those of `tell_final_tax`; NotAllowed for who may not post.
    """
    scope = require_posting(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        tell_final_tax(
            enrolment_id=enrolment_id,
            year=year,
            tax_dh=tax_dh,
            document=document,
            actor=actor,
            at=at,
            command_id=command_id,
        )
        person = get_enrolment(enrolment_id, scope=scope).person_id
        return settle_tax_years(actor=actor, at=at, person_ids=[person])


def unsettle_final_tax(
    *, enrolment_id: int, year: int, reason: str, actor: Actor, at: dt.datetime
) -> CorrectionsOutcome:
    """Take back the final tax of a year, and its balance by corrections, together.

    Errors: those of `take_back_final_tax`; NotAllowed for who may not post.
    """
    scope = require_posting(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_settlement(cursor)
        take_back_final_tax(enrolment_id=enrolment_id, year=year, reason=reason, actor=actor, at=at)
        person = get_enrolment(enrolment_id, scope=scope).person_id
        return post_corrections(actor=actor, at=at, since=dt.date(year, 1, 1), person_ids=[person])
