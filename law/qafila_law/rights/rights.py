"""Whether rights are open on a day, since when, until when and why: one insured person.

Time is cut into half-open periods (`until` is the first day after). Facts not yet changed hold on:
a call that nobody has paid suspends rights from the day after its due day, until it is paid.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from qafila_law.contributions.calls import Call
from qafila_law.contributions.due_dates import waiting_months
from qafila_law.contributions.relief import (
    ReliefCourse,
    last_month_erased,
    relief_waiting_months,
)
from qafila_law.money import Money
from qafila_law.months import month_of, months_later
from qafila_law.parameter_tree import get_parameter, value_at
from qafila_law.rights.timelines import FOREVER, period_on, periods_of
from qafila_law.steps import Count, Step, step, step_on

UNPAID_LIMIT = "rights.unpaid_months_that_suspend"
CONTINUED = "rights.continued_after_activity_months"


class Status(StrEnum):
    """The state of rights."""

    OPEN = "open"
    WAITING = "waiting"
    SUSPENDED = "suspended"
    CLOSED = "closed"
    NONE = "none"


class Standing(NamedTuple):
    """A status and the code of its reason."""

    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A stretch of activity: the first month owed and, once over, the first day without it."""

    first_month: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class RightsFacts:
    """All that decides the rights of one insured person."""

    enrolments: tuple[Enrolment, ...] = ()
    calls: tuple[Call, ...] = ()
    relief: ReliefCourse | None = None
    deceased_on: date | None = None

    @property
    def months(self) -> tuple[Call, ...]:
        """The calls month by month: a quarter unpaid is three months unpaid."""
        return tuple(month for call in self.calls for month in call.by_month())


@dataclass(frozen=True, slots=True)
class RightsPeriod:
    """A status that holds from `since` (included) to `until` (excluded, None: no end known)."""

    status: Status
    reason: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class RightsAnswer:
    """The state of rights on one day, its bounds, what is overdue, and the explanation."""

    status: Status
    reason: str
    since: date | None
    until: date | None
    overdue_centimes: int
    overdue_months: int
    steps: tuple[Step, ...]


class Situation(NamedTuple):
    """What holds on one day; the decision looks at nothing else."""

    deceased: bool
    ever_enrolled: bool
    active: bool
    waiting: bool
    continued: bool
    unpaid: bool
    ever_paid: bool
    relief_waiting: bool


def standing(now: Situation) -> Standing:
    """The decision table of rights."""
    if now.deceased and now.ever_enrolled:
        return Standing(Status.CLOSED, "deceased")
    if not now.active and not (now.continued and not now.waiting):
        ended = now.ever_enrolled
        return Standing(Status.CLOSED, "activity_ended") if ended else _NOT_ENROLLED
    if now.active and now.waiting:
        return Standing(Status.WAITING, "waiting_period")
    if now.unpaid:
        return Standing(Status.SUSPENDED, "unpaid_months" if now.ever_paid else "never_paid")
    if now.relief_waiting:
        return Standing(Status.WAITING, "relief_waiting_period")
    if not now.ever_paid:
        return _before_first_payment(now)
    return Standing(Status.OPEN, "paid_up" if now.active else "continued_after_activity")


_NOT_ENROLLED = Standing(Status.NONE, "not_enrolled")


def _before_first_payment(now: Situation) -> Standing:
    if now.active:
        return Standing(Status.WAITING, "first_payment_awaited")
    return Standing(Status.CLOSED, "activity_ended")


Span = tuple[date, date]


class _Spans(NamedTuple):
    active: tuple[Span, ...]
    waiting: tuple[Span, ...]
    continued: tuple[Span, ...]
    unpaid: tuple[Span, ...]
    relief_waiting: tuple[Span, ...]
    first_paid: date
    first_enrolled: date


def _covering(spans: Iterable[Span], day: date) -> int:
    return sum(since <= day < until for since, until in spans)


def _spans(facts: RightsFacts) -> _Spans:
    active = tuple(
        sorted(
            (month_of(one.first_month), one.ended_on or FOREVER)
            for one in facts.enrolments
            if one.ended_on is None or one.ended_on > month_of(one.first_month)
        )
    )
    paid = [call.settled_on for call in facts.months if call.amount_centimes and call.settled_on]
    return _Spans(
        active=active,
        waiting=_waiting_spans(active),
        continued=tuple(_continued(until) for _, until in active if until < FOREVER),
        unpaid=tuple(span for call in facts.months for span in _unpaid_spans(call, facts.relief)),
        relief_waiting=_relief_waiting(facts.relief),
        first_paid=min(paid, default=FOREVER),
        first_enrolled=active[0][0] if active else FOREVER,
    )


def _continued(ended_on: date) -> Span:
    return ended_on, months_later(ended_on, int(value_at(CONTINUED, ended_on).number))


def _waiting_spans(active: tuple[Span, ...]) -> tuple[Span, ...]:
    """A waiting period at the first entry, and at a return once continued cover has run out."""
    spans: list[Span] = []
    covered_until = date.min
    for since, until in active:
        if since > covered_until:
            spans.append((since, months_later(since, waiting_months(since))))
        reach = FOREVER if until == FOREVER else _continued(until)[1]
        covered_until = max(covered_until, reach)
    return tuple(spans)


def _unpaid_spans(call: Call, relief: ReliefCourse | None) -> tuple[Span, ...]:
    since, until = call.due_on + timedelta(days=1), call.settled_on or FOREVER
    if relief is None or call.month > last_month_erased():
        spans = [(since, until)]
    else:
        spans = [(since, min(until, relief.first_payment_on))]
        if relief.lost_on is not None:
            spans.append((max(since, relief.lost_on), until))
    return tuple((start, end) for start, end in spans if start < end)


def _relief_waiting(relief: ReliefCourse | None) -> tuple[Span, ...]:
    if relief is None:
        return ()
    started = relief.first_payment_on
    until = months_later(month_of(started), 1 + relief_waiting_months())
    until = min(until, relief.lost_on or FOREVER)
    return ((started, until),) if started < until else ()


def unpaid_limit(on: date) -> int:
    """Overdue unpaid months from which rights are suspended on `on`."""
    first = get_parameter(UNPAID_LIMIT).values[0].since
    return int(value_at(UNPAID_LIMIT, max(on, first)).number)


def _standing_on(facts: RightsFacts, spans: _Spans, day: date) -> Standing:
    return standing(
        Situation(
            deceased=facts.deceased_on is not None and facts.deceased_on <= day,
            ever_enrolled=spans.first_enrolled <= day,
            active=_covering(spans.active, day) > 0,
            waiting=_covering(spans.waiting, day) > 0,
            continued=_covering(spans.continued, day) > 0,
            unpaid=_covering(spans.unpaid, day) >= unpaid_limit(day),
            ever_paid=spans.first_paid <= day,
            relief_waiting=_covering(spans.relief_waiting, day) > 0,
        )
    )


def _periods(facts: RightsFacts) -> tuple[tuple[date, date, Standing], ...]:
    spans = _spans(facts)
    edges = [day for kind in spans[:5] for span in kind for day in span]
    edges += [spans.first_paid, spans.first_enrolled, facts.deceased_on or FOREVER]
    edges += [value.since for value in get_parameter(UNPAID_LIMIT).values[1:]]
    return periods_of(lambda day: _standing_on(facts, spans, day), edges)


def rights_periods(facts: RightsFacts) -> tuple[RightsPeriod, ...]:
    """Every period of rights from the first enrolment on, in order, without gaps."""
    return tuple(
        RightsPeriod(found.status, found.reason, since, None if until == FOREVER else until)
        for since, until, found in _periods(facts)
        if found.status is not Status.NONE
    )


def rights(facts: RightsFacts, on: date) -> RightsAnswer:
    """The state of rights on `on`, with its reason and the steps that tell it."""
    since, until, found = period_on(_periods(facts), on)
    overdue = [call for call in facts.months if _covering(_unpaid_spans(call, facts.relief), on)]
    owed = sum(call.amount_centimes - call.paid_centimes for call in overdue if not call.settled)
    owed += sum(call.amount_centimes for call in overdue if call.settled)
    return RightsAnswer(
        status=found.status,
        reason=found.reason,
        since=since,
        until=until,
        overdue_centimes=owed,
        overdue_months=len(overdue),
        steps=_steps(facts, found, since, until, owed, len(overdue), on),
    )


def _steps(
    facts: RightsFacts,
    found: Standing,
    since: date | None,
    until: date | None,
    owed: int,
    months: int,
    on: date,
) -> tuple[Step, ...]:
    code = f"rights_{found.reason}"
    match found.reason:
        case "waiting_period" if since and until:
            entered = max(
                start for start, end in _waiting_spans(_spans(facts).active) if start <= on < end
            )
            wait = waiting_months(entered)
            return (
                step_on("rights.waiting_months", entered, code, months=Count(wait), until=until),
            )
        case "relief_waiting_period" if until:
            wait = relief_waiting_months()
            path = "relief.waiting_months"
            return (step_on(path, date(2023, 12, 4), code, months=Count(wait), until=until),)
        case "unpaid_months" | "never_paid" if since:
            first = step_on(
                UNPAID_LIMIT,
                on,
                code,
                amount=owed,
                owed=Money(owed),
                months=Count(months),
                since=since,
            )
            return first, step("rights_reopen", owed=Money(owed))
        case "continued_after_activity" if until:
            return (step_on(CONTINUED, on, code, until=until),)
        case "paid_up" | "first_payment_awaited" | "activity_ended" if since:
            path = CONTINUED if found.reason == "activity_ended" else UNPAID_LIMIT
            return (step_on(path, on, code, since=since),)
        case _:
            return (step(code, since=since),) if since else (step(code),)
