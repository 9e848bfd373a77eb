"""Rights of millions of insured people: the periods `rights.rights_periods` gives, on columns.

Every fact opens and closes a span of days; spans become edges (`edges`), and what holds between two
edges is looked up in the decision table of `standings.standing`. Nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qafila_law.contributions.relief import last_month_erased, relief_waiting_months
from qafila_law.contributions.rules import Integers
from qafila_law.parameter_tree import get_parameter
from qafila_law.rights.day_columns import (
    DAY_BITS,
    END,
    NO_DAY,
    Days,
    dated,
    dated_flag,
    dates_of,
    day_number,
    months_later,
    numbers_of,
)
from qafila_law.rights.edges import (
    STATUSES,
    Edges,
    days_in,
    first_edge_after,
    reasons,
    rows_of,
    situations,
    standings,
    with_more,
)
from qafila_law.rights.facts_columns import RightsColumns, rights_columns
from qafila_law.rights.interruption_columns import interruption_spans
from qafila_law.rights.rights import NEEDS_COVER, UNPAID_LIMIT
from qafila_law.rights.standings import Status
from qafila_law.rights.waiting_columns import add_waits
from qafila_law.rights.waiting_period import CONTINUED

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RightsPeriods:
    """One row per period, by insured then day; `status` is a place in STATUSES."""

    insured: Integers
    since: Days
    until: Days
    status: NDArray[np.int8]
    reason: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class _Activity:
    """Stretches of activity by person and day, and how far each person's earlier ones reach."""

    rows: Integers
    since: Days
    until: Days

    @classmethod
    def of(cls, facts: RightsColumns) -> _Activity:
        """Those that end after they begin."""
        real = facts.enrolled_from < facts.enrolled_until
        order = np.lexsort((facts.enrolled_from[real], facts.enrolled[real]))
        return cls(
            facts.enrolled[real][order],
            facts.enrolled_from[real][order],
            facts.enrolled_until[real][order],
        )

    def before(self, reach: Days) -> Days:
        """For each stretch, the furthest of `reach` among the person's earlier stretches, or -1."""
        packed = (self.rows << DAY_BITS) | np.minimum(reach, END)
        furthest = np.maximum.accumulate(packed) & END
        before = np.full(furthest.size, -1, np.int64)
        own = self.rows[1:] == self.rows[:-1]
        before[1:] = np.where(own, furthest[:-1], -1)
        return before

    def ends(self) -> tuple[Integers, Days]:
        """Person and day of each end of activity of every kind."""
        reached = np.maximum(self.before(self.until), np.minimum(self.until, END))
        last = np.ones(self.rows.size, bool)
        last[:-1] = (self.rows[1:] != self.rows[:-1]) | (self.since[1:] > reached[:-1])
        last &= reached < END
        return self.rows[last], reached[last]


def _add_activity(edges: Edges, facts: RightsColumns, told: _Activity) -> None:
    edges.add("active", told.rows, told.since, told.until)
    first = np.ones(told.rows.size, bool)
    first[1:] = told.rows[1:] != told.rows[:-1]
    never = np.full(told.rows.size, NO_DAY, np.int64)
    edges.add("ever_enrolled", told.rows[first], told.since[first], never[first])
    reach = months_later(told.until, dated(CONTINUED, told.until))
    entry = first | (told.since > told.before(reach))
    add_waits(edges, facts, told.rows, told.since, entry)


def _add_calls(edges: Edges, facts: RightsColumns) -> None:
    first_paid = np.full(facts.count, NO_DAY, np.int64)
    counted = ~facts.call_is_zero & (facts.call_settled < NO_DAY)
    np.minimum.at(first_paid, facts.called[counted], facts.call_settled[counted])
    everyone = np.arange(facts.count, dtype=np.int64)
    edges.add("ever_paid", everyone, first_paid, np.full(facts.count, NO_DAY, np.int64))
    late = np.flatnonzero(facts.call_settled > facts.call_due + 1)
    rows, since, until = facts.called[late], facts.call_due[late] + 1, facts.call_settled[late]
    lost = facts.relief_lost[rows]
    old = facts.call_month[late] <= day_number(last_month_erased())
    pause = np.where(old, facts.relief_from[rows], NO_DAY)
    edges.add("unpaid", rows, since, np.minimum(until, pause))
    resumed = np.flatnonzero(old & (lost < NO_DAY))
    again = np.maximum(since[resumed], lost[resumed])
    edges.add("unpaid", rows[resumed], again, until[resumed])
    edges.add("interrupted", *interruption_spans(facts, late))


def _add_relief(edges: Edges, facts: RightsColumns) -> None:
    rows = np.flatnonzero(facts.relief_from < NO_DAY)
    since, lost = facts.relief_from[rows], facts.relief_lost[rows]
    month_start = since.astype("datetime64[D]").astype("datetime64[M]")
    first = month_start.astype("datetime64[D]").astype(np.int64)
    until = months_later(first, 1 + relief_waiting_months())
    edges.add("relief_waiting", rows, since, np.minimum(until, lost))


def _edges_of(facts: RightsColumns) -> Integers:
    """All edges in order, those of continued cover excepted."""
    edges, activity = Edges(), _Activity.of(facts)
    _add_activity(edges, facts, activity)
    _add_calls(edges, facts)
    _add_relief(edges, facts)
    everyone = np.arange(facts.count, dtype=np.int64)
    edges.add("deceased", everyone, facts.deceased_on, np.full(facts.count, NO_DAY, np.int64))
    for value in get_parameter(UNPAID_LIMIT).values[1:]:
        edges.add_change_of_law(facts.count, day_number(value.since))
    packed = edges.in_order()
    return _with_continued_cover(packed, *activity.ends())


def _with_continued_cover(packed: Integers, rows: Integers, ended: Days) -> Integers:
    """The edges with those of the cover that goes on where rights were open on the day before."""
    if not rows.size:
        return packed
    place = first_edge_after(packed, rows, ended - 1) - 1
    before = standings(situations(packed)[place], ended - 1) // 16
    open_before = before == STATUSES.index(Status.OPEN)
    goes_on = open_before | ~dated_flag(NEEDS_COVER, ended)
    more = Edges()
    rows, ended = rows[goes_on], ended[goes_on]
    more.add("continued", rows, ended, months_later(ended, dated(CONTINUED, ended)))
    return with_more(packed, more.in_order())


def rights_periods_of(facts: RightsColumns) -> RightsPeriods:
    """All periods of all insured people, without gaps from each one's first enrolment on."""
    packed = _edges_of(facts)
    rows, days, counts = rows_of(packed), days_in(packed), situations(packed)
    last = np.ones(rows.size, bool)
    last[:-1] = (rows[1:] != rows[:-1]) | (days[1:] != days[:-1])
    last &= days < END
    rows, days = rows[last], days[last]
    found = standings(counts[last], days)
    changed = np.ones(rows.size, bool)
    changed[1:] = (rows[1:] != rows[:-1]) | (found[1:] != found[:-1])
    rows, days, found = rows[changed], days[changed], found[changed]
    until = np.full(rows.size, NO_DAY, np.int64)
    same = rows[1:] == rows[:-1]
    until[:-1][same] = days[1:][same]
    known = found // 16 != STATUSES.index(Status.NONE)
    status, reason = (found[known] // 16).astype(np.int8), (found[known] % 16).astype(np.int8)
    return RightsPeriods(rows[known], days[known], until[known], status, reason)


def rights_batch(
    enrolments: pa.Table,
    calls: pa.Table,
    *,
    relief: pa.Table | None = None,
    deaths: pa.Table | None = None,
    excuses: pa.Table | None = None,
) -> pa.Table:
    """Periods of rights as Arrow: insured, since, until (null: no end), status, reason.

    `enrolments` (insured, first_month, ended_on), `calls` (insured, month, due_on, settled_on and,
    if some calls are of nothing, amount_centimes), `relief` (insured, first_payment_on, lost_on),
    `deaths` (insured, deceased_on), `excuses` (insured, kind, since, until); `insured` is any
    integer, days are dates or null. Rows of one insured person must all be in the same batch;
    people without enrolment get no period. Of the calls paid in time only the first ones called
    from each entry on and the first one paid can matter.
    """
    import pyarrow as pa

    ids = np.unique(numbers_of(enrolments, "insured"))
    found = rights_periods_of(rights_columns(ids, enrolments, calls, relief, deaths, excuses))
    return pa.table(
        {
            "insured": pa.array(ids[found.insured]),
            "since": dates_of(found.since),
            "until": dates_of(found.until),
            "status": _words(found.status, [status.value for status in STATUSES]),
            "reason": _words(found.reason, list(reasons())),
        }
    )


def rights_on(periods: pa.Table, on: date) -> pa.Table:
    """The rows of `rights_batch` that hold on `on`: at most one for each insured person."""
    import pyarrow as pa
    import pyarrow.compute as pc

    day = pa.scalar(on, pa.date32())
    ends = pc.fill_null(pc.greater(periods["until"], day), True)
    return periods.filter(pc.and_(pc.less_equal(periods["since"], day), ends))


def _words(places: NDArray[np.int8], words: list[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(words))
