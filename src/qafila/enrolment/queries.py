"""What enrolment can be asked."""

from __future__ import annotations

from qafila.enrolment.models import Dependant, Enrolment
from qafila.foundation.actors import Scope


def enrolments_of(person_id: int, *, scope: Scope) -> list[Enrolment]:
    """The person's enrolments, oldest first; none outside the scope."""
    rows = Enrolment.objects.filter(person_id=person_id).select_related("person")
    found = rows.order_by("effective_from", "pk")
    return [row for row in found if scope.covers(row.person.province_id)]


def dependants_of(person_id: int, *, scope: Scope) -> list[Dependant]:
    """The spouse and children of the person, in the order noted; none outside the scope."""
    rows = Dependant.objects.filter(insured_id=person_id).select_related("insured", "person")
    return [row for row in rows.order_by("pk") if scope.covers(row.insured.province_id)]
