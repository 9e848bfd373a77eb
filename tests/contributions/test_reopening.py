"""A closed month is opened again by two persons, the latest one only, and takes postings again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.books import require_agreement
from tests.contributions.factories import NOVEMBER, craftworker, pay, run
from tests.register.factories import agent, places, system

from qafila.contributions.errors import ReopeningNotPossible
from qafila.contributions.ledger.closed_months import books_month
from qafila.contributions.ledger.closing import close_month
from qafila.contributions.ledger.reopening import (
    ask_reopening,
    confirm_reopening,
    latest_closed,
    refuse_reopening,
    reopenings,
)
from qafila.contributions.models.calls_and_ledger import LedgerLine
from qafila.contributions.models.reopenings import MonthReopening
from qafila.foundation.actors import Role
from qafila.foundation.errors import NotAllowed
from qafila.foundation.trail import acting

pytestmark = pytest.mark.django_db
OCTOBER = dt.date(2026, 10, 1)
LATER = dt.datetime(2026, 12, 3, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def lead() -> dict[str, Any]:
    return {"actor": agent(Role.PROGRAMME_LEAD, national=True), "at": LATER}


def closed() -> None:
    """October and November are called and closed."""
    for month in (OCTOBER, NOVEMBER):
        run(month)
        close_month(month, **lead())


def problem(refused: pytest.ExceptionInfo[ReopeningNotPossible]) -> str:
    sentence = refused.value.sentence()
    assert sentence.endswith(".")
    assert "%" not in sentence
    return str(refused.value.params["problem"])


def test_two_persons_open_a_month_again_and_those_before_stay_closed() -> None:
    fatima = craftworker()
    closed()
    asking = lead()
    ask_reopening(NOVEMBER, reason="A file came late.", **asking)
    assert books_month(NOVEMBER) == dt.date(2026, 12, 1)
    with pytest.raises(ReopeningNotPossible) as refused:
        confirm_reopening(NOVEMBER, **asking)
    assert problem(refused) == "same_person"
    confirm_reopening(NOVEMBER, **lead())
    assert (books_month(NOVEMBER), books_month(OCTOBER)) == (NOVEMBER, NOVEMBER)
    pay(fatima, 16352, dt.date(2026, 11, 10))
    placed = LedgerLine.objects.filter(posting__startswith="allocation")
    assert set(placed.values_list("month", flat=True)) == {NOVEMBER}
    require_agreement()
    close_month(NOVEMBER, **lead())
    assert latest_closed() == NOVEMBER


def test_the_first_month_ever_closed_leaves_all_before_it_closed() -> None:
    run(NOVEMBER)
    close_month(NOVEMBER, **lead())
    ask_reopening(NOVEMBER, reason="A file came late.", **lead())
    confirm_reopening(NOVEMBER, **lead())
    assert latest_closed() == OCTOBER


def test_what_cannot_be_opened_is_refused_by_name() -> None:
    with pytest.raises(ReopeningNotPossible) as refused:
        ask_reopening(NOVEMBER, reason="Why not?", **lead())
    assert problem(refused) == "not_closed"
    closed()
    for month, reason, code in (
        (OCTOBER, "A file came late.", "later_closed"),
        (NOVEMBER, "  ", "reason"),
        (dt.date(2026, 12, 1), "A file came late.", "not_closed"),
    ):
        with pytest.raises(ReopeningNotPossible) as refused:
            ask_reopening(month, reason=reason, **lead())
        assert problem(refused) == code
    with pytest.raises(ReopeningNotPossible) as refused:
        confirm_reopening(NOVEMBER, **lead())
    assert problem(refused) == "not_asked"
    ask_reopening(NOVEMBER, reason="A file came late.", **lead())
    with pytest.raises(ReopeningNotPossible) as refused:
        ask_reopening(NOVEMBER, reason="Again.", **lead())
    assert problem(refused) == "asked"
    refuse_reopening(NOVEMBER, **lead())
    assert latest_closed() == NOVEMBER
    [told] = reopenings()
    assert (told.state, told.reason) == ("refused", "A file came late.")


def test_who_may() -> None:
    closed()
    with pytest.raises(NotAllowed):
        ask_reopening(
            NOVEMBER, reason="x", actor=agent(Role.COUNTER_AGENT, national=True), at=LATER
        )


def test_the_database_wants_four_eyes() -> None:
    closed()
    asking = lead()
    ask_reopening(NOVEMBER, reason="A file came late.", **asking)
    with pytest.raises(IntegrityError), transaction.atomic(), acting(system(), at=LATER):
        MonthReopening.objects.update(
            state="confirmed", decided_at=LATER, decided_by_id=asking["actor"].id
        )
