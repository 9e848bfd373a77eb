"""A family as the law asks about it: its members with all that was told of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q

import qafila_law
from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.people.models import Person


@dataclass(frozen=True)
class Told:
    """An event as the law sees it: `dependant_id` for a divorce and for custody alone, which are
    of one declaration; `custody` says with whom the child is from `since` on."""

    person_id: int
    kind: str
    since: dt.date
    until: dt.date | None = None
    dependant_id: int | None = None
    custody: str = ""


Changes = tuple[tuple[dt.date, dict[str, Any]], ...]
"""Days on which facts of a member change that the law's question holds once, and those facts."""


@dataclass(frozen=True)
class FamilyTold:
    """The declared members in the order noted, and the family with them in the same order.

    The law knows one custody of a child and one beginning of a disability; in `family` they are
    those before any change told: `family_on` a day has that day's. `changes`: of each member.
    """

    members: tuple[Dependant, ...]
    family: qafila_law.Family
    changes: tuple[Changes, ...] = ()

    def family_on(self, day: dt.date) -> qafila_law.Family:
        """The family with the custody and the disability of each child as they are on `day`."""
        if not any(self.changes):
            return self.family
        members = tuple(
            replace(one, **next((now for since, now in reversed(told) if since <= day), {}))
            for one, told in zip(self.family.dependants, self.changes, strict=True)
        )
        return replace(self.family, dependants=members)

    def periods(
        self, own: tuple[qafila_law.RightsPeriod, ...]
    ) -> tuple[tuple[qafila_law.RightsPeriod, ...], ...]:
        """The periods of rights of each member by the law, `own` being the insured person's.

        What changes holds between two changes: each stretch is the law's with those facts, and the
        stretches are put end to end.
        """
        days = sorted({since for told in self.changes for since, _ in told})
        found: tuple[list[qafila_law.RightsPeriod], ...] = tuple([] for _ in self.members)
        for first, last in zip([dt.date.min, *days], [*days, None], strict=True):
            told = qafila_law.dependant_periods(self.family_on(first), own)
            for rows, periods in zip(found, told, strict=True):
                for one in periods:
                    _append(rows, one, first, last)
        return tuple(tuple(rows) for rows in found)


def _append(
    rows: list[qafila_law.RightsPeriod],
    one: qafila_law.RightsPeriod,
    first: dt.date,
    last: dt.date | None,
) -> None:
    """Put the part of a period that lies in [first, last) behind the others; equal ones join."""
    since = max(one.since, first)
    until = min(filter(None, (one.until, last)), default=None)
    if until is not None and until <= since:
        return
    before = rows[-1] if rows else None
    if before and (before.status, before.reason, before.until) == (one.status, one.reason, since):
        since = rows.pop().since
    rows.append(replace(one, since=since, until=until))


def custody_on(one: Dependant, day: dt.date) -> str:
    """With whom a declared child is on `day` by what was told; empty while nothing was."""
    told = LifeEvent.objects.filter(dependant=one, kind="custody", state="told")
    return custody_told(one, told.order_by("since", "pk"), day)


def custody_told(one: Dependant, events: Iterable[Told | LifeEvent], day: dt.date) -> str:
    """As `custody_on`, by events in the order of their days; one that has ended gives way."""
    held = [
        event.custody
        for event in events
        if event.kind == "custody" and event.dependant_id == one.pk and _holds(event, day)
    ]
    return held[-1] if held else one.custody


def _holds(event: Told | LifeEvent, day: dt.date) -> bool:
    return event.since <= day and (event.until is None or event.until > day)


def family_told(
    insured: Person,
    *,
    besides: Sequence[Told] = (),
    without: Collection[int] = (),
    on: dt.date | None = None,
) -> FamilyTold:
    """The declared family of `insured`; `besides` were told too, the events `without` were not.

    With a day `on`, members removed after that day are still of the family.
    """
    declared = Q(state="declared")
    if on is not None:
        declared |= Q(state="refused", removed_on__gt=on)
    rows = Dependant.objects.filter(declared, insured=insured).select_related("person")
    members = tuple(rows.order_by("pk"))
    persons = [insured.pk, *(one.person_id for one in members if one.person_id)]
    events = _events_of(persons, without)
    for one in besides:
        events[one.person_id].append(one)
    schemes = _own_schemes(persons)
    dead = _first(events[insured.pk], "death")
    told = tuple(_member(one, events[one.person_id or 0], schemes) for one in members)
    changes = tuple(_changes(one, events[one.person_id or 0]) for one in members)
    return FamilyTold(members, qafila_law.Family(told, insured.sex != "F", dead), changes)


def _changes(one: Dependant, events: Sequence[Told]) -> Changes:
    """What changes of custody and of a disability that has an end, by the day it changes."""
    told = sorted(events, key=lambda event: event.since)
    custody = [e for e in told if e.kind == "custody" and e.dependant_id == one.pk]
    disability = [e for e in told if e.kind == "disability"]
    if not custody and not any(e.until for e in disability):
        return ()
    days = {day for e in custody + disability for day in (e.since, e.until) if day is not None}
    return tuple((day, _facts_on(one, custody, disability, day)) for day in sorted(days))


def _facts_on(
    one: Dependant, custody: Sequence[Told], disability: Sequence[Told], day: dt.date
) -> dict[str, Any]:
    with_whom = custody_told(one, custody, day)
    return {
        "custody": qafila_law.Custody(with_whom) if with_whom else None,
        "disabled_since": min((e.since for e in disability if _holds(e, day)), default=None),
    }


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
            Told(row.person_id, row.kind, row.since, row.until, row.dependant_id, row.custody)
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
