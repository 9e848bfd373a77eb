"""What lateness would cost if the overdue months were paid on a day: told, never posted.

Why it is not posted: `docs/decisions/0006-lateness-is-told-not-posted.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import qafila_law
from qafila.contributions.ledger.overdue import OverdueCall
from qafila_law.contributions.categories import category_of
from qafila_law.contributions.penalties import FUND, TAX


@dataclass(frozen=True)
class LateMonth:
    """One overdue call and what the law adds to what is left of it; `side`: fund or tax."""

    month: dt.date
    due_on: dt.date
    rest_centimes: int
    penalty_centimes: int
    months_late: int
    side: str
    steps: tuple[qafila_law.Step, ...]


@dataclass(frozen=True)
class Lateness:
    """What is overdue and what lateness would add, if it were all paid on `on`."""

    on: dt.date
    months: tuple[LateMonth, ...]

    @property
    def overdue_centimes(self) -> int:
        """What is overdue, without what lateness adds."""
        return sum(month.rest_centimes for month in self.months)

    @property
    def fund_centimes(self) -> int:
        """What the fund's rule adds."""
        return sum(month.penalty_centimes for month in self.months if month.side == FUND)

    @property
    def tax_centimes(self) -> int:
        """What the tax office's rule adds, for contributions paid with the tax."""
        return sum(month.penalty_centimes for month in self.months if month.side == TAX)

    @property
    def penalty_centimes(self) -> int:
        """What both rules add."""
        return self.fund_centimes + self.tax_centimes


def lateness(calls: Iterable[OverdueCall], on: dt.date) -> Lateness:
    """What paying `calls` on `on` would cost beside the calls themselves, by `qafila_law.penalty`.

    Contributions paid with the tax follow the tax side's rule. Amounts paid late already are not
    counted: only what is still unpaid.
    """
    return Lateness(on, tuple(_late(call, on) for call in calls))


def _late(call: OverdueCall, on: dt.date) -> LateMonth:
    side = TAX if category_of(call.category).pays_with_tax else FUND
    found = qafila_law.penalty(call.rest_centimes, call.due_on, on, side)
    return LateMonth(
        call.month,
        call.due_on,
        call.rest_centimes,
        found.penalty_centimes,
        found.months_late,
        side,
        found.steps,
    )
