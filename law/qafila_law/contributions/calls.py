"""What was called from a person for one month, or for several at once, and what was paid of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qafila_law.months import months_later


@dataclass(frozen=True, slots=True)
class Call:
    """A call: first month, last day to pay, amount, what was paid of it, day of the last payment.

    `months` is how many months it covers: 3 for a quarter, 12 for a year paid with the tax.
    """

    month: date
    due_on: date
    amount_centimes: int
    paid_centimes: int = 0
    paid_on: date | None = None
    months: int = 1

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

    def by_month(self) -> tuple[Call, ...]:
        """The same call as one of each month, for rules that count months.

        The amount is shared evenly, the last month takes the odd centimes, and what was paid fills
        the earliest month first.
        """
        if self.months <= 1:
            return (self,)
        share, left, parts = self.amount_centimes // self.months, self.paid_centimes, []
        for place in range(self.months):
            last = place == self.months - 1
            amount = self.amount_centimes - share * place if last else share
            paid = left if last else min(amount, left)
            month = months_later(self.month, place)
            parts.append(Call(month, self.due_on, amount, paid, self.paid_on if paid else None))
            left -= paid
        return tuple(parts)
