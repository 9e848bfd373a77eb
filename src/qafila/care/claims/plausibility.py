"""What a doctor has to look at before a claim is paid: what no act, patient or sum can be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.care.models import Act, Claim
from qafila.care.tariffs.tariffs import tariff_on
from qafila.people.models import Person

MOST_TIMES_THE_TARIFF = 10
"""A sum beyond so many times the reference tariff is looked at."""

DOUBTS: Mapping[str, str | Promise] = {
    "sex": _("This care is not given to a patient of this sex."),
    "age": _("This care is not given at the patient's age."),
    "too_soon": _("The same care was claimed for this patient a short time before or after."),
    "sum": _("The sum paid is more than ten times the reference tariff."),
    "other_file": _(
        "The same care on the same day is claimed for a file with the same card, or the same name "
        "and day of birth."
    ),
}
"""Why a doctor or the fund has to look, by code."""

STANDING = ("declared", "received", "assessed", "paid", "appealed")


def doubts_about(claim: Claim) -> list[str]:
    """The codes of `DOUBTS` that hold of a claim. Raises ActNotFound."""
    act, patient = tariff_on(claim.act_code, claim.care_on), claim.patient
    most = act.tariff_centimes * claim.quantity * MOST_TIMES_THE_TARIFF
    found = {
        "sex": bool(act.patient_sex and patient.sex and act.patient_sex != patient.sex),
        "age": not _of_age(act, patient, claim.care_on),
        "too_soon": _too_soon(act, claim),
        "sum": act.tariff_centimes > 0 and claim.paid_by_person_centimes > most,
        "other_file": same_care(claim).exists(),
    }
    return [code for code, holds in found.items() if holds]


def doubts_told(codes: Iterable[str]) -> list[str]:
    """The sentences of these codes, in the language in force."""
    return [str(DOUBTS[code]) for code in codes if code in DOUBTS]


def _of_age(act: Act, patient: Person, on: dt.date) -> bool:
    born = patient.birth_date
    if born is None:
        return True
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return (act.from_age is None or age >= act.from_age) and (
        act.to_age is None or age <= act.to_age
    )


def _too_soon(act: Act, claim: Claim) -> bool:
    if not act.days_between:
        return False
    apart = dt.timedelta(days=act.days_between)
    near = Claim.objects.filter(
        patient_id=claim.patient_id,
        act_code=claim.act_code,
        state__in=STANDING,
        care_on__gt=claim.care_on - apart,
        care_on__lt=claim.care_on + apart,
    )
    return near.exclude(pk=claim.pk).exists()


def same_care(claim: Claim) -> QuerySet[Claim]:
    """Standing claims of the same act and day for another file that may be the same patient."""
    patient = claim.patient
    alike = Q()
    if patient.card_number:
        alike |= Q(patient__card_number=patient.card_number)
    for name in ("full_name_ar", "full_name_latn"):
        if getattr(patient, name) and patient.birth_date:
            alike |= Q(
                **{f"patient__{name}": getattr(patient, name)},
                patient__birth_date=patient.birth_date,
            )
    same = Claim.objects.filter(
        act_code=claim.act_code, care_on=claim.care_on, state__in=STANDING
    ).exclude(patient_id=patient.pk)
    return same.filter(alike) if alike else same.none()
