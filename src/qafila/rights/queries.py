"""Where rights stand on a day, and why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q

import qafila_law
from qafila.contributions.calls.facts import known_until
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.people import facts as people_facts
from qafila.people.access import PersonFile, checked_person
from qafila.rights.derivation.law_input import facts_of
from qafila.rights.models import RightsPeriod
from qafila.rights.reasons import (
    NOT_CALLED_YET,
    NOT_KNOWN,
    not_known_yet,
    why,
    why_on,
    why_to_staff,
)
from qafila.rights.reasons import NOT_ENROLLED as NOT_ENROLLED


@dataclass(frozen=True)
class Rights:
    """Status (open, waiting, suspended, closed, none or not_known) with its reason and bounds.

    `until` is the first day after, empty when no end is known. `not_known`: by what is known rights
    are open, but the contributions of that day, after `known_until`, are not called yet. `on` is
    the day asked and `today` the day of asking.
    """

    person_id: int
    status: str
    reason: str
    since: dt.date | None
    until: dt.date | None
    on: dt.date | None = None
    today: dt.date | None = None
    known_until: dt.date | None = None

    @property
    def why(self) -> str:
        """The reason as a sentence to the person, in the language in force and the day's tense."""
        if self.status == NOT_KNOWN:
            return not_known_yet(self.known_until)
        if self.on is None or self.today is None:
            return why(self.reason, self.since, self.until)
        bounds = (self.since, self.until)
        return why_on(self.status, self.reason, bounds, on=self.on, today=self.today)

    @property
    def why_to_staff(self) -> str:
        """The reason as a sentence about the person, for pages that staff read."""
        if self.status == NOT_KNOWN:
            return not_known_yet(self.known_until)
        bounds = (self.since, self.until)
        return why_to_staff(self.reason, bounds, on=self.on, today=self.today)


def rights_of(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> Rights:
    """The materialised rights of a person on a day. NotFoundInScope outside the territory.

    One statement; on a day to come with open rights one more, which asks until when is called.
    """
    checked_person(person_id, scope=scope, person=person)
    today = clock.today()
    period = (
        RightsPeriod.objects.filter(_holds_on(on), person_id=person_id).order_by("-since").first()
    )
    if period is None:
        return Rights(person_id, "none", NOT_ENROLLED, None, None, on, today)
    held = replace(_told(period), on=on, today=today)
    if on > today and (held.status, held.reason) == ("open", "paid_up"):
        return _as_far_as_known(held, on, today)
    return held


_KNOWN_UNTIL = f"SELECT {known_until('%(person)s', '%(on)s::date')}"


def _as_far_as_known(held: Rights, on: dt.date, today: dt.date) -> Rights:
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_UNTIL, {"person": held.person_id, "on": on})
        last = max(cursor.fetchone()[0] or today, today)
    if on <= last:
        return replace(held, known_until=last)
    return replace(held, status=NOT_KNOWN, reason=NOT_CALLED_YET, known_until=last)


def rights_history(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> list[Rights]:
    """All periods of a person, oldest first. NotFoundInScope outside the territory."""
    checked_person(person_id, scope=scope, person=person)
    return [
        _told(period)
        for period in RightsPeriod.objects.filter(person_id=person_id).order_by("since")
    ]


def _holds_on(on: dt.date) -> Q:
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


def _told(period: RightsPeriod) -> Rights:
    return Rights(period.person_id, period.status, period.reason, period.since, period.until)


def rights_explained(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> qafila_law.RightsAnswer:
    """The law's own answer from the facts of this moment, with its steps (`qafila_law.explain`)."""
    checked_person(person_id, scope=scope, person=person)
    return qafila_law.rights(facts_of(person_id), on)


@dataclass(frozen=True)
class IfPaidToday:
    """What paying everything on a day would change: the sum, and from when rights are open."""

    owed_centimes: int
    open_from: dt.date | None


def rights_if_paid(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> IfPaidToday:
    """What the person owes in all and from which day rights are open if it is paid on `on`."""
    checked_person(person_id, scope=scope, person=person)
    return _if_paid(facts_of(person_id), on)


@dataclass(frozen=True)
class RightsTold:
    """Where rights stand, the law's own answer with its steps, and what paying would change."""

    rights: Rights
    answer: qafila_law.RightsAnswer
    if_paid: IfPaidToday


def rights_told(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> RightsTold:
    """`rights_of`, `rights_explained` and `rights_if_paid` from facts read once."""
    rights = rights_of(person_id, on, scope=scope, person=person)
    facts = facts_of(person_id)
    return RightsTold(rights, qafila_law.rights(facts, on), _if_paid(facts, on))


def _if_paid(facts: qafila_law.RightsFacts, on: dt.date) -> IfPaidToday:
    owed = sum(call.amount_centimes - call.paid_centimes for call in facts.calls)
    paid = qafila_law.if_all_paid(facts, on)
    return IfPaidToday(owed, qafila_law.opening_day(paid, on))


@dataclass(frozen=True)
class RightsCounts:
    """How many active persons stand where, and for which reasons."""

    open: int
    waiting: int
    suspended: int
    closed: int
    none: int
    reasons: dict[str, int]


def counts(on: dt.date, *, scope: Scope) -> RightsCounts:
    """Active persons of the scope by the status of their rights on `on`; each counts once."""
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNTS,
            {"on": on, "national": scope.national, "provinces": sorted(scope.province_codes)},
        )
        found = cursor.fetchall()
    by_status = dict.fromkeys(("open", "waiting", "suspended", "closed", "none"), 0)
    reasons: dict[str, int] = {}
    for status, reason, persons in found:
        by_status[status] += persons
        reasons[reason] = persons
    return RightsCounts(**by_status, reasons=reasons)


_COUNTS = f"""
SELECT coalesce(r.status, 'none'), coalesce(r.reason, '{NOT_ENROLLED}'), count(*)
FROM {people_facts.ACTIVE_PERSONS} p
LEFT JOIN rights_rightsperiod r ON r.person_id = p.id AND r.since <= %(on)s
     AND (r.until IS NULL OR r.until > %(on)s)
WHERE (%(national)s OR p.province_id = ANY(%(provinces)s))
GROUP BY 1, 2 ORDER BY 1, 2
"""
