"""How much a partner may ask: one allowance in the database, of which a process borrows a little.

A check takes about as long as a statement, so the fast door does not ask the database for each: it
borrows a second's worth at a time and gives up what it did not spend within that second. All
processes together therefore never answer more than was agreed, and a restart forgets nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qafila.foundation.stores.allowances import CHARGE, TAKE, seconds_to_wait

UNKNOWN_NUMBER_COSTS = 10
"""A number nobody carries counts like ten checks: whoever guesses numbers runs dry soon."""

_LENT_FOR = 1.0
_MOST_LENT = 2_000

AskLater = Callable[[str, Mapping[str, Any]], Awaitable[Sequence[tuple[Any, ...]]]]


def checks_of(partner_id: int) -> str:
    """The name of the allowance of a partner's checks."""
    return f"checks of partner {partner_id}"


def sendings_of(partner_id: int) -> str:
    """Of its own: whoever sends payments still asks about cover as often as agreed."""
    return f"sendings of partner {partner_id}"


@dataclass
class _Lent:
    left: int = 0
    until: float = 0.0
    asking: asyncio.Lock = field(default_factory=asyncio.Lock)


class Purse:
    """What this process has borrowed of each partner's allowance, told a steady clock's seconds."""

    def __init__(self, ask: AskLater, clock: Callable[[], float]) -> None:
        self._ask, self._clock = ask, clock
        self._lent: dict[int, _Lent] = {}

    async def take(self, partner_id: int, per_minute: int) -> int:
        """Take one; the seconds to wait when there is none, else 0."""
        if self.spend(partner_id):
            return 0
        lent = self._lent.setdefault(partner_id, _Lent())
        async with lent.asking:
            if self.spend(partner_id):
                return 0
            wanted = max(1, min(per_minute // 60, _MOST_LENT))
            asked = {"holder": checks_of(partner_id), "per_minute": per_minute, "wanted": wanted}
            [(granted, missing)] = await self._ask(TAKE, asked)
            if not granted:
                return seconds_to_wait(missing)
            lent.left, lent.until = granted - 1, self._clock() + _LENT_FOR
            return 0

    async def charge(self, partner_id: int, cost: int) -> None:
        """Take `cost` more for a check already answered; what is lent ends, as debts come first."""
        self._lent.setdefault(partner_id, _Lent()).left = 0
        await self._ask(CHARGE, {"holder": checks_of(partner_id), "cost": cost})

    def spend(self, partner_id: int) -> bool:
        """Take one of what is lent, where something is."""
        lent = self._lent.get(partner_id)
        if lent is None or lent.left < 1 or lent.until < self._clock():
            return False
        lent.left -= 1
        return True
