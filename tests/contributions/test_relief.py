"""Law 41-23 end to end: asked, kept month after month, erased; or lost."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import in_arrears, pay, run
from tests.register.factories import agent, system

from qafila.contributions.account.queries import statement_of
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.relief import (
    ReliefOutcome,
    apply_for_relief,
    review_relief,
)
from qafila.contributions.errors import ReliefNotPossible
from qafila.contributions.ledger.months import months_after
from qafila.contributions.models.calls_and_ledger import (
    Call,
    LedgerLine,
    ReliefApplication,
)
from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.errors import NotAllowed, NotFoundInScope

pytestmark = pytest.mark.django_db
DECEMBER = dt.date(2023, 12, 1)
# Three months before the wage of September 2023 and three after it.
OLD = 3 * 14189 + 3 * 14865


def moment(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 9, tzinfo=dt.UTC)


def in_old_arrears(months: int = 6) -> Enrolment:
    """Fatima, whose months up to November 2023 are unpaid."""
    fatima = in_arrears(months, effective_from=dt.date(2023, 1, 1), reported_on=DECEMBER)
    at = moment(dt.date(2023, 12, 20))
    open_reported_arrears(DECEMBER, actor=system(), at=at)
    run(DECEMBER, at=at)
    return fatima


def ask(who: Enrolment, day: dt.date, role: Role = Role.COUNTER_AGENT) -> ReliefOutcome:
    clerk = agent(role, provinces=("09.001",))
    return apply_for_relief(who.person_id, actor=clerk, at=moment(day))


def pay_regularly(who: Enrolment, months: int) -> dt.date:
    """December 2023 in January, then each month in its own; the last day of it all."""
    day = dt.date(2024, 1, 15)
    pay(who, 14865, day, at=moment(day))
    for number in range(1, months + 1):
        day = months_after(DECEMBER, number).replace(day=25)
        called = run(months_after(DECEMBER, number), at=moment(day))
        pay(who, called.total_centimes, day, at=moment(day))
    return day


def test_twelve_regular_months_erase_the_old_ones() -> None:
    fatima = in_old_arrears()
    asked = ask(fatima, dt.date(2024, 1, 10))
    assert (asked.state, asked.answer.status) == ("running", "possible")
    last = pay_regularly(fatima, 13)
    assert review_relief(actor=system(), at=moment(last)) == {
        "running": 0, "erased": 1, "lost": 0,
    }  # fmt: skip
    application = ReliefApplication.objects.get()
    assert application.erased_centimes == OLD
    assert statement_of(fatima.person_id, scope=WHOLE_COUNTRY).owed_centimes == 0
    assert not Call.objects.filter(settled_on=None).exists()
    relieved = LedgerLine.objects.filter(book="relieved")
    assert sum(relieved.values_list("amount_centimes", flat=True)) == OLD


def test_while_relief_runs_payments_leave_the_old_months_alone() -> None:
    fatima = in_old_arrears()
    ask(fatima, dt.date(2024, 1, 10))
    pay_regularly(fatima, 2)
    old = Call.objects.filter(month__lt=DECEMBER)
    assert set(old.values_list("settled_on", flat=True)) == {None}
    assert not Call.objects.filter(month__gte=DECEMBER, settled_on=None).exists()


def test_money_paid_before_the_request_is_moved_to_the_new_months() -> None:
    fatima = in_old_arrears()
    pay(fatima, 14865, dt.date(2024, 1, 15), at=moment(dt.date(2024, 1, 15)))
    assert Call.objects.get(month=DECEMBER).settled_on is None
    asked = ask(fatima, dt.date(2024, 2, 1))
    assert asked.answer.status == "running"
    assert asked.answer.first_payment_on == dt.date(2024, 1, 15)
    assert Call.objects.get(month=DECEMBER).settled_on == dt.date(2024, 1, 15)


def test_a_missed_month_loses_relief_and_money_goes_to_the_oldest_again() -> None:
    fatima = in_old_arrears()
    ask(fatima, dt.date(2024, 1, 10))
    pay_regularly(fatima, 3)
    for number in (4, 5, 6, 7):
        run(months_after(DECEMBER, number), at=moment(months_after(DECEMBER, number)))
    day = dt.date(2024, 8, 20)
    assert review_relief(actor=system(), at=moment(day))["lost"] == 1
    assert ReliefApplication.objects.get().lost_on is not None
    pay(fatima, 14865, day, at=moment(day))
    oldest = Call.objects.order_by("month").first()
    assert oldest is not None
    assert oldest.settled_on == day


@pytest.mark.parametrize(
    ("months", "day", "words"),
    [
        (2, dt.date(2024, 1, 10), "too few months"),
        (6, dt.date(2026, 1, 10), "41-23 gives no relief"),
    ],
)
def test_where_the_law_gives_no_relief_nothing_is_kept(
    months: int, day: dt.date, words: str
) -> None:
    fatima = in_old_arrears(months)
    with pytest.raises(ReliefNotPossible) as refusal:
        ask(fatima, day)
    assert words in refusal.value.sentence()
    assert not ReliefApplication.objects.exists()


def test_a_request_made_twice_is_one() -> None:
    fatima = in_old_arrears()
    first, again = ask(fatima, dt.date(2024, 1, 10)), ask(fatima, dt.date(2024, 1, 11))
    assert first.application_id == again.application_id


def test_counters_ask_in_their_territory_and_auditors_do_not() -> None:
    fatima = in_old_arrears()
    with pytest.raises(NotAllowed):
        ask(fatima, dt.date(2024, 1, 10), Role.AUDITOR)
    with pytest.raises(NotFoundInScope):
        apply_for_relief(
            fatima.person_id, actor=agent(Role.COUNTER_AGENT, provinces=("06.141",)),
            at=moment(dt.date(2024, 1, 10)),
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        review_relief(actor=agent(Role.COUNTER_AGENT, national=True), at=moment(DECEMBER))
