"""A family as the law asks about it: its members with all that was told of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import qafila_law
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.people.models import Person


@dataclass(frozen=True)
class Told:
    """An event as the law sees it: `dependant_id` only for a divorce, the marriage it ends."""

    person_id: int
    kind: str
    since: dt.date
    until: dt.date | None = None
    dependant_id: int | None = None


@dataclass(frozen=True)
class FamilyTold:
    """The declared members in the order noted, and the family with them in the same order."""

    members: tuple[Dependant, ...]
    family: qafila_law.Family


def family_told(
    insured: Person, *, besides: Sequence[Told] = (), without: Collection[int] = ()
) -> FamilyTold:
    """The declared family of `insured`; `besides` were told too, the events `without` were not."""
    rows = Dependant.objects.filter(insured=insured, state="declared").select_related("person")
    members = tuple(rows.order_by("pk"))
    persons = [insured.pk, *(one.person_id for one in members if one.person_id)]
    events = _events_of(persons, without)
    for one in besides:
        events[one.person_id].append(one)
    schemes = _own_schemes(persons)
    dead = _first(events[insured.pk], "death")
    told = tuple(_member(one, events[one.person_id or 0], schemes) for one in members)
    return FamilyTold(members, qafila_law.Family(told, insured.sex != "F", dead))


def law_member(
    member: Person,
    link: str,
    events: Sequence[Told] = (),
    own_schemes: tuple[qafila_law.Spell, ...] = (),
    **facts: Any,
) -> qafila_law.Dependant:
    """One member as the law asks about them; `facts` are further ones, by the law's names."""
    told: dict[str, Any] = {
        "divorced_on": _first(events, "divorce"),
        "married_on": _first(events, "marriage"),
        "disabled_since": _first(events, "disability"),
        "deceased_on": _first(events, "death"),
        "schooling": tuple(
            qafila_law.Proof(one.since, one.until)
            for one in events
            if one.kind == "schooling" and one.until
        ),
        "own_schemes": (
            *own_schemes,
            *(qafila_law.Spell(one.since, one.until) for one in events if one.kind == "own_scheme"),
        ),
    }
    return qafila_law.Dependant(
        id=str(member.pk),
        link=qafila_law.Link(link),
        birth_date=member.birth_date,
        **(told | facts),
    )


def own_schemes_of(person_id: int) -> tuple[qafila_law.Spell, ...]:
    """When the person was insured at the fund in their own right."""
    return _own_schemes([person_id])[person_id]


def _member(
    one: Dependant,
    events: Sequence[Told],
    schemes: dict[int, tuple[qafila_law.Spell, ...]],
) -> qafila_law.Dependant:
    assert one.person is not None  # a declared member is named: the database checks it
    return law_member(
        one.person,
        "taken_in" if one.relation == "child" and one.taken_in else one.relation,
        [event for event in events if event.dependant_id in (None, one.pk)],
        schemes[one.person.pk],
        joined_on=one.joined_on,
        other_parent_insured=one.other_parent_insured,
        custody=qafila_law.Custody(one.custody) if one.custody else None,
    )


def _events_of(persons: Sequence[int], without: Collection[int]) -> dict[int, list[Told]]:
    rows = LifeEvent.objects.filter(person_id__in=persons, state="told").exclude(pk__in=without)
    found: dict[int, list[Told]] = defaultdict(list)
    for row in rows.order_by("since", "pk"):
        found[row.person_id].append(
            Told(row.person_id, row.kind, row.since, row.until, row.dependant_id)
        )
    return found


def _own_schemes(persons: Sequence[int]) -> dict[int, tuple[qafila_law.Spell, ...]]:
    rows = Enrolment.objects.filter(person_id__in=persons).exclude(fund_number="")
    found: dict[int, tuple[qafila_law.Spell, ...]] = defaultdict(tuple)
    for row in rows.order_by("effective_from", "pk"):
        if row.closed_on is None or row.closed_on > row.effective_from:
            found[row.person_id] += (qafila_law.Spell(row.effective_from, row.closed_on),)
    return found


def _first(events: Sequence[Told], kind: str) -> dt.date | None:
    return min((one.since for one in events if one.kind == kind), default=None)
