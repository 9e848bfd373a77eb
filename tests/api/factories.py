"""Insured people and partners for the API's tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from oauth2_provider.models import get_access_token_model, get_application_model

from qafila.care.coverage_check.registering import register_client
from qafila.enrolment.models import Enrolment
from qafila.foundation.clock import now
from qafila.foundation.trail import acting, system_actor
from qafila.people.models import Person
from qafila.rights.models import RightsPeriod

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
FATIMA = "JB123456"


def insured(card: str = FATIMA, status: str = "open", **fields: Any) -> Person:
    """Fatima, enrolled in October, with rights in this status since January.

    When open, the fund reports no unpaid month: rights derived again from that come out the same.
    """
    actor = system_actor("tests")
    told = {"full_name_latn": "AIT LAHCEN Fatima", "full_name_ar": "فاطمة أيت لحسن", "sex": "F"}
    reason = {"open": "paid_up", "suspended": "unpaid_months"}[status]
    with acting(actor, at=AT):
        person = Person.objects.create(
            card_number=card, created_at=AT, created_by_id=actor.id, **{**told, **fields}
        )
        Enrolment.objects.create(
            person=person, category="craftworker", state="enrolled",
            fund_number=f"{100_000_000 + person.pk}", effective_from=dt.date(2025, 10, 1),
            created_at=AT, reported_on=AT.date() if status == "open" else None,
        )  # fmt: skip
        RightsPeriod.objects.create(
            person=person, status=status, reason=reason, since=dt.date(2026, 1, 1)
        )
    return person


def token(
    scope: str = "coverage:read", *, lasts: dt.timedelta = dt.timedelta(hours=1), **partner: Any
) -> str:
    """An access token of a new partner."""
    made = register_client(
        **{"name": "CHU Agadir", "actor": system_actor("tests"), "at": AT, **partner}
    )
    application = get_application_model().objects.get(client_id=made.client_id)
    value = f"token-{made.client_id}"
    get_access_token_model().objects.create(
        application=application, token=value, scope=scope, expires=now() + lasts
    )
    return value
