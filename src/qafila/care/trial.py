"""What an act would change for a person and the family, tried and taken back before it is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import qafila_law
from qafila.contributions.arrears.queries import overdue_of
from qafila.enrolment.family.members import family_told
from qafila.enrolment.models import Enrolment
from qafila.enrolment.queries import enrolments_of
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.trail import acting
from qafila.people.access import person_in_scope, person_to_change
from qafila.people.models import Person
from qafila.rights.derivation.law_input import facts_of
from qafila.rights.reasons import NOT_ENROLLED, why_dependant_on
from qafila_law import Category, LawError, monthly_amount


@dataclass(frozen=True)
class CoverTold:
    """Where somebody's rights are on a day; `until`: the last day of cover, None where open-ended
    or not covered. `why`: the reason as a sentence, `papers`: what the law asks a member for."""

    person_id: int
    name_ar: str
    name_latn: str
    status: str
    until: dt.date | None
    why: str = ""
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """A person with the family: rights by the law, what is overdue, what the month asks.

    `monthly_centimes` None: the law cannot say the amount.
    """

    own: CoverTold
    family: tuple[CoverTold, ...]
    overdue_centimes: int
    monthly_centimes: int | None


@dataclass(frozen=True)
class WouldChange:
    """A person and the family before an act and after it."""

    before: Standing
    after: Standing


class _SeenEnough(Exception):
    """Ends the trial: whatever it wrote is taken back."""


def what_would_change(
    person_id: int,
    act: Callable[[], object],
    *,
    month: dt.date,
    scope: Scope,
    actor: Actor,
    at: dt.datetime,
) -> WouldChange:
    """Try `act`, look at the person and the family, and take everything back: nothing is changed.

    `month`: the month whose contribution is told; `scope`: where the actor may do it. Raises
    NotFoundInScope, FileMerged, and what the act refuses.
    """
    before = standing_of(person_id, month=month, on=day_of(at), scope=scope)
    found: list[Standing] = []
    try:
        with acting(actor, at=at):
            person_to_change(person_id, scope)
            act()
            found.append(standing_of(person_id, month=month, on=day_of(at), scope=scope))
            raise _SeenEnough
    except _SeenEnough:
        return WouldChange(before, found[0])


def standing_of(person_id: int, *, month: dt.date, on: dt.date, scope: Scope) -> Standing:
    """Where the person and the family are on a day, by the facts of this moment."""
    person = person_in_scope(person_id, scope)
    own = qafila_law.rights_periods(facts_of(person_id))
    told = family_told(person)
    answers = qafila_law.dependants(told.family_on(on), on)
    family = tuple(
        _member_cover(periods, on, one.person, answer.documents)
        for one, periods, answer in zip(told.members, told.periods(own), answers, strict=True)
        if one.person is not None
    )
    amounts = [_monthly_centimes(one, month) for one in enrolments_of(person_id, scope=scope)]
    return Standing(
        _cover(own, on, person),
        family,
        sum(call.rest_centimes for call in overdue_of(person_id, on, scope=scope)),
        None if None in amounts else max([0, *(amount for amount in amounts if amount)]),
    )


def _cover(periods: tuple[qafila_law.RightsPeriod, ...], on: dt.date, who: Person) -> CoverTold:
    names = (who.pk, who.full_name_ar, who.full_name_latn)
    for one in periods:
        if one.since <= on and (one.until is None or one.until > on):
            covered = one.status.value == "open" and one.until is not None
            last = one.until - dt.timedelta(days=1) if covered and one.until else None
            return CoverTold(*names, one.status.value, last)
    return CoverTold(*names, "none", None)


def _member_cover(
    periods: tuple[qafila_law.RightsPeriod, ...],
    on: dt.date,
    who: Person,
    papers: tuple[str, ...],
) -> CoverTold:
    found = _cover(periods, on, who)
    now = next((one for one in reversed(periods) if one.since <= on), None)
    bounds = (now.since, now.until) if now else (None, None)
    why = why_dependant_on(now.reason if now else NOT_ENROLLED, bounds, on=on, today=on)
    return replace(found, why=why, papers=papers)


def _monthly_centimes(enrolment: Enrolment, month: dt.date) -> int | None:
    """The contribution of `month` by the enrolment's own facts, in centimes.

    0 when the enrolment does not run then or waits for a decision; None where the law cannot say.
    """
    first = month.replace(day=1)
    ended = enrolment.closed_on is not None and enrolment.closed_on <= first
    if ended or enrolment.effective_from > first or enrolment.undecided_since:
        return 0
    try:
        asked = monthly_amount(
            Category(enrolment.category.replace("_", "-")),
            first,
            annual_tax=enrolment.annual_tax_dh,
            regime=enrolment.regime or None,
            profit=enrolment.annual_profit_dh,
        )
    except LawError:
        return None
    return int(asked.monthly_centimes)
