"""The rights of a family's members: on a day, if an event were told, and after a death."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

import qafila_law
from qafila.contributions.payments.refunds.refunds import credit_of
from qafila.enrolment.family.after_death import died_on
from qafila.enrolment.family.life_events import (
    OF_DECLARATION,
    NewEvent,
    require_possible,
    subject_of,
)
from qafila.enrolment.family.members import FamilyTold, Told, family_told
from qafila.enrolment.models import Dependant
from qafila.enrolment.queries import dependants_of
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.foundation.wording.births import birth_in_figures
from qafila.people.access import PersonFile, checked_person, person_in_scope
from qafila.rights.derivation.law_input import facts_of
from qafila.rights.models import DependantPeriod
from qafila.rights.queries import Rights, rights_of
from qafila.rights.reasons import NOT_ENROLLED, NOT_KNOWN, not_known_yet, why_dependant_on
from qafila_law.money import dirhams


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


@dataclass(frozen=True)
class Change:
    """A member's rights on a day as they are, and as they would be."""

    dependant_id: int
    name_ar: str
    name_latn: str
    before: Rights
    after: Rights


def family_if(insured_id: int, event: NewEvent, on: dt.date, *, scope: Scope) -> list[Change]:
    """What telling `event` would change on `on` for each member, by the law; nothing is written.

    Raises what `tell_life_event` raises for an event that cannot be.
    """
    insured = person_in_scope(insured_id, scope)
    about, member = subject_of(insured, event)
    require_possible(insured, event, about, member, on=on)
    declaration = member.pk if member and event.kind in OF_DECLARATION else None
    told = Told(about.pk, event.kind, event.since, event.until, declaration, event.custody)
    facts = facts_of(insured_id)
    died = event.since if event.kind == "death" and about.pk == insured_id else None
    before = _by_law(family_told(insured), facts, on)
    after = _by_law(family_told(insured, besides=[told]), _with_death(facts, died), on)
    members = family_told(insured).members
    return [
        Change(one.pk, one.person.full_name_ar, one.person.full_name_latn, old, new)
        for one, old, new in zip(members, before, after, strict=True)
        if one.person is not None
    ]


def _with_death(facts: qafila_law.RightsFacts, died: dt.date | None) -> qafila_law.RightsFacts:
    return qafila_law.RightsFacts(
        facts.enrolments, facts.calls, facts.relief, facts.deceased_on or died
    )


def _by_law(told: FamilyTold, facts: qafila_law.RightsFacts, on: dt.date) -> list[Rights]:
    own = qafila_law.rights_periods(facts)
    return [
        _on(periods, on, one.person_id or 0)
        for one, periods in zip(told.members, told.periods(own), strict=True)
    ]


def _on(periods: tuple[qafila_law.RightsPeriod, ...], on: dt.date, member_id: int) -> Rights:
    for one in periods:
        if one.since <= on and (one.until is None or one.until > on):
            return Rights(member_id, one.status.value, one.reason, one.since, one.until)
    return Rights(member_id, "none", NOT_ENROLLED, None, None)


@dataclass(frozen=True)
class CoverAfterDeath:
    """The death, the last day on which a member of the family is covered by it (None: nobody is),
    and what the dead person had paid ahead, for the heirs."""

    died_on: dt.date
    last_day: dt.date | None
    members: int
    credit_centimes: int

    @property
    def sentence(self) -> str:
        """What the family is told, in the language in force."""
        told = (
            _("The family stays covered until %(day)s included.") % {"day": self.last_day}
            if self.last_day
            else _("Nobody of the family is covered after the death.")
        )
        if not self.credit_centimes:
            return told
        money = _("%(amount)s DH were paid ahead: they go to the heirs, with the deed of heirs.")
        return f"{told} {money % {'amount': dirhams(self.credit_centimes)}}"


def cover_after_death(insured_id: int, *, scope: Scope) -> CoverAfterDeath | None:
    """The family's cover after the insured person's death; None while none is told.

    NotFoundInScope outside the territory.
    """
    person_in_scope(insured_id, scope)
    died = died_on(insured_id)
    if died is None:
        return None
    open_ones = DependantPeriod.objects.filter(insured_id=insured_id, status="open", until__gt=died)
    rows = open_ones.order_by("until").values_list("dependant_id", "until")
    ends = {dependant: until for dependant, until in rows if until is not None}
    last = max(ends.values(), default=None)
    return CoverAfterDeath(
        died_on=died,
        last_day=last - dt.timedelta(days=1) if last else None,
        members=len(ends),
        credit_centimes=credit_of(insured_id, scope=scope),
    )
