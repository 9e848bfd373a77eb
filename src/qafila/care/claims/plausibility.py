"""What no claim can be, and what a doctor has to look at before one is paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.care import errors
from qafila.care.models import Act, Claim
from qafila.care.tariffs.tariffs import tariff_on
from qafila.enrolment.family.after_death import died_on
from qafila.foundation.actors import Scope
from qafila.foundation.errors import NotFoundInScope
from qafila.linkage.names.name_comparison import compare_names
from qafila.people.access import persons_to_change, persons_visible
from qafila.people.models import Person

MOST_TIMES_THE_TARIFF = 10
"""A sum beyond so many times the reference tariff is looked at."""

DOUBTS: Mapping[str, str | Promise] = {
    "sex": _("This care is not given to a patient of this sex."),
    "age": _("This care is not given at the patient's age."),
    "too_soon": _("The same care was claimed for this patient a short time before or after."),
    "sum": _("The sum paid is more than ten times the reference tariff."),
    "abroad": _(
        "The care was given abroad: the law asks for the fund's agreement, and what comes back is "
        "in doubt."
    ),
    "other_file": _(
        "The same care on the same day is claimed for a file with the same card, or the same name "
        "and day of birth."
    ),
}
"""Why a doctor or the fund has to look, by code."""

ABROAD = "abroad"
"""The place of care given in another country."""

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
        "other_file": bool(same_care(claim)),
        "abroad": claim.place == ABROAD,
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


def require_alive_on(patient: Person, care_on: dt.date) -> None:
    """Raise CareBeforeBirth or CareOfTheDead for care outside the patient's life."""
    born, died = patient.birth_date, died_on(patient.pk)
    told = {"care_on": care_on.isoformat()}
    if born and care_on < born:
        raise errors.CareBeforeBirth(born=born.isoformat(), **told)
    if died and care_on > died:
        raise errors.CareOfTheDead(died=died.isoformat(), **told)


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


def same_care(claim: Claim) -> list[Claim]:
    """Standing claims of the same act and day for another file that may be the same patient.

    The same card; or the same day of birth and one name, in whichever script it is written.
    """
    patient = claim.patient
    same = Claim.objects.filter(
        act_code=claim.act_code, care_on=claim.care_on, state__in=STANDING
    ).exclude(patient_id=patient.pk)
    alike = Q(patient__card_number=patient.card_number) if patient.card_number else Q()
    if patient.birth_date:
        alike |= Q(patient__birth_date=patient.birth_date)
    if not alike:
        return []
    found = same.filter(alike).select_related("patient").order_by("pk")
    return [one for one in found if _one_patient(patient, one.patient)]


def _one_patient(one: Person, other: Person) -> bool:
    if one.card_number and one.card_number == other.card_number:
        return True
    if one.sex and other.sex and one.sex != other.sex:
        return False
    return any(compare_names(a, b).same for a in _names(one) for b in _names(other))


def _names(one: Person) -> Iterable[str]:
    return filter(None, (one.full_name_ar, one.full_name_latn))


def refuse_new_doubts(claim: Claim) -> None:
    """Raise ClaimDoubted when something is doubted now that the assessment did not see."""
    new = [code for code in doubts_about(claim) if code not in claim.doubts.split()]
    if new:
        raise errors.ClaimDoubted(why=" ".join(doubts_told(new)))


def refuse_second(patient_id: int, act_code: str, care_on: dt.date) -> None:
    """Raise ClaimedAlready when this act was claimed for this patient and day."""
    same = Claim.objects.filter(patient_id=patient_id, act_code=act_code, care_on=care_on)
    earlier = same.exclude(state=Claim.State.WITHDRAWN).order_by("pk").first()
    if earlier:
        raise errors.ClaimedAlready(claim=earlier.pk)


def insured_and_patient(
    insured_id: int, patient_id: int | None, scope: Scope
) -> tuple[Person, Person]:
    """The insured person and the patient; both locked, so that one act of one day is claimed by one
    at a time. NotFoundInScope, PatientNotOfFamily for a patient whom nobody here may see."""
    patient = patient_id or insured_id
    known = persons_visible(scope).filter(pk__in={insured_id, patient})
    held = persons_to_change(known.values_list("pk", flat=True), scope)
    if insured_id not in held:
        raise NotFoundInScope(person=insured_id)
    if patient not in held:
        raise errors.PatientNotOfFamily
    return held[insured_id], held[patient]
