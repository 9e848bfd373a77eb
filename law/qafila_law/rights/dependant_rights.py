"""The rights of dependants: the insured person's own, for as long as the law covers each.

One family at a time; `dependant_batches` gives the same for millions.
"""

from __future__ import annotations

from datetime import date, timedelta

from qafila_law.rights.answers import RightsAnswer
from qafila_law.rights.dependants import (
    Cover,
    Dependant,
    DependantAnswer,
    Family,
    change_days,
    cover_on,
    refuse_contradictions,
)
from qafila_law.rights.rights import RightsPeriod
from qafila_law.rights.standings import Standing, Status
from qafila_law.rights.timelines import FOREVER, periods_of


def dependant_standing(
    insured: RightsAnswer, dependant: DependantAnswer, *, open_at_death: bool = True
) -> tuple[Status, str]:
    """The rights of a dependant: the insured person's, for those covered (`standing_through`)."""
    cover = Cover(dependant.covered, dependant.reason)
    return standing_through(cover, Standing(insured.status, insured.reason), open_at_death)


def standing_through(cover: Cover, insured: Standing, open_at_death: bool) -> Standing:
    """The decision table of a dependant's rights.

    After the insured person's death cover goes on by itself for its months, if it was open on the
    day before. Who is not born or not of the family yet has no rights that could be closed.
    """
    if insured.status is Status.NONE or cover.reason in _NOT_YET:
        reason = insured.reason if insured.status is Status.NONE else cover.reason
        return Standing(Status.NONE, reason)
    if not cover.covered:
        return Standing(Status.CLOSED, cover.reason)
    if cover.reason == "after_death":
        return Standing(Status.OPEN, cover.reason) if open_at_death else _DIED_WITHOUT_RIGHTS
    return insured


_NOT_YET = ("not_born", "not_joined")
_DIED_WITHOUT_RIGHTS = Standing(Status.CLOSED, "insured_deceased")


def dependant_periods(
    family: Family, insured: tuple[RightsPeriod, ...]
) -> tuple[tuple[RightsPeriod, ...], ...]:
    """The periods of rights of each dependant, `insured` being the insured person's own.

    ContradictoryFactsError as `dependants`.
    """
    return tuple(_periods_of_one(family, one, insured) for one in family.dependants)


def _periods_of_one(
    family: Family, one: Dependant, insured: tuple[RightsPeriod, ...]
) -> tuple[RightsPeriod, ...]:
    refuse_contradictions(one)
    own = [
        (period.since, period.until or FOREVER, Standing(period.status, period.reason))
        for period in insured
    ]
    died = family.insured_deceased_on
    before = _held_on(own, died - timedelta(days=1)) if died else None

    def decide(day: date) -> Standing:
        open_at_death = before is not None and before.status is Status.OPEN
        return standing_through(cover_on(family, one, day), _held_on(own, day), open_at_death)

    days = [*change_days(family, one), *(since for since, _, _ in own)]
    return tuple(
        RightsPeriod(found.status, found.reason, since, None if until == FOREVER else until)
        for since, until, found in periods_of(decide, days)
        if found.status is not Status.NONE
    )


def _held_on(periods: list[tuple[date, date, Standing]], day: date) -> Standing:
    nothing = Standing(Status.NONE, "not_enrolled")
    return next((held for since, until, held in periods if since <= day < until), nothing)
