"""Allowances: one for all processes, filled up steadily, with debts that stay."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from tests.api.doors import run_once

from another_process import AnotherProcess
from qafila.api.limits import Purse, checks_of
from qafila.foundation.stores.allowances import CHARGE, TAKE, charge, take

pytestmark = pytest.mark.django_db


def _later(holder: str, seconds: int) -> None:
    """As if so many seconds had passed since it was last asked for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE foundation_allowance SET at = at - make_interval(secs => %s) WHERE holder = %s",
            [seconds, holder],
        )


def test_it_fills_up_again_steadily() -> None:
    assert [take("a", 4) for _ in range(5)][:4] == [0] * 4
    assert 10 <= take("a", 4) <= 15
    _later("a", 15)
    assert take("a", 4) == 0
    assert take("a", 4) > 0
    assert take("b", 4) == 0
    _later("a", 10_000)
    assert [take("a", 4) == 0 for _ in range(5)] == [True] * 4 + [False]


def test_a_debt_is_waited_for() -> None:
    assert take("a", 10) == 0
    charge("a", 18)
    assert 50 <= take("a", 10) <= 60


@pytest.mark.django_db(transaction=True)
def test_two_processes_spend_one_allowance() -> None:
    first = "from qafila.foundation.stores.allowances import take"
    with AnotherProcess() as other:
        other.told("None", first)  # it takes seconds to start, in which an allowance fills up
        assert [take("a", 6) for _ in range(3)] == [0, 0, 0]
        assert other.told("[take('a', 6) == 0 for _ in range(4)]", first) == [True] * 3 + [False]


class _Bank:
    """Answers as the database does, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        # Held from outside: each task of a loop would get a connection of its own.
        self._cursor = connection.connection.cursor()

    async def ask(self, statement: str, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        assert statement in (TAKE, CHARGE)
        self.asked += 1
        self._cursor.execute(statement, dict(values))
        return list(self._cursor.fetchall())


def _taken(purse: Purse, times: int, per_minute: int) -> int:
    """How many of so many were granted at once."""

    async def taken() -> list[int]:
        return list(await asyncio.gather(*(purse.take(1, per_minute) for _ in range(times))))

    return run_once(taken()).count(0)


def test_a_purse_borrows_a_second_s_worth_and_gives_up_the_rest() -> None:
    bank, time = _Bank(), [0.0]
    here, there = (Purse(bank.ask, lambda: time[0]) for _ in range(2))
    assert _taken(here, 10, 600) == 10
    assert bank.asked == 1
    assert _taken(here, 1, 600) == 1
    time[0] = 2.0
    assert _taken(here, 1, 600) == 1
    assert bank.asked == 3
    # Together never more than agreed: 600 less what was borrowed and given up, and what came in
    # meanwhile.
    started = monotonic()
    granted = _taken(here, 600, 600) + _taken(there, 600, 600) + _taken(there, 1, 600)
    assert 400 < granted <= 600 - 12 + 9 + 10 * (monotonic() - started) + 1


def test_a_charge_ends_what_was_lent() -> None:
    purse = Purse(_Bank().ask, lambda: 0.0)
    assert _taken(purse, 1, 600) == 1
    run_once(purse.charge(1, 700))
    assert _taken(purse, 1, 600) == 0
    assert checks_of(1) != checks_of(2)
