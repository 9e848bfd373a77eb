"""The rights of a family's members on a day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from qafila.enrolment.models import Dependant
from qafila.enrolment.queries import dependants_of
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.foundation.wording.births import birth_in_figures
from qafila.people.access import PersonFile, checked_person
from qafila.rights.models import DependantPeriod
from qafila.rights.queries import Rights, rights_of
from qafila.rights.reasons import NOT_ENROLLED, NOT_KNOWN, not_known_yet, why_dependant_on


@dataclass(frozen=True)
class MemberRights:
    """A declared member's rights through the insured person: bounds as in `queries.Rights`."""

    dependant_id: int
    member_id: int
    relation: str
    name_ar: str
    name_latn: str
    birth_date: dt.date | None
    birth_precision: str
    status: str
    reason: str
    since: dt.date | None
    until: dt.date | None
    on: dt.date | None = None
    known_until: dt.date | None = None

    @property
    def born(self) -> str:
        """The birth in figures, no more precise than it is known."""
        return birth_in_figures(self.birth_date, self.birth_precision)

    @property
    def why(self) -> str:
        """The reason as a sentence, in the language in force and the tense of the day asked."""
        if self.status == NOT_KNOWN:
            return not_known_yet(self.known_until)
        bounds, today = (self.since, self.until), clock.today()
        return why_dependant_on(self.reason, bounds, on=self.on or today, today=today)


def family_rights(
    insured_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> list[MemberRights]:
    """The materialised rights of the declared members on a day, in the order noted.

    NotFoundInScope outside the territory.
    """
    checked_person(insured_id, scope=scope, person=person)
    members = [one for one in dependants_of(insured_id, scope=scope) if one.state == "declared"]
    held = {
        period.dependant_id: period
        for period in DependantPeriod.objects.filter(insured_id=insured_id, since__lte=on).order_by(
            "dependant_id", "since"
        )
        if period.until is None or period.until > on
    }
    told = [replace(_told(one, held.get(one.pk)), on=on) for one in members]
    return _as_far_as_known(insured_id, told, on, scope)


def _as_far_as_known(
    insured_id: int, told: list[MemberRights], on: dt.date, scope: Scope
) -> list[MemberRights]:
    """Members covered by what the insured person has paid are as little known as the insured is."""
    if on <= clock.today() or not any(one.reason == "paid_up" for one in told):
        return told
    own = rights_of(insured_id, on, scope=scope)
    if own.status != NOT_KNOWN:
        return told
    return [
        replace(one, status=NOT_KNOWN, reason=own.reason, known_until=own.known_until)
        if one.reason == "paid_up"
        else one
        for one in told
    ]


def rights_of_dependant(dependant_id: int, on: dt.date) -> Rights:
    """The materialised rights of one member on a day; who asks has been checked before."""
    rows = DependantPeriod.objects.filter(dependant_id=dependant_id, since__lte=on)
    period = rows.order_by("-since").first()
    if period is None or (period.until is not None and period.until <= on):
        return Rights(0, "none", NOT_ENROLLED, None, None)
    return Rights(period.member_id, period.status, period.reason, period.since, period.until)


def _told(one: Dependant, period: DependantPeriod | None) -> MemberRights:
    person = one.person
    assert person is not None  # a declared member is named: the database checks it
    return MemberRights(
        one.pk,
        person.pk,
        one.relation,
        person.full_name_ar,
        person.full_name_latn,
        person.birth_date,
        person.birth_precision,
        period.status if period else "none",
        period.reason if period else NOT_ENROLLED,
        period.since if period else None,
        period.until if period else None,
    )
