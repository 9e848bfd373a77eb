"""What is asked for at the same moment, carried out together.

While one round is under way the questions that arrive queue up; the next round carries out
whatever has gathered. Alone, a question waits for nobody. Under load the cost of reaching the
database, the greater part of a small question, is shared.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")

_MOST_TOGETHER = 64


class Together(Generic[Asked, Answer]):
    """Hands gathered questions to `carry_out`, which answers each in order or raises for all.

    When it raises for several, each is carried out again alone, so that only the question at fault
    fails; `fatal` faults are no single question's, and all of a round fail with them. For one event
    loop.
    """

    def __init__(
        self,
        carry_out: Callable[[Sequence[Asked]], Awaitable[Sequence[Answer]]],
        fatal: tuple[type[Exception], ...] = (),
    ) -> None:
        self._carry_out = carry_out
        self._fatal = fatal
        self._queue: list[tuple[Asked, asyncio.Future[Answer]]] = []
        self._rounds: asyncio.Task[None] | None = None

    async def ask(self, asked: Asked) -> Answer:
        """The answer to one question; raises what `carry_out` raised for it."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._queue.append((asked, answer))
        if self._rounds is None:
            self._rounds = loop.create_task(self._carry_out_gathered())
        return await answer

    async def _carry_out_gathered(self) -> None:
        try:
            while self._queue:
                gathered = self._queue[:_MOST_TOGETHER]
                del self._queue[:_MOST_TOGETHER]
                await self._answer_each(gathered)
        finally:
            self._rounds = None

    async def _answer_each(self, gathered: list[tuple[Asked, asyncio.Future[Answer]]]) -> None:
        try:
            answers = await self._carry_out([asked for asked, _ in gathered])
        except Exception as fault:  # told to those who asked
            if len(gathered) > 1 and not isinstance(fault, self._fatal):
                for one in gathered:
                    await self._answer_each([one])
                return
            for _, waiting in gathered:
                if not waiting.done():
                    waiting.set_exception(fault)
            return
        for (_, waiting), answer in zip(gathered, answers, strict=True):
            if not waiting.done():  # whoever asked may have left
                waiting.set_result(answer)
