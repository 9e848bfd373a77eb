"""Spans of days as edges, sorted once and summed once, and the decision table looked up in them.

Edges (insured, day, +1 or -1 of a kind) are packed into one integer each; the running sums say how
many spans of each kind hold, side by side in one integer. Nothing is decided here.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from qafila_law.contributions.rules import Integers
from qafila_law.rights.day_columns import DAY_BITS, END, Days, dated
from qafila_law.rights.rights import UNPAID_LIMIT
from qafila_law.rights.standings import Situation, Status, standing

STATUSES = tuple(Status)
# Days are packed in 20 bits (to the year 4840), the kind of an edge and its sign in 5.
_CODE_BITS = 5
_KINDS = Situation._fields
# How many spans of a kind may hold at once, as a number of bits.
_BITS = {"active": 8, "unpaid": 12, "interrupted": 12}
_BITS_OF_OTHERS = 4
_CHANGE_OF_LAW = len(_KINDS)


def _shift(kind: str) -> int:
    before = _KINDS[: _KINDS.index(kind)]
    return sum(_BITS.get(one, _BITS_OF_OTHERS) for one in before)


@cache
def _decision_table() -> tuple[NDArray[np.int16], tuple[str, ...]]:
    """For each combination of situations, status × 16 + reason; and the reasons by number."""
    reasons: dict[str, int] = {}
    table = np.zeros(1 << len(_KINDS), np.int16)
    for flags in product((False, True), repeat=len(_KINDS)):
        found = standing(Situation(*flags))
        number = reasons.setdefault(found.reason, len(reasons))
        place = sum(flag << bit for bit, flag in enumerate(flags))
        table[place] = STATUSES.index(found.status) * 16 + number
    return table, tuple(reasons)


def reasons() -> tuple[str, ...]:
    """The reasons by number."""
    return _decision_table()[1]


class Edges:
    """Collects the edges of spans, each packed as insured | day | kind and sign."""

    def __init__(self) -> None:
        self._packed: list[Integers] = []

    def add(self, kind: str, insured: Integers, since: Days, until: Days) -> None:
        """Spans that hold from `since` to `until`, excluded; empty ones leave no edge."""
        real = since < until
        rows, code = insured[real], _KINDS.index(kind) * 2
        self._pack(rows, since[real], code)
        self._pack(rows, until[real], code + 1)

    def add_change_of_law(self, count: int, day: int) -> None:
        """A day on which every answer is asked again."""
        rows = np.arange(count, dtype=np.int64)
        self._pack(rows, np.full(count, day, np.int64), _CHANGE_OF_LAW * 2)

    def _pack(self, rows: Integers, days: Days, code: int) -> None:
        capped = np.minimum(days, END)
        packed = (rows << (DAY_BITS + _CODE_BITS)) | (capped << _CODE_BITS) | code
        self._packed.append(packed)

    def in_order(self) -> Integers:
        """All edges, by insured and day."""
        packed = np.concatenate(self._packed)
        packed.sort()
        return packed


def with_more(packed: Integers, more: Integers) -> Integers:
    """Sorted edges with a few more of them, sorted."""
    return np.insert(packed, np.searchsorted(packed, more), more)


def rows_of(packed: Integers) -> Integers:
    """The insured person of each edge."""
    return packed >> (DAY_BITS + _CODE_BITS)


def days_in(packed: Integers) -> Days:
    """The day of each edge."""
    return (packed >> _CODE_BITS) & END


def first_edge_after(packed: Integers, rows: Integers, days: Days) -> Integers:
    """The place of the first edge of each person after each day."""
    wanted = (rows << (DAY_BITS + _CODE_BITS)) | ((days + 1) << _CODE_BITS)
    return np.searchsorted(packed, wanted)


def situations(packed: Integers) -> Integers:
    """The running count of open spans of each kind, side by side in one integer."""
    weights = np.zeros(1 << _CODE_BITS, np.int64)
    for place, kind in enumerate(_KINDS):
        weights[place * 2], weights[place * 2 + 1] = 1 << _shift(kind), -(1 << _shift(kind))
    return np.cumsum(weights[packed & ((1 << _CODE_BITS) - 1)])


def standings(counts: Integers, days: Days) -> NDArray[np.int16]:
    """What holds, as status × 16 + reason, by the counts of open spans on each day."""
    place = np.zeros(counts.size, np.int64)
    for bit, kind in enumerate(_KINDS):
        width = _BITS.get(kind, _BITS_OF_OTHERS)
        open_spans = (counts >> _shift(kind)) & ((1 << width) - 1)
        holds = open_spans >= dated(UNPAID_LIMIT, days) if kind == "unpaid" else open_spans > 0
        place |= holds.astype(np.int64) << bit
    return _decision_table()[0][place]
