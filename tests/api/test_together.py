"""What is asked for at once is carried out together; each gets its own answer or fault."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from tests.api.doors import run_once

from qafila.api.coverage_check.batching import Together


class Desk:
    """Answers with squares; each round lets the event loop go on first. -1 and -2 are faults."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.together = Together(self.answer, fatal=(ConnectionError,))

    async def answer(self, asked: Sequence[int]) -> list[int]:
        self.rounds.append(list(asked))
        await asyncio.sleep(0)
        if -1 in asked:
            raise ValueError(asked)
        if -2 in asked:
            raise ConnectionError
        return [number * number for number in asked]

    async def asked(self, *numbers: int) -> list[Any]:
        """The answers, the last ones asked for while the first is at the desk."""
        first, *others = (asyncio.ensure_future(self.together.ask(number)) for number in numbers)
        answers = asyncio.gather(first, *others, return_exceptions=True)
        return list(await answers)


def test_what_arrives_at_once_is_one_round() -> None:
    desk = Desk()
    assert run_once(desk.asked(0, 1, 2, 3)) == [0, 1, 4, 9]
    assert desk.rounds == [[0, 1, 2, 3]]


def test_what_gathers_behind_a_round_is_the_next() -> None:
    desk = Desk()

    async def asked() -> list[int]:
        first = asyncio.ensure_future(desk.together.ask(7))
        while not desk.rounds:
            await asyncio.sleep(0)
        others = [asyncio.ensure_future(desk.together.ask(number)) for number in (1, 2)]
        return [await one for one in (first, *others)]

    assert run_once(asked()) == [49, 1, 4]
    assert desk.rounds == [[7], [1, 2]]


def test_only_the_question_at_fault_fails() -> None:
    *good, bad = run_once(Desk().asked(2, 3, -1))
    assert good == [4, 9]
    assert isinstance(bad, ValueError)


def test_a_fault_of_the_way_fails_the_round_and_nothing_is_asked_twice() -> None:
    desk = Desk()
    answers = run_once(desk.asked(2, -2, 3))
    assert [type(answer) for answer in answers] == [ConnectionError] * 3
    assert desk.rounds == [[2, -2, 3]]
    assert run_once(desk.asked(5)) == [25]


def test_no_answer_is_lost_or_mixed_up_among_many() -> None:
    desk = Desk()
    assert run_once(desk.asked(*range(3000))) == [n * n for n in range(3000)]
    assert sorted(number for one in desk.rounds for number in one) == list(range(3000))
    assert max(len(one) for one in desk.rounds) == 64


def test_whoever_leaves_harms_nobody() -> None:
    desk = Desk()

    async def asked() -> int:
        leaving = asyncio.ensure_future(desk.together.ask(3))
        staying = asyncio.ensure_future(desk.together.ask(4))
        await asyncio.sleep(0)
        leaving.cancel()
        return await staying

    assert run_once(asked()) == 16
