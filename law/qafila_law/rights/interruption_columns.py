"""New waiting periods after long interruptions: those `interruption` gives, on columns."""

from __future__ import annotations

import numpy as np

from qafila_law.contributions.relief import last_month_erased
from qafila_law.contributions.rules import Flags, Integers
from qafila_law.parameter_tree import get_parameter
from qafila_law.rights.day_columns import NO_DAY, Days, dated, day_number, months_later
from qafila_law.rights.facts_columns import RightsColumns
from qafila_law.rights.interruption import EXCUSED_BY, LONGEST, WAITING


def interruption_spans(facts: RightsColumns, late: Integers) -> tuple[Integers, Days, Days]:
    """Person, first day and end of each wait that follows the payment of a call unpaid too long.

    `late` are the places of the calls paid after their last day, or not yet.
    """
    paid = late[facts.call_settled[late] < NO_DAY]
    overdue, settled = facts.call_due[paid] + 1, facts.call_settled[paid]
    long = settled > months_later(overdue, dated(LONGEST, settled))
    long &= ~_under_relief(facts, paid)
    paid, overdue, settled = paid[long], overdue[long], settled[long]
    rows = facts.called[paid]
    kept = ~_excused(facts, rows, overdue, settled)
    rows, settled = rows[kept], settled[kept]
    wait = dated(WAITING, settled)
    month = settled.astype("datetime64[D]").astype("datetime64[M]")
    first = month.astype("datetime64[D]").astype(np.int64)
    until = np.where(wait > 0, months_later(first, wait + 1), settled)
    return rows, settled, until


def _under_relief(facts: RightsColumns, calls: Integers) -> Flags:
    rows, settled = facts.called[calls], facts.call_settled[calls]
    old = facts.call_month[calls] <= day_number(last_month_erased())
    running: Flags = (facts.relief_from[rows] <= settled) & (settled < facts.relief_lost[rows])
    return old & running


def _excused(facts: RightsColumns, rows: Integers, overdue: Days, settled: Days) -> Flags:
    """Whether an excuse the law knows held while each call was overdue; excuses are few."""
    found = np.zeros(rows.size, bool)
    if not facts.excused.size or not rows.size:
        return found
    kinds = facts.excuse_kind.to_pylist()
    for place, person in enumerate(facts.excused.tolist()):
        known = _known(kinds[place], settled)
        found |= (
            (rows == person)
            & known
            & (facts.excuse_from[place] < settled)
            & (overdue < facts.excuse_until[place])
        )
    return found


def _known(kind: str, days: Days) -> Flags:
    """Whether the law in force on each day knows this kind of excuse."""
    values = get_parameter(EXCUSED_BY).values
    starts = np.array([day_number(value.since) for value in values[1:]], np.int64)
    told = [kind in {one.strip() for one in str(value.value).split(",")} for value in values]
    return np.array(told)[np.searchsorted(starts, days, side="right")]
