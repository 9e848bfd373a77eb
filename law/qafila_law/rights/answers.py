"""The answer about one person's rights on one day, and the steps that tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from qafila_law.contributions.calls import Call
from qafila_law.money import Money, Term
from qafila_law.months import month_of
from qafila_law.parameter_tree import DatedValue, earliest_or_at
from qafila_law.rights import interruption, waiting_period
from qafila_law.rights.rights import (
    UNPAID_LIMIT,
    Held,
    Spans,
    held,
    opening_day,
    spans_of,
    unpaid_spans,
)
from qafila_law.rights.rights_facts import RightsFacts, if_all_paid
from qafila_law.rights.standings import Standing, Status
from qafila_law.rights.timelines import FOREVER
from qafila_law.rights.waiting_period import CONTINUED, waiting_months
from qafila_law.steps import Count, MonthOf, Step, Told, step, step_on

_RELIEF_DAY = date(2023, 12, 4)


@dataclass(frozen=True, slots=True)
class RightsAnswer:
    """The state of rights on one day, its bounds, what is overdue, and the explanation.

    `known_until` is the last day the facts speak of. Beyond it rights that would be open are not
    known yet (`known` is False): the months called later must be paid too.
    """

    status: Status
    reason: str
    since: date | None
    until: date | None
    overdue_centimes: int
    overdue_months: int
    steps: tuple[Step, ...]
    known_until: date | None = None
    known: bool = True


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the steps are made from."""

    facts: RightsFacts
    spans: Spans
    on: date
    found: Standing
    since: date | None
    until: date | None
    followed_by: Status | None
    overdue: tuple[Call, ...]
    today: date | None = None

    @property
    def owed(self) -> int:
        paid = sum(call.paid_centimes for call in self.overdue if not call.settled)
        return sum(call.amount_centimes for call in self.overdue) - paid

    @property
    def known(self) -> bool:
        if self.found.reason != "paid_up" or self.facts.known_until is None:
            return True
        # What holds today is known today, though this month is still to be called.
        return self.on <= max(self.facts.known_until, self.today or date.min)


def rights(facts: RightsFacts, on: date, *, today: date | None = None) -> RightsAnswer:
    """The state of rights on `on`, with its reason and the steps that tell it.

    The steps speak of `on` as of a day past or to come when it is not `today` (None: it is).
    """
    asked = _asked(facts, on, today)
    return RightsAnswer(
        status=asked.found.status,
        reason=asked.found.reason,
        since=asked.since,
        until=asked.until,
        overdue_centimes=asked.owed,
        overdue_months=len(asked.overdue),
        steps=_steps(asked, today),
        known_until=facts.known_until,
        known=asked.known,
    )


def _asked(facts: RightsFacts, on: date, today: date | None) -> _Asked:
    spans = spans_of(facts)
    periods = held(facts, spans)
    place = next(n for n, one in enumerate(periods) if on < one[1] or one[1] == FOREVER)
    since, until, found = periods[place]
    return _Asked(
        facts=facts,
        spans=spans,
        on=on,
        found=found,
        since=None if since == date.min else since,
        until=None if until == FOREVER else until,
        followed_by=_status_after(periods, place),
        overdue=tuple(
            call
            for call in facts.months
            if any(start <= on < end for start, end in unpaid_spans(call, facts.relief))
        ),
        today=today,
    )


def _status_after(periods: tuple[Held, ...], place: int) -> Status | None:
    return periods[place + 1][2].status if place + 1 < len(periods) else None


def _steps(asked: _Asked, today: date | None) -> tuple[Step, ...]:
    if today is not None and asked.on != today and asked.found.status is not Status.NONE:
        return (_of_another_day(asked, today),)
    reason = asked.found.reason
    if not asked.known:
        return (_not_known_yet(asked),)
    if reason in ("unpaid_months", "never_paid"):
        return _suspended(asked)
    if reason in _WAITS and asked.until is not None:
        return (_waiting(asked, asked.until),)
    if reason == "waiting_months_unpaid":
        return (_months_to_pay(asked),)
    return (_plain(asked),)


_WAITS = ("waiting_period", "relief_waiting_period", "interruption_waiting_period")


def _of_another_day(asked: _Asked, today: date) -> Step:
    found = asked.found
    rests_on = _rests_on(asked)
    return of_another_day(
        found.status, found.reason, asked.on, today, known=asked.known, rests_on=rests_on
    )


def of_another_day(
    status: str,
    reason: str,
    on: date,
    today: date,
    *,
    known: bool = True,
    rests_on: DatedValue | None = None,
) -> Step:
    """What was, or what will be as far as is `known`, on a day that is not `today`."""
    tense = "past" if on < today else "to_come" if known else "unknown"
    why = Term(f"reason_{reason}")
    return step(
        f"rights_{tense}", rests_on=rests_on, on=on, status=Term(f"status_{status}"), why=why
    )


def _not_known_yet(asked: _Asked) -> Step:
    last = asked.facts.known_until or asked.on
    return step("rights_not_known_yet", rests_on=_rests_on(asked), last=MonthOf(month_of(last)))


def _suspended(asked: _Asked) -> tuple[Step, ...]:
    owed, since = asked.owed, asked.since or asked.on
    first = step_on(
        UNPAID_LIMIT,
        asked.on,
        f"rights_{asked.found.reason}",
        amount=owed,
        owed=Money(owed),
        months=Count(len(asked.overdue)),
        since=since,
    )
    opening = opening_day(if_all_paid(asked.facts, asked.on), asked.on)
    if opening is None:
        return (first,)
    if opening == asked.on:
        return first, step("rights_reopen", owed=Money(owed))
    path = interruption.WAITING
    wait = earliest_or_at(path, asked.on)
    later = step("rights_reopen_later", rests_on=wait, owed=Money(owed), since=opening)
    return first, later


def _waiting(asked: _Asked, until: date) -> Step:
    """A wait told as the day rights open, or only as its end where they do not open then."""
    opens = asked.followed_by is Status.OPEN
    code = f"rights_{asked.found.reason}" if opens else "rights_wait_ends"
    rests_on = _rests_on(asked)
    months = Count(int(rests_on.number)) if rests_on else Count(0)
    return step(code, rests_on=rests_on, months=months, until=until)


def _months_to_pay(asked: _Asked) -> Step:
    entered = _entered(asked)
    paid = waiting_period.paid_months(asked.facts.months)
    done = sum(month >= entered and day <= asked.on for month, day in paid.items())
    wanted = waiting_months(entered)
    return step_on(
        waiting_period.MUST_BE_PAID,
        entered,
        "rights_waiting_months_unpaid",
        months=Count(wanted),
        paid=min(done, wanted - 1),
    )


def _entered(asked: _Asked) -> date:
    return max(one.entered for one in asked.spans.waits if one.entered <= asked.on)


def _rests_on(asked: _Asked) -> DatedValue | None:
    """The dated value the state of rights rests on."""
    match asked.found.reason:
        case "waiting_period":
            return earliest_or_at(waiting_period.WAITING, _entered(asked))
        case "waiting_months_unpaid":
            return earliest_or_at(waiting_period.MUST_BE_PAID, _entered(asked))
        case "relief_waiting_period":
            return earliest_or_at("relief.waiting_months", _RELIEF_DAY)
        case "interruption_waiting_period":
            return earliest_or_at(interruption.WAITING, asked.since or asked.on)
        case "continued_after_activity" | "activity_ended":
            return earliest_or_at(CONTINUED, asked.on)
        case "deceased" | "not_enrolled":
            return None
        case _:
            return earliest_or_at(UNPAID_LIMIT, asked.on)


def _plain(asked: _Asked) -> Step:
    """Open, closed or none: since when and, where an end is known, its last day."""
    told: dict[str, Told] = {}
    if asked.since is not None and asked.found.status is not Status.NONE:
        told["since"] = asked.since
    code = f"rights_{asked.found.reason}"
    if asked.found.status is Status.OPEN and asked.until is not None:
        told["last"] = asked.until - timedelta(days=1)
        if asked.found.reason == "paid_up":
            code = "rights_paid_up_until"
        else:
            told.pop("since", None)
    return step(code, rests_on=_rests_on(asked), **told)  # type: ignore[arg-type]
