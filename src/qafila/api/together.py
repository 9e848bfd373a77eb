"""What several threads ask for at the same moment, carried out together by one of them.

While one thread is busy the others queue up; the first of them then carries out whatever has
gathered. Alone, a thread waits for nobody. Under load the cost of reaching the database, the
greater part of a small question, is shared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_MOST_TOGETHER = 64


class _Waiting(Generic[Asked, Answer]):
    """One question; its gate opens when it is answered, or when its thread is to carry out."""

    __slots__ = ("answer", "asked", "fault", "gate", "leads")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Answer | None = None
        self.fault: BaseException | None = None
        self.leads = False
        self.gate: threading.Lock | None = None


class Together(Generic[Asked, Answer]):
    """Hands gathered questions to `carry_out`, which answers each in order or raises for all.

    When it raises for several, each is carried out again alone, so that only the question at fault
    fails.
    """

    def __init__(self, carry_out: Callable[[Sequence[Asked]], Sequence[Answer]]) -> None:
        self._carry_out = carry_out
        self._lock = threading.Lock()
        self._queue: list[_Waiting[Asked, Answer]] = []
        self._busy = False

    def ask(self, asked: Asked) -> Answer:
        """The answer to one question; raises what `carry_out` raised for it."""
        own: _Waiting[Asked, Answer] = _Waiting(asked)
        if not self._first_or_queued(own) and own.gate is not None:
            own.gate.acquire()
        if own.gate is None or own.leads:
            self._answer_gathered(own)
        if own.fault is not None:
            raise own.fault
        return own.answer  # type: ignore[return-value]

    def _first_or_queued(self, own: _Waiting[Asked, Answer]) -> bool:
        with self._lock:
            if not self._busy:
                self._busy = True
                return True
            own.gate = threading.Lock()
            own.gate.acquire()
            self._queue.append(own)
            return False

    def _answer_gathered(self, own: _Waiting[Asked, Answer]) -> None:
        with self._lock:
            others = self._queue[: _MOST_TOGETHER - 1]
            del self._queue[: len(others)]
        try:
            self._answer_each([own, *others])
        finally:
            self._hand_on()
            for other in others:
                other.gate.release()  # type: ignore[union-attr]

    def _hand_on(self) -> None:
        with self._lock:
            if not self._queue:
                self._busy = False
                return
            following = self._queue.pop(0)
        following.leads = True
        following.gate.release()  # type: ignore[union-attr]

    def _answer_each(self, gathered: list[_Waiting[Asked, Answer]]) -> None:
        try:
            answers = self._carry_out([one.asked for one in gathered])
        except BaseException as fault:  # told to the thread that asked
            if len(gathered) == 1:
                gathered[0].fault = fault
                return
            for one in gathered:
                self._answer_each([one])
            return
        for one, answer in zip(gathered, answers, strict=True):
            one.answer = answer
