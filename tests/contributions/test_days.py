"""The day is Morocco's: an hour before midnight in UTC is the next day there, but in Ramadan."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.contributions.factories import craftworker, pay, run
from tests.register.factories import agent

from qafila.contributions.ledger.closing import close_month
from qafila.contributions.models.calls_and_ledger import LedgerLine
from qafila.foundation.actors import Role
from qafila.foundation.clock import day_of

LATE = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)
DECEMBER = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (LATE, DECEMBER),
        (dt.datetime(2026, 2, 10, 23, 30, tzinfo=dt.UTC), dt.date(2026, 2, 11)),
        # In Ramadan Morocco keeps the time of Greenwich.
        (dt.datetime(2026, 2, 20, 23, 30, tzinfo=dt.UTC), dt.date(2026, 2, 20)),
    ],
)
def test_the_day_of_a_moment(moment: dt.datetime, day: dt.date) -> None:
    assert day_of(moment) == day


def test_a_moment_without_its_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(dt.datetime(2026, 11, 30, 23, 30))  # noqa: DTZ001  that is the point


@pytest.mark.django_db
def test_a_payment_of_the_first_of_december_late_in_the_evening() -> None:
    fatima = craftworker()
    run()
    close_month(dt.date(2026, 11, 1), actor=agent(Role.PROGRAMME_LEAD, national=True), at=LATE)
    pay(fatima, 16352, DECEMBER, at=LATE)
    placed = LedgerLine.objects.filter(posting__startswith="allocation")
    assert set(placed.values_list("posted_on", "month")) == {(DECEMBER, DECEMBER)}
