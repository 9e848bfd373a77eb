"""Waiting periods of many people: those `waiting_period.waits` gives, on columns."""

from __future__ import annotations

import numpy as np

from qafila_law.contributions.rules import Flags, Integers
from qafila_law.rights.day_columns import (
    DAY_BITS,
    END,
    NO_DAY,
    Days,
    dated,
    dated_flag,
    months_later,
)
from qafila_law.rights.edges import Edges
from qafila_law.rights.facts_columns import RightsColumns
from qafila_law.rights.waiting_period import MUST_BE_PAID, WAITING

# A month is packed in 12 bits, counted from January 1970.
_MONTH_BITS = 12


def add_waits(
    edges: Edges, facts: RightsColumns, rows: Integers, since: Days, entry: Flags
) -> None:
    """The waits of those who enter: until the months are over, and until they are paid.

    `rows` and `since` are stretches of activity by person and day, `entry` those that begin a wait.
    """
    entered, first = rows[entry], since[entry]
    until = np.full(entered.size, NO_DAY, np.int64)
    until[:-1] = np.where(entered[1:] == entered[:-1], first[1:], NO_DAY)
    wanted = dated(WAITING, first)
    edges.add("waiting", entered, first, np.minimum(months_later(first, wanted), until))
    paid = _paid_on(facts, entered, first, wanted)
    relieved = facts.relief_from[entered]
    edges.add("wait_unpaid", entered, first, np.minimum(np.minimum(paid, relieved), until))


def _paid_on(facts: RightsColumns, entered: Integers, first: Days, wanted: Integers) -> Days:
    """The day on which the first months called from `first` on, as many as wanted, are all paid."""
    months = _months_called(facts)
    start = np.searchsorted(months, _packed(entered, _month_number(first), 0))
    paid = first.copy()
    for place in range(int(wanted.max(initial=0))):
        at = np.minimum(start + place, max(months.size - 1, 0))
        there = (start + place < months.size) & (wanted > place)
        found = np.full(entered.size, NO_DAY, np.int64)
        if months.size:
            called = months[at]
            own = there & (called >> (_MONTH_BITS + DAY_BITS) == entered)
            found[own] = called[own] & END
        found[found >= END] = NO_DAY
        paid = np.where(wanted > place, np.maximum(paid, found), paid)
    return np.where(dated_flag(MUST_BE_PAID, first), paid, first)


def _months_called(facts: RightsColumns) -> Integers:
    """Person | month | day paid (END: not yet), one for each month called, in order.

    Of several calls of one month the last to be paid counts.
    """
    real = ~facts.call_is_zero
    packed = _packed(
        facts.called[real],
        _month_number(facts.call_month[real]),
        np.minimum(facts.call_settled[real], END),
    )
    packed.sort()
    last = np.ones(packed.size, bool)
    last[:-1] = packed[1:] >> DAY_BITS != packed[:-1] >> DAY_BITS
    return packed[last]


def _month_number(days: Days) -> Integers:
    months: Integers = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months


def _packed(rows: Integers, months: Integers, days: Days | int) -> Integers:
    return (rows << (_MONTH_BITS + DAY_BITS)) | (months << DAY_BITS) | days
