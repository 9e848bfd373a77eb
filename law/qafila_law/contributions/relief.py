"""Cancellation of old arrears (law 41-23): who may have it, how far it is, when it is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from qafila_law.contributions.calls import Call
from qafila_law.contributions.categories import Category
from qafila_law.contributions.due_dates import due_date
from qafila_law.money import Money
from qafila_law.months import month_of, months_later
from qafila_law.parameter_tree import value_at
from qafila_law.steps import Count, MonthOf, Step, step_on

_LAW_DAY = date(2023, 12, 4)
NOT_CONCERNED, POSSIBLE, EXPIRED = "not_concerned", "possible", "expired"
RUNNING, ERASED, LOST = "running", "erased", "lost"
NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True)
class ReliefCourse:
    """What the rights need to know: when relief began and, if it was lost, from which day."""

    first_payment_on: date
    lost_on: date | None = None


@dataclass(frozen=True, slots=True)
class Relief:
    """How a person stands towards law 41-23 on one day."""

    status: str
    unpaid_months: int
    arrears_centimes: int
    regular_months: int
    needed_months: int
    first_payment_on: date | None
    erased_on: date | None
    lost_on: date | None
    rights_from: date | None
    steps: tuple[Step, ...]

    @property
    def course(self) -> ReliefCourse | None:
        """The facts `rights` takes; None when relief never began."""
        if self.first_payment_on is None:
            return None
        return ReliefCourse(self.first_payment_on, self.lost_on)


def last_month_erased() -> date:
    """The last month whose arrears are erased."""
    return _day("last_month_erased")


def relief_waiting_months() -> int:
    """Months of waiting from the month after the first payment on."""
    return _count("waiting_months")


def _day(name: str) -> date:
    return date.fromisoformat(str(value_at(f"relief.{name}", _LAW_DAY).value))


def _count(name: str) -> int:
    return int(value_at(f"relief.{name}", _LAW_DAY).number)


def _window() -> tuple[date, date]:
    return _day("first_payment_from"), _day("first_payment_until")


def relief(calls: Iterable[Call], on: date) -> Relief:
    """Where the person stands on `on`, from the calls of each month and what was paid when.

    Status: not_yet (before the law), not_concerned (fewer than three months unpaid), possible (may
    still start), expired, running, erased, lost. One call per month is expected; a call of several
    months (a quarter paid with the tax) counts as that many.
    """
    known = sorted(
        (month for call in calls for month in call.by_month()), key=lambda call: call.month
    )
    opens, closes = _window()
    unpaid = [
        call
        for call in known
        if call.month <= last_month_erased() and not call.settled_by(opens - timedelta(days=1))
    ]
    arrears = sum(call.amount_centimes - call.paid_centimes for call in unpaid if not call.settled)
    facts = _Facts(len(unpaid), arrears, _count("regular_months"))
    if on < _LAW_DAY:
        return facts.answer(NOT_YET)
    if len(unpaid) < _count("smallest_number_unpaid"):
        return facts.answer(NOT_CONCERNED)
    started = _first_payment(known, on)
    if started is None:
        return facts.answer(EXPIRED if on > closes else POSSIBLE)
    return _course_of(facts, known, started, on)


def _first_payment(calls: list[Call], on: date) -> date | None:
    opens, closes = _window()
    last = min(closes, on)
    days = [
        call.settled_on
        for call in calls
        if call.month > last_month_erased() and call.settled_on is not None and call.amount_centimes
    ]
    return min((day for day in days if opens <= day <= last), default=None)


@dataclass(frozen=True, slots=True)
class _Facts:
    unpaid: int
    arrears: int
    needed: int

    def answer(
        self,
        status: str,
        *,
        started: date | None = None,
        regular: int = 0,
        erased_on: date | None = None,
        lost_on: date | None = None,
    ) -> Relief:
        rights_from = None
        if started is not None and lost_on is None:
            rights_from = months_later(month_of(started), 1 + relief_waiting_months())
        return Relief(
            status=status,
            unpaid_months=self.unpaid,
            arrears_centimes=self.arrears,
            regular_months=regular,
            needed_months=self.needed,
            first_payment_on=started,
            erased_on=erased_on,
            lost_on=lost_on,
            rights_from=rights_from,
            steps=_steps(self, status, started, regular, rights_from, lost_on),
        )


def _course_of(facts: _Facts, calls: list[Call], started: date, on: date) -> Relief:
    first = months_later(month_of(started), 1)
    last = months_later(first, facts.needed - 1)
    window = [call for call in calls if first <= call.month <= last]
    missed = [call.due_on for call in window if not call.settled_by(call.due_on)]
    if missed and min(missed) < on:
        lost_on = min(missed) + timedelta(days=1)
        done = sum(call.due_on < min(missed) for call in window)
        return facts.answer(LOST, started=started, regular=done, lost_on=lost_on)
    paid = _months_paid(window, on)
    if len(paid) >= facts.needed:
        return facts.answer(ERASED, started=started, regular=len(paid), erased_on=max(paid))
    over_on = max([due_date(last, Category.CRAFTWORKER), *(call.due_on for call in window)])
    if over_on < on:
        lost_on = over_on + timedelta(days=1)
        return facts.answer(LOST, started=started, regular=len(paid), lost_on=lost_on)
    return facts.answer(RUNNING, started=started, regular=len(paid))


def _months_paid(window: list[Call], on: date) -> list[date]:
    """The day of payment of each month called and paid; a month of nothing is no month paid."""
    months = {call.month: call.settled_on for call in window if call.amount_centimes}
    return [day for day in months.values() if day is not None and day <= on]


def _steps(
    facts: _Facts,
    status: str,
    started: date | None,
    regular: int,
    rights_from: date | None,
    lost_on: date | None,
) -> tuple[Step, ...]:
    arrears = Money(facts.arrears)
    opens, closes = _window()
    least = _count("smallest_number_unpaid")
    told = [
        step_on(
            "relief.smallest_number_unpaid",
            _LAW_DAY,
            "relief_unpaid",
            amount=facts.arrears,
            arrears=arrears,
            months=Count(facts.unpaid),
            least=least,
            last=MonthOf(last_month_erased()),
        )
    ]
    path = "relief.regular_months"
    match status:
        case "possible":
            told.append(
                step_on(
                    "relief.first_payment_until",
                    _LAW_DAY,
                    "relief_possible",
                    opens=opens,
                    closes=closes,
                )
            )
        case "expired":
            told.append(
                step_on("relief.first_payment_until", _LAW_DAY, "relief_expired", closes=closes)
            )
        case "running" | "erased" if started and rights_from:
            facts_told = {"regular": regular, "needed": facts.needed}
            told.append(step_on(path, _LAW_DAY, f"relief_{status}", arrears=arrears, **facts_told))
            told.append(
                step_on(
                    "relief.waiting_months",
                    _LAW_DAY,
                    "relief_rights_from",
                    months=Count(relief_waiting_months()),
                    since=rights_from,
                )
            )
        case "lost" if lost_on:
            told.append(step_on(path, _LAW_DAY, "relief_lost", arrears=arrears, lost_on=lost_on))
        case _:
            told.append(step_on(path, _LAW_DAY, f"relief_{status}"))
    return tuple(told)
