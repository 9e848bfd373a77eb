"""One claim for care in words, as the person and the desk are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.care.models import Act, Claim
from qafila.care.tariffs.assessing import finding_sentence
from qafila.foundation.wording.told import day_told, dirhams_told
from qafila.people.models import Person

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
        "until": day_told(qafila_law.claim_deadline(claim.care_on)),
        "amount": dirhams_told(claim.reimbursed_centimes or 0),
        "paid_on": day_told(claim.paid_on) if claim.paid_on else "",
        "reason": claim.refusal_reason,
    }
    if claim.state == Claim.State.ASSESSED:
        return f"{told} {finding_sentence(claim.finding, claim.care_on)}"
    return told
