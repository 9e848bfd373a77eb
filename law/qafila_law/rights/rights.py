"""Whether rights are open on a day, since when, until when and why: one insured person.

Time is cut into half-open periods (`until` is the first day after). Facts not yet changed hold on:
a call that nobody has paid suspends rights from the day after its due day, until it is paid. How
far the facts reach is told beside (`known_until`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from qafila_law.contributions.calls import Call
from qafila_law.contributions.relief import (
    ReliefCourse,
    last_month_erased,
    relief_waiting_months,
)
from qafila_law.months import month_of, months_later
from qafila_law.parameter_tree import earliest_or_at, get_parameter
from qafila_law.rights.interruption import interruption_waits
from qafila_law.rights.rights_facts import RightsFacts
from qafila_law.rights.standings import Situation, Standing, Status, standing
from qafila_law.rights.timelines import FOREVER, Span, periods_of
from qafila_law.rights.waiting_period import Wait, continued_until, waits

UNPAID_LIMIT = "rights.unpaid_months_that_suspend"
NEEDS_COVER = "rights.continued_needs_cover_the_day_before"

Held = tuple[date, date, Standing]


@dataclass(frozen=True, slots=True)
class RightsPeriod:
    """A status that holds from `since` (included) to `until` (excluded, None: no end known)."""

    status: Status
    reason: str
    since: date
    until: date | None


class Spans(NamedTuple):
    """Every stretch of days that the decision looks at."""

    active: tuple[Span, ...]
    waits: tuple[Wait, ...]
    continued: tuple[Span, ...]
    unpaid: tuple[Span, ...]
    relief_waiting: tuple[Span, ...]
    interrupted: tuple[Span, ...]
    first_paid: date
    first_enrolled: date


def _covering(spans: Iterable[Span], day: date) -> int:
    return sum(since <= day < until for since, until in spans)


def spans_of(facts: RightsFacts) -> Spans:
    """The stretches of days that follow from the facts."""
    active = tuple(
        sorted(
            (month_of(one.first_month), one.ended_on or FOREVER)
            for one in facts.enrolments
            if one.ended_on is None or one.ended_on > month_of(one.first_month)
        )
    )
    months, relief = facts.months, facts.relief
    paid = [call.settled_on for call in months if call.amount_centimes and call.settled_on]
    found = Spans(
        active=active,
        waits=waits(active, months, relief.first_payment_on if relief else None),
        continued=(),
        unpaid=tuple(span for call in months for span in unpaid_spans(call, relief)),
        relief_waiting=_relief_waiting(relief),
        interrupted=interruption_waits(months, relief, facts.excuses),
        first_paid=min(paid, default=FOREVER),
        first_enrolled=active[0][0] if active else FOREVER,
    )
    return found._replace(continued=_continued(facts, found))


def _continued(facts: RightsFacts, spans: Spans) -> tuple[Span, ...]:
    """The months of cover after each end of activity that found rights open."""
    return tuple(
        (ended_on, continued_until(ended_on))
        for ended_on in _ends(spans.active)
        if not _needs_cover(ended_on)
        or _standing_on(facts, spans, ended_on - timedelta(days=1)).status is Status.OPEN
    )


def _needs_cover(ended_on: date) -> bool:
    return earliest_or_at(NEEDS_COVER, ended_on).value is True


def _ends(active: tuple[Span, ...]) -> list[date]:
    """The days on which activity of every kind ends."""
    ends, reached = [], date.min
    for since, until in active:
        if since > reached > date.min:
            ends.append(reached)
        reached = max(reached, until)
    return [end for end in [*ends, reached] if date.min < end < FOREVER]


def unpaid_spans(call: Call, relief: ReliefCourse | None) -> tuple[Span, ...]:
    """The days on which the call is overdue and counts; under a running relief it does not."""
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
    return int(earliest_or_at(UNPAID_LIMIT, on).number)


def _standing_on(facts: RightsFacts, spans: Spans, day: date) -> Standing:
    return standing(
        Situation(
            deceased=facts.deceased_on is not None and facts.deceased_on <= day,
            ever_enrolled=spans.first_enrolled <= day,
            active=_covering(spans.active, day) > 0,
            waiting=_covering((one.calendar for one in spans.waits), day) > 0,
            wait_unpaid=_covering((one.unpaid for one in spans.waits), day) > 0,
            continued=_covering(spans.continued, day) > 0,
            unpaid=_covering(spans.unpaid, day) >= unpaid_limit(day),
            ever_paid=spans.first_paid <= day,
            relief_waiting=_covering(spans.relief_waiting, day) > 0,
            interrupted=_covering(spans.interrupted, day) > 0,
        )
    )


def held(facts: RightsFacts, spans: Spans) -> tuple[Held, ...]:
    """(since, until, standing) from the first of days to the last."""
    kinds = (spans.active, spans.continued, spans.unpaid, spans.relief_waiting, spans.interrupted)
    edges = [day for kind in kinds for span in kind for day in span]
    edges += [day for one in spans.waits for day in (*one.calendar, *one.unpaid)]
    edges += [spans.first_paid, spans.first_enrolled, facts.deceased_on or FOREVER]
    edges += [value.since for value in get_parameter(UNPAID_LIMIT).values[1:]]
    return periods_of(lambda day: _standing_on(facts, spans, day), edges)


def rights_periods(facts: RightsFacts) -> tuple[RightsPeriod, ...]:
    """Every period of rights from the first enrolment on, in order, without gaps."""
    return tuple(
        RightsPeriod(found.status, found.reason, since, None if until == FOREVER else until)
        for since, until, found in held(facts, spans_of(facts))
        if found.status is not Status.NONE
    )


def opening_day(facts: RightsFacts, on: date) -> date | None:
    """The first day from `on` on with open rights by these facts; None when none is in sight."""
    days = (
        max(period.since, on)
        for period in rights_periods(facts)
        if period.status is Status.OPEN and (period.until is None or period.until > on)
    )
    return min(days, default=None)
