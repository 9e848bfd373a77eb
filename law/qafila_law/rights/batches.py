"""Rights of millions of insured people: the periods `rights.rights_periods` gives, on columns.

Every fact opens and closes a span of days. Spans become edges (insured, day, +1 or -1 of a kind);
edges are packed into one integer, sorted once and summed once, and the running sums are looked up
in the decision table of `rights.standing`. Nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qafila_law.contributions.relief import last_month_erased, relief_waiting_months
from qafila_law.contributions.rules import Flags, Integers
from qafila_law.parameter_tree import get_parameter
from qafila_law.rights.day_columns import (
    DAY_BITS,
    END,
    NO_DAY,
    Days,
    dated,
    dates_of,
    day_number,
    days_of,
    months_later,
    numbers_of,
)
from qafila_law.rights.rights import (
    CONTINUED,
    UNPAID_LIMIT,
    Situation,
    Status,
    standing,
)

if TYPE_CHECKING:
    import pyarrow as pa

STATUSES = tuple(Status)
# Days are packed in 20 bits (to the year 4840), the kind of an edge and its sign in 5.
_CODE_BITS = 5
_KINDS = ("deceased", "ever_enrolled", "active", "waiting", "continued", "unpaid",
          "ever_paid", "relief_waiting")  # fmt: skip
_FIELD_BITS = 8
_UNPAID_BITS = 12
_CHANGE_OF_LAW = len(_KINDS)


@dataclass(frozen=True, slots=True)
class RightsColumns:
    """Facts of many insured people; `insured` numbers them from 0, days count from 1970-01-01.

    Days that are not there are NO_DAY. One row per stretch of activity, per call, per relief.
    """

    count: int
    enrolled: Integers
    enrolled_from: Days
    enrolled_until: Days
    called: Integers
    call_month: Days
    call_due: Days
    call_settled: Days
    call_is_zero: Flags
    relieved: Integers
    relief_from: Days
    relief_lost: Days
    deceased_on: Days


@dataclass(frozen=True, slots=True)
class RightsPeriods:
    """One row per period, by insured then day; `status` is a place in STATUSES."""

    insured: Integers
    since: Days
    until: Days
    status: NDArray[np.int8]
    reason: NDArray[np.int8]


def _shift(kind: str) -> int:
    place, unpaid = _KINDS.index(kind), _KINDS.index("unpaid")
    return place * _FIELD_BITS + (_UNPAID_BITS - _FIELD_BITS if place > unpaid else 0)


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
    """The reasons `RightsPeriods.reason` numbers."""
    return _decision_table()[1]


class _Edges:
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

    def in_order(self) -> tuple[Integers, Days, Integers]:
        """Insured, day and code of each edge, in order."""
        packed = np.concatenate(self._packed)
        packed.sort()
        codes = packed & ((1 << _CODE_BITS) - 1)
        days = (packed >> _CODE_BITS) & END
        return packed >> (DAY_BITS + _CODE_BITS), days, codes


def _add_activity(edges: _Edges, facts: RightsColumns) -> None:
    real = facts.enrolled_from < facts.enrolled_until
    order = np.lexsort((facts.enrolled_from[real], facts.enrolled[real]))
    rows = facts.enrolled[real][order]
    since, until = facts.enrolled_from[real][order], facts.enrolled_until[real][order]
    reach = months_later(until, dated(CONTINUED, until))
    edges.add("active", rows, since, until)
    edges.add("continued", rows, until, reach)
    first = np.ones(rows.size, bool)
    first[1:] = rows[1:] != rows[:-1]
    never = np.full(rows.size, NO_DAY, np.int64)
    edges.add("ever_enrolled", rows[first], since[first], never[first])
    entry = first | (since > _covered_before(rows, reach))
    opening = months_later(since, dated("rights.waiting_months", since))
    edges.add("waiting", rows[entry], since[entry], opening[entry])


def _covered_before(rows: Integers, reach: Days) -> Days:
    """For each stretch, the furthest day the insured person's earlier stretches reach."""
    packed = (rows << DAY_BITS) | np.minimum(reach, END)
    furthest = np.maximum.accumulate(packed) & END
    before = np.zeros_like(furthest)
    before[1:] = furthest[:-1]
    return before


def _add_calls(edges: _Edges, facts: RightsColumns) -> None:
    first_paid = np.full(facts.count, NO_DAY, np.int64)
    counted = ~facts.call_is_zero & (facts.call_settled < NO_DAY)
    np.minimum.at(first_paid, facts.called[counted], facts.call_settled[counted])
    everyone = np.arange(facts.count, dtype=np.int64)
    edges.add("ever_paid", everyone, first_paid, np.full(facts.count, NO_DAY, np.int64))
    late = np.flatnonzero(facts.call_settled > facts.call_due + 1)
    rows, since, until = facts.called[late], facts.call_due[late] + 1, facts.call_settled[late]
    started = np.full(facts.count, NO_DAY, np.int64)
    lost = np.full(facts.count, NO_DAY, np.int64)
    started[facts.relieved], lost[facts.relieved] = facts.relief_from, facts.relief_lost
    old = facts.call_month[late] <= day_number(last_month_erased())
    pause = np.where(old, started[rows], NO_DAY)
    edges.add("unpaid", rows, since, np.minimum(until, pause))
    resumed = np.flatnonzero(old & (lost[rows] < NO_DAY))
    again = np.maximum(since[resumed], lost[rows[resumed]])
    edges.add("unpaid", rows[resumed], again, until[resumed])


def _add_relief(edges: _Edges, facts: RightsColumns) -> None:
    month_start = facts.relief_from.astype("datetime64[D]").astype("datetime64[M]")
    first = month_start.astype("datetime64[D]").astype(np.int64)
    until = months_later(first, 1 + relief_waiting_months())
    edges.add(
        "relief_waiting", facts.relieved, facts.relief_from, np.minimum(until, facts.relief_lost)
    )


def _edges_of(facts: RightsColumns) -> tuple[Integers, Days, Integers]:
    edges = _Edges()
    _add_activity(edges, facts)
    _add_calls(edges, facts)
    _add_relief(edges, facts)
    everyone = np.arange(facts.count, dtype=np.int64)
    edges.add("deceased", everyone, facts.deceased_on, np.full(facts.count, NO_DAY, np.int64))
    for value in get_parameter(UNPAID_LIMIT).values[1:]:
        edges.add_change_of_law(facts.count, day_number(value.since))
    return edges.in_order()


def _situations(codes: Integers) -> Integers:
    """The running count of open spans of each kind, side by side in one integer."""
    weights = np.zeros(1 << _CODE_BITS, np.int64)
    for place, kind in enumerate(_KINDS):
        weights[place * 2], weights[place * 2 + 1] = 1 << _shift(kind), -(1 << _shift(kind))
    return np.cumsum(weights[codes])


def _standings(counts: Integers, days: Days) -> NDArray[np.int16]:
    place = np.zeros(counts.size, np.int64)
    for bit, kind in enumerate(_KINDS):
        width = _UNPAID_BITS if kind == "unpaid" else _FIELD_BITS
        open_spans = (counts >> _shift(kind)) & ((1 << width) - 1)
        holds = open_spans >= dated(UNPAID_LIMIT, days) if kind == "unpaid" else open_spans > 0
        place |= holds.astype(np.int64) << bit
    return _decision_table()[0][place]


def rights_periods_of(facts: RightsColumns) -> RightsPeriods:
    """All periods of all insured people, without gaps from each one's first enrolment on."""
    rows, days, codes = _edges_of(facts)
    counts = _situations(codes)
    last = np.ones(rows.size, bool)
    last[:-1] = (rows[1:] != rows[:-1]) | (days[1:] != days[:-1])
    last &= days < END
    rows, days = rows[last], days[last]
    found = _standings(counts[last], days)
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
) -> pa.Table:
    """Periods of rights as Arrow: insured, since, until (null: no end), status, reason.

    `enrolments` (insured, first_month, ended_on), `calls` (insured, month, due_on, settled_on and,
    if some calls are of nothing, amount_centimes), `relief` (insured, first_payment_on, lost_on),
    `deaths` (insured, deceased_on); `insured` is any integer, days are dates or null. Rows of one
    insured person must all be in the same batch; people without enrolment get no period.
    """
    import pyarrow as pa

    ids = np.unique(numbers_of(enrolments, "insured"))
    found = rights_periods_of(_columns(ids, enrolments, calls, relief, deaths))
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


def _columns(
    ids: Integers,
    enrolments: pa.Table,
    calls: pa.Table,
    relief: pa.Table | None,
    deaths: pa.Table | None,
) -> RightsColumns:
    called, calls = _places(ids, calls)
    relieved, relief = _places(ids, relief)
    dead, deaths = _places(ids, deaths)
    deceased_on = np.full(ids.size, NO_DAY, np.int64)
    deceased_on[dead] = days_of(deaths, "deceased_on")
    months = days_of(enrolments, "first_month").astype("datetime64[D]").astype("datetime64[M]")
    return RightsColumns(
        count=ids.size,
        enrolled=np.searchsorted(ids, numbers_of(enrolments, "insured")),
        enrolled_from=months.astype("datetime64[D]").astype(np.int64),
        enrolled_until=days_of(enrolments, "ended_on"),
        called=called,
        call_month=days_of(calls, "month"),
        call_due=days_of(calls, "due_on"),
        call_settled=days_of(calls, "settled_on"),
        call_is_zero=_is_zero(calls),
        relieved=relieved,
        relief_from=days_of(relief, "first_payment_on"),
        relief_lost=days_of(relief, "lost_on"),
        deceased_on=deceased_on,
    )


def _places(ids: Integers, table: pa.Table | None) -> tuple[Integers, Any]:
    """The place in `ids` of each row's insured person; rows of people never enrolled fall out."""
    if table is None:
        return np.zeros(0, np.int64), None
    insured = numbers_of(table, "insured")
    places = np.clip(_nearest(ids, insured), 0, max(ids.size - 1, 0))
    known = ids[places] == insured if ids.size else np.zeros(insured.size, bool)
    if known.all():
        return places, table
    return places[known], table.filter(known)


def _nearest(ids: Integers, insured: Integers) -> Integers:
    """Where each insured person would stand in `ids`; at once when `ids` has no gap."""
    if ids.size and ids[-1] - ids[0] + 1 == ids.size:
        return insured - ids[0]
    return np.searchsorted(ids, insured)


def _is_zero(calls: pa.Table) -> Flags:
    if "amount_centimes" not in calls.schema.names:
        return np.zeros(calls.num_rows, bool)
    return numbers_of(calls, "amount_centimes") == 0


def _words(places: NDArray[np.int8], words: list[str]) -> Any:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(places), pa.array(words))
