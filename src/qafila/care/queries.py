"""What the care room can be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.care.assessing import (
    Estimate,
    GeneralEstimate,
    estimate,
    finding_sentence,
    general_estimate,
)
from qafila.care.models import Act, Claim, CoverageCheck, Partner
from qafila.foundation.actors import Scope
from qafila.foundation.scope import reference_data
from qafila.people.access import person_in_scope
from qafila.people.models import Person

__all__ = [
    "Estimate",
    "GeneralEstimate",
    "StatementLine",
    "acts_on",
    "checks_of",
    "estimate",
    "finding_sentence",
    "general_estimate",
    "line_of",
    "statement_of",
]

STATE_SENTENCES: Mapping[str, str | Promise] = {
    "declared": _("Declared. Bring or send the papers by %(until)s."),
    "received": _("The papers were received and are being looked at."),
    "assessed": _("Assessed: %(amount)s DH are to come back to you."),
    "paid": _("Paid: %(amount)s DH came back to you on %(paid_on)s."),
    "refused": _("Refused: %(reason)s You can appeal."),
    "appealed": _("Your appeal was received and is being looked at."),
    "rejected": _("Refused after your appeal: %(reason)s"),
    "withdrawn": _("Withdrawn at your wish."),
}


NOTHING_BACK = _("Assessed: nothing can come back to you.")


@dataclass(frozen=True)
class StatementLine:
    """One claim as told to the person: the act, what they paid, what comes back, and why."""

    claim_id: int
    care_on: dt.date
    act_name: str
    patient_name: str
    insured_name: str
    insured_other_name: str
    state: str
    paid_by_person_centimes: int
    reimbursed_centimes: int | None
    sentence: str


@dataclass(frozen=True)
class CheckTold:
    """A partner asked about the person's cover."""

    at: dt.datetime
    partner: str
    on: dt.date
    status: str
    dependants_told: bool


def statement_of(person_id: int, *, scope: Scope) -> list[StatementLine]:
    """The person's claims, newest care first, in the language in force. Raises NotFoundInScope."""
    person_in_scope(person_id, scope)
    claims = list(
        Claim.objects.filter(insured_id=person_id)
        .select_related("insured", "patient")
        .order_by("-care_on", "-pk")
    )
    acts = {act.code: act for act in Act.objects.filter(code__in={one.act_code for one in claims})}
    return [line_of(claim, acts.get(claim.act_code)) for claim in claims]


def line_of(claim: Claim, act: Act | None) -> StatementLine:
    """One claim in words, in the language in force."""
    in_arabic = (get_language() or "ar") == "ar"
    insured = _names(claim.insured, in_arabic)
    return StatementLine(
        claim_id=claim.pk,
        care_on=claim.care_on,
        act_name=(act.name_ar if in_arabic else act.name_fr) if act else claim.act_code,
        patient_name=_names(claim.patient, in_arabic)[0],
        insured_name=insured[0],
        insured_other_name=insured[1],
        state=claim.state,
        paid_by_person_centimes=claim.paid_by_person_centimes,
        reimbursed_centimes=claim.reimbursed_centimes,
        sentence=_sentence(claim),
    )


def _names(person: Person, in_arabic: bool) -> tuple[str, str]:
    """The name in the reader's script, or the only one there is; and the other one."""
    names = (person.full_name_ar, person.full_name_latn)
    shown, other = names if in_arabic else names[::-1]
    return (shown, other) if shown else (other, "")


def _sentence(claim: Claim) -> str:
    nothing = claim.state == Claim.State.ASSESSED and not claim.reimbursed_centimes
    template = NOTHING_BACK if nothing else STATE_SENTENCES[claim.state]
    told = str(template) % {
        "until": f"{qafila_law.claim_deadline(claim.care_on):%d/%m/%Y}",
        "amount": _amount(claim.reimbursed_centimes or 0),
        "paid_on": f"{claim.paid_on:%d/%m/%Y}" if claim.paid_on else "",
        "reason": claim.refusal_reason,
    }
    if claim.state == Claim.State.ASSESSED:
        return f"{told} {finding_sentence(claim.finding, claim.care_on)}"
    return told


def _amount(centimes: int) -> str:
    """Dirhams with the decimal sign of the language in force."""
    plain = qafila_law.dirhams(centimes)
    return plain if (get_language() or "ar") == "en" else plain.replace(".", ",")


@reference_data
def demonstration_acts() -> int:
    """How many acts are invented ones of the demonstration."""
    return Act.objects.filter(demonstration=True).count()


@reference_data
def acts_on(on: dt.date) -> list[Act]:
    """The acts that have a reference tariff on the day, by code; demonstration ones are marked."""
    held = Act.objects.filter(Q(valid_until=None) | Q(valid_until__gt=on), valid_from__lte=on)
    return list(held.order_by("code"))


def checks_of(person_id: int, *, scope: Scope) -> list[CheckTold]:
    """Who asked whether the person is covered, newest first, at most a hundred."""
    person_in_scope(person_id, scope)
    checks = CoverageCheck.objects.filter(person_id=person_id).order_by("-at", "-pk")[:100]
    found = list(checks)
    names = dict(
        Partner.objects.filter(pk__in={check.partner_id for check in found}).values_list(
            "pk", "name"
        )
    )
    return [
        CheckTold(one.at, names.get(one.partner_id, ""), one.on, one.status, one.dependants_told)
        for one in found
    ]
