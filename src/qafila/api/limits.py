"""How much a partner may ask: an allowance that fills up again steadily, in this process.

With several web processes each keeps its own allowance, so each gets its share of the whole
(`QAFILA_WEB_PROCESSES`).
"""

from __future__ import annotations

import math
import os
import threading

UNKNOWN_NUMBER_COSTS = 10
"""A number nobody carries counts like ten checks: whoever guesses numbers runs dry soon."""


class Allowances:
    """One allowance per partner, at most a minute's worth, told the seconds of a steady clock."""

    def __init__(self, processes: int = 1) -> None:
        self.processes = processes
        self._left: dict[int, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, partner_id: int, per_minute: int, now: float, cost: int = 1) -> int:
        """Take `cost` from the allowance; the seconds to wait when there is none, else 0.

        What is taken after the answer (an unknown number) may leave a debt.
        """
        full = max(1.0, per_minute / self.processes)
        with self._lock:
            left, since = self._left.get(partner_id, (full, now))
            left = min(full, left + (now - since) * full / 60)
            if left < 1:
                self._left[partner_id] = (left, now)
                return max(1, math.ceil((1 - left) * 60 / full))
            self._left[partner_id] = (left - cost, now)
            return 0

    def charge(self, partner_id: int, cost: int) -> None:
        """Take `cost` more for a check already answered."""
        with self._lock:
            left, since = self._left[partner_id]
            self._left[partner_id] = (left - cost, since)


allowances = Allowances(max(1, int(os.environ.get("QAFILA_WEB_PROCESSES", "1"))))
