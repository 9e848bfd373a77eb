"""What the care room can be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from qafila.care.claims.claim_lines import StatementLine, line_of
from qafila.care.models import Act, Claim, CoverageCheck, Partner
from qafila.foundation.actors import Scope
from qafila.foundation.scope import reference_data
from qafila.people.access import PersonFile, checked_person


@dataclass(frozen=True)
class CheckTold:
    """A partner asked about the person's cover."""

    at: dt.datetime
    partner: str
    on: dt.date
    status: str
    dependants_told: bool


def statement_of(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> list[StatementLine]:
    """The person's claims, newest care first, in the language in force. Raises NotFoundInScope."""
    checked_person(person_id, scope=scope, person=person)
    claims = list(
        Claim.objects.filter(insured_id=person_id)
        .select_related("insured", "patient")
        .order_by("-care_on", "-pk")
    )
    acts = {act.code: act for act in Act.objects.filter(code__in={one.act_code for one in claims})}
    return [line_of(claim, acts.get(claim.act_code)) for claim in claims]


@reference_data
def demonstration_acts() -> int:
    """How many acts are invented ones of the demonstration."""
    return Act.objects.filter(demonstration=True).count()


@reference_data
def acts_on(on: dt.date) -> list[Act]:
    """The acts that have a reference tariff on the day, by code; demonstration ones are marked."""
    held = Act.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
    return list(held.order_by("code"))


def checks_of(person_id: int, *, scope: Scope, person: PersonFile | None = None) -> list[CheckTold]:
    """Who asked whether the person is covered, newest first, at most a hundred."""
    checked_person(person_id, scope=scope, person=person)
    partner = Partner.objects.filter(pk=OuterRef("partner_id")).values("name")
    checks = CoverageCheck.objects.filter(person_id=person_id).annotate(
        partner_name=Coalesce(Subquery(partner), Value(""))
    )
    return [
        CheckTold(one.at, one.partner_name, one.on, one.status, one.dependants_told)
        for one in checks.order_by("-at", "-pk")[:100]
    ]
