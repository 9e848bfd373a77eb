"""Families as they stand, read for the rules that look at each as a whole."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from qafila.enrolment.family.members import custody_told
from qafila.enrolment.models import Dependant, LifeEvent
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.people.access import persons_visible
from qafila.people.models import Person


@dataclass(frozen=True)
class FamilyRead:
    """An insured person with the declared members, and what else is known of all of them.

    `elsewhere`: other declarations that stand and name one of these persons, as insured or as
    member. `events`: what was told of each person, oldest first.
    """

    insured: Person
    members: tuple[Dependant, ...]
    elsewhere: tuple[Dependant, ...]
    events: dict[int, list[LifeEvent]]
    on: dt.date

    @property
    def spouses(self) -> list[Dependant]:
        """The declared spouses, former ones too."""
        return [one for one in self.members if one.relation == "spouse"]

    @property
    def children(self) -> list[Dependant]:
        """The declared children."""
        return [one for one in self.members if one.relation == "child"]

    def first_day(self, person_id: int | None, kind: str) -> dt.date | None:
        """The day an event of this kind was first told of a person for."""
        found = [one.since for one in self.events.get(person_id or 0, ()) if one.kind == kind]
        return min(found, default=None)

    def ended(self, one: Dependant) -> bool:
        """Whether a declared marriage was ended by a divorce or the death of one of the two."""
        told = self.events.get(one.person_id or 0, ())
        divorced = any(e.kind == "divorce" and e.dependant_id == one.pk for e in told)
        died = (self.first_day(one.person_id, "death"), self.first_day(one.insured_id, "death"))
        return divorced or any(died)

    def custody(self, one: Dependant) -> str:
        """With whom a declared child is today; empty while nothing was told."""
        return custody_told(one, self.events.get(one.person_id or 0, ()), self.on)


def families_of(persons: Collection[int]) -> list[int]:
    """The insured persons whose family these persons belong to, themselves too."""
    of_members = Dependant.objects.filter(person_id__in=persons, state="declared")
    own = Dependant.objects.filter(insured_id__in=persons, state="declared")
    found = {*of_members.values_list("insured_id", flat=True)}
    return sorted(found | {*own.values_list("insured_id", flat=True)})


def read_families(insured_ids: Collection[int], on: dt.date) -> list[FamilyRead]:
    """The families of these insured persons on the day `on`: four statements for all of them."""
    if not insured_ids:
        return []
    own = _declared(Q(insured_id__in=insured_ids))
    persons = {*insured_ids, *(one.person_id for one in own if one.person_id)}
    near = _declared(Q(person_id__in=persons) | Q(insured_id__in=persons))
    persons |= {one.insured_id for one in near} | {one.person_id for one in near if one.person_id}
    events: dict[int, list[LifeEvent]] = defaultdict(list)
    for event in LifeEvent.objects.filter(person_id__in=persons, state="told").order_by(
        "since", "pk"
    ):
        events[event.person_id].append(event)
    # Whoever acts in one family is told what another, elsewhere, makes impossible.
    found = persons_visible(WHOLE_COUNTRY).filter(pk__in=insured_ids, state="active")
    return [_read(insured, near, events, on) for insured in found.order_by("pk")]


def _read(
    insured: Person, near: list[Dependant], events: dict[int, list[LifeEvent]], on: dt.date
) -> FamilyRead:
    members = tuple(one for one in near if one.insured_id == insured.pk)
    of_family = {insured.pk, *(one.person_id for one in members)}
    elsewhere = tuple(
        one
        for one in near
        if one.insured_id != insured.pk and {one.insured_id, one.person_id} & of_family
    )
    return FamilyRead(insured, members, elsewhere, events, on)


def _declared(which: Q) -> list[Dependant]:
    rows = Dependant.objects.filter(which, state="declared", person__isnull=False)
    return list(rows.select_related("insured", "person").order_by("pk"))
