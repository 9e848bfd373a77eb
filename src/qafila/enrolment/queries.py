"""What enrolment can be asked."""

from __future__ import annotations

from django.db.models import Q

from qafila.enrolment.models import Dependant, Enrolment, LifeEvent, TaxYear
from qafila.foundation.actors import Scope
from qafila.foundation.scope import reference_data


def enrolments_of(person_id: int, *, scope: Scope) -> list[Enrolment]:
    """The person's enrolments, oldest first; none outside the scope."""
    rows = Enrolment.objects.filter(person_id=person_id).select_related("person")
    found = rows.order_by("effective_from", "pk")
    return [row for row in found if scope.covers(row.person.province_id)]


def dependants_of(person_id: int, *, scope: Scope) -> list[Dependant]:
    """The spouse and children of the person, in the order noted; none outside the scope."""
    rows = Dependant.objects.filter(insured_id=person_id).select_related("insured", "person")
    return [row for row in rows.order_by("pk") if scope.covers(row.insured.province_id)]


def life_events_of(insured_id: int, *, scope: Scope) -> list[LifeEvent]:
    """What was told of the insured person and the family, latest first, taken back or not."""
    family = Dependant.objects.filter(insured_id=insured_id).values("person_id")
    of_family = Q(person_id=insured_id) | Q(person_id__in=family)
    rows = LifeEvent.objects.filter(of_family).select_related("person", "dependant")
    found = [row for row in rows.order_by("-since", "-pk") if scope.covers(row.person.province_id)]
    # A divorce of another marriage of the same person is another family's matter.
    return [one for one in found if one.dependant is None or one.dependant.insured_id == insured_id]


def tax_years_of(person_id: int, *, scope: Scope) -> list[TaxYear]:
    """What is known of the person's years paid with the tax, latest first; none outside."""
    rows = TaxYear.objects.filter(enrolment__person_id=person_id)
    found = rows.select_related("enrolment__person").order_by("-year", "-enrolment_id")
    return [row for row in found if scope.covers(row.enrolment.person.province_id)]


@reference_data
def anyone_pays_at_once(year: int) -> bool:
    """Whether anybody pays the whole of `year` at once."""
    yearly = TaxYear.Periodicity.YEARLY
    return TaxYear.objects.filter(year=year, periodicity=yearly).exists()


@reference_data
def years_with_final_tax(*, before: int) -> list[int]:
    """The years before `before` of which somebody's final tax is known, oldest first."""
    known = TaxYear.objects.filter(final_tax_dh__isnull=False, year__lt=before)
    return list(known.order_by("year").values_list("year", flat=True).distinct())
