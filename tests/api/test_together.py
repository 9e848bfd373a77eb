"""What several threads ask at once is carried out together; each gets its own answer or fault."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from qafila.api.together import Together


class Desk:
    """Answers with squares; the first of its rounds waits until it is told to go on."""

    def __init__(self) -> None:
        self.rounds: list[list[int]] = []
        self.begun, self.go_on = threading.Event(), threading.Event()

    def answer(self, asked: Sequence[int]) -> list[int]:
        self.rounds.append(sorted(asked))
        self.begun.set()
        assert self.go_on.wait(60)
        if -1 in asked:
            raise ValueError(asked)
        return [number * number for number in asked]


def asked_while_busy(desk: Desk, *numbers: int) -> list[Future[int]]:
    """One question carried out, and the others once they have gathered behind it."""
    together = Together(desk.answer)
    with ThreadPoolExecutor(len(numbers) + 1) as threads:
        asked = [threads.submit(together.ask, 0)]
        assert desk.begun.wait(60)
        asked += [threads.submit(together.ask, number) for number in numbers]
        while len(together._queue) < len(numbers):
            pass
        desk.go_on.set()
    return asked


def test_what_gathers_behind_a_busy_thread_is_carried_out_in_one_round() -> None:
    desk = Desk()
    answers = asked_while_busy(desk, 1, 2, 3, 4, 5)
    assert [answer.result() for answer in answers] == [0, 1, 4, 9, 16, 25]
    assert desk.rounds == [[0], [1, 2, 3, 4, 5]]


def test_only_the_question_at_fault_fails() -> None:
    desk = Desk()
    answers = asked_while_busy(desk, 2, -1, 3)
    assert [answers[place].result() for place in (0, 1, 3)] == [0, 4, 9]
    with pytest.raises(ValueError, match="-1"):
        answers[2].result()


def test_no_answer_is_lost_or_mixed_up_among_many_threads() -> None:
    desk = Desk()
    desk.go_on.set()
    together = Together(desk.answer)
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(together.ask, range(3000))) == [n * n for n in range(3000)]
    assert sorted(number for round_ in desk.rounds for number in round_) == list(range(3000))


def test_a_thread_alone_waits_for_nobody_and_a_fault_leaves_no_trace() -> None:
    desk = Desk()
    desk.go_on.set()
    together = Together(desk.answer)
    with pytest.raises(ValueError, match="-1"):
        together.ask(-1)
    assert together.ask(7) == 49
