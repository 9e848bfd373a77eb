"""What comes back on an act for someone: the law's share of the tariff, and whether it is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

import qafila_law
from qafila.care import errors
from qafila.care.family import family_cover
from qafila.care.models import Act
from qafila.care.tariffs.tariffs import tariff_on
from qafila.foundation.actors import Scope
from qafila.foundation.scope import reference_data
from qafila.foundation.wording.told import day_told
from qafila.rights.queries import rights_of
from qafila_law.wording.sentences import error_sentence

PAYABLE = "payable"
FILED_LATE = "filed_late"
RIGHTS_NOT_OPEN = "rights_not_open"
DOCTOR_ASKED = "doctor_asked"
PATIENT_NOT_COVERED = "patient_not_covered"

FINDINGS: Mapping[str, str | Promise] = {
    PAYABLE: _("The care is covered and the claim came in time."),
    FILED_LATE: _("The papers came after %(until)s, the last day for this care."),
    DOCTOR_ASKED: _("A doctor of the fund has to look at this claim before it is paid."),
    RIGHTS_NOT_OPEN: _("The rights were not open on the day of care."),
    PATIENT_NOT_COVERED: _("The patient was not covered through the family on the day of care."),
}


@dataclass(frozen=True)
class Estimate:
    """What would come back on an act, why, and until when to claim. Amounts in centimes.

    `finding` is `payable` or why nothing comes back; `share` is the law's answer were it covered.
    """

    act: Act
    finding: str
    finding_sentence: str
    reimbursed_centimes: int
    share: qafila_law.Reimbursement
    rights_sentence: str

    @property
    def steps(self) -> tuple[str, ...]:
        """The law's reasoning in the language in force, amounts first."""
        return qafila_law.explain(self.share.steps, _law_language())


def estimate(
    *,
    insured_id: int,
    patient_id: int,
    act_code: str,
    care_on: dt.date,
    paid_centimes: int | None = None,
    quantity: int = 1,
    place: str = "",
    illness: str = "",
    filed_on: dt.date | None = None,
    deadline_waived: bool = False,
    scope: Scope,
) -> Estimate:
    """What the fund gives back on an act of `care_on`, by rights, tariff and time limits.

    Raises NotFoundInScope, ActNotFound, PatientNotOfFamily and CareNotAssessed.
    """
    act = tariff_on(act_code, care_on)
    share = _share(act, care_on, paid_centimes, place, illness, filed_on, quantity)
    rights = rights_of(insured_id, care_on, scope=scope)
    told = rights.why_to_staff
    finding = _cover_finding(insured_id, patient_id, rights.status, rights.reason, care_on, scope)
    late = filed_on is not None and not qafila_law.claim_in_time(care_on, filed_on)
    if finding == PAYABLE and late and not deadline_waived:
        finding = FILED_LATE
    sentence = finding_sentence(finding, care_on)
    back = share.reimbursed_centimes if finding == PAYABLE else 0
    return Estimate(act, finding, sentence, back, share, told)


@dataclass(frozen=True)
class GeneralEstimate:
    """What the law gives back on an act for anyone whose rights are open. Amounts in centimes."""

    act: Act
    share: qafila_law.Reimbursement

    @property
    def steps(self) -> tuple[qafila_law.Step, ...]:
        """The law's reasoning."""
        return self.share.steps


@reference_data
def general_estimate(
    act_code: str,
    care_on: dt.date,
    *,
    paid_centimes: int | None = None,
    place: str = "",
    illness: str = "",
) -> GeneralEstimate:
    """What the fund gives back on an act of `care_on`, were the rights open.

    Raises ActNotFound and CareNotAssessed.
    """
    act = tariff_on(act_code, care_on)
    return GeneralEstimate(act, _share(act, care_on, paid_centimes, place, illness, None))


def finding_sentence(finding: str, care_on: dt.date) -> str:
    """What was found about a claim for care of `care_on`, in the language in force."""
    until = day_told(qafila_law.claim_deadline(care_on))
    return str(FINDINGS[finding]) % {"until": until}


def _share(
    act: Act,
    care_on: dt.date,
    paid: int | None,
    place: str,
    illness: str,
    filed_on: dt.date | None,
    quantity: int = 1,
) -> qafila_law.Reimbursement:
    try:
        return qafila_law.reimbursement(
            act.care,
            care_on,
            tariff_centimes=act.tariff_centimes * quantity,
            paid_centimes=paid,
            place=_place_of_tariff(place),
            illness=illness or None,
            filed_on=filed_on,
        )
    except qafila_law.LawError as error:
        raise errors.CareNotAssessed(why=error_sentence(error, _law_language())) from error


def _place_of_tariff(place: str) -> str | None:
    """Care abroad is reckoned at the private rate; a doctor looks at it before it is paid."""
    return "private" if place == "abroad" else place or None


def _cover_finding(
    insured_id: int, patient_id: int, status: str, reason: str, on: dt.date, scope: Scope
) -> str:
    if patient_id == insured_id:
        return PAYABLE if status == "open" else RIGHTS_NOT_OPEN
    family = family_cover(insured_id, status, reason, on, scope=scope)
    member = next((one for one in family if one.person_id == patient_id), None)
    if member is None:
        raise errors.PatientNotOfFamily
    if member.status == "open":
        return PAYABLE
    return RIGHTS_NOT_OPEN if member.covered else PATIENT_NOT_COVERED


def _law_language() -> str:
    language = get_language() or "ar"
    return language if language in qafila_law.LANGUAGES else qafila_law.SOURCE_LANGUAGE
