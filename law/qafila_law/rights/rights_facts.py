"""All that decides the rights of one insured person."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from qafila_law.contributions.calls import Call
from qafila_law.contributions.relief import ReliefCourse
from qafila_law.months import last_day


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A stretch of activity: the first month owed and, once over, the first day without it."""

    first_month: date
    ended_on: date | None = None


class ExcuseKind(StrEnum):
    """What may excuse a long time without payment."""

    ILLNESS = "illness"
    PREGNANCY = "pregnancy"
    ACCIDENT = "accident"
    ADMINISTRATIVE_DECISION = "administrative_decision"
    COURT_DECISION = "court_decision"
    HEAVY_ILLNESS = "heavy_illness"


@dataclass(frozen=True, slots=True)
class Excuse:
    """An excuse that held from `since` to `until` (excluded, None: it still holds)."""

    kind: ExcuseKind
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """All that decides the rights of one insured person.

    `reported_until`: the last day the fund's own report speaks of, where there is one.
    """

    enrolments: tuple[Enrolment, ...] = ()
    calls: tuple[Call, ...] = ()
    relief: ReliefCourse | None = None
    deceased_on: date | None = None
    excuses: tuple[Excuse, ...] = ()
    reported_until: date | None = None

    @property
    def months(self) -> tuple[Call, ...]:
        """The calls month by month: a quarter unpaid is three months unpaid."""
        return tuple(month for call in self.calls for month in call.by_month())

    @property
    def known_until(self) -> date | None:
        """The last day these facts speak of: the end of the last month called, or of the report."""
        days = [last_day(call.month) for call in self.months]
        return max([*days, *filter(None, [self.reported_until])], default=None)


def if_all_paid(facts: RightsFacts, on: date) -> RightsFacts:
    """The same facts, had everything still unpaid been paid on `on`."""
    calls = tuple(
        call if call.settled else replace(call, paid_centimes=call.amount_centimes, paid_on=on)
        for call in facts.calls
    )
    return replace(facts, calls=calls)
