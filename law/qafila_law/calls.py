"""A month called from a person, and what was paid of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Call:
    """One month's call: last day to pay, amount, what was paid of it, day of the last payment."""

    month: date
    due_on: date
    amount_centimes: int
    paid_centimes: int = 0
    paid_on: date | None = None

    @property
    def settled(self) -> bool:
        """Whether the whole amount has been paid; a call of nothing is settled."""
        return self.paid_centimes >= self.amount_centimes

    @property
    def settled_on(self) -> date | None:
        """The day from which the call is paid in full; None while it is not."""
        if not self.settled:
            return None
        return self.paid_on if self.paid_on is not None else self.month

    def settled_by(self, day: date) -> bool:
        """Whether the call was paid in full by the end of `day`."""
        return self.settled_on is not None and self.settled_on <= day
