"""Facts of many insured people as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qafila_law.contributions.rules import Flags, Integers
from qafila_law.rights.day_columns import NO_DAY, Days, days_of, numbers_of

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class RightsColumns:
    """Facts of many insured people; `insured` numbers them from 0, days count from 1970-01-01.

    Days that are not there are NO_DAY. One row per stretch of activity, per call, per relief, per
    excuse.
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
    relief_from: Days
    relief_lost: Days
    deceased_on: Days
    excused: Integers
    excuse_kind: Any
    excuse_from: Days
    excuse_until: Days


def rights_columns(
    ids: Integers,
    enrolments: pa.Table,
    calls: pa.Table,
    relief: pa.Table | None,
    deaths: pa.Table | None,
    excuses: pa.Table | None,
) -> RightsColumns:
    """The columns of these tables; `ids` are the insured people, in order."""
    called, calls = _places(ids, calls)
    relieved, relief = _places(ids, relief)
    dead, deaths = _places(ids, deaths)
    excused, excuses = _places(ids, excuses)
    return RightsColumns(
        count=ids.size,
        enrolled=np.searchsorted(ids, numbers_of(enrolments, "insured")),
        enrolled_from=_month_start(days_of(enrolments, "first_month")),
        enrolled_until=days_of(enrolments, "ended_on"),
        called=called,
        call_month=days_of(calls, "month"),
        call_due=days_of(calls, "due_on"),
        call_settled=days_of(calls, "settled_on"),
        call_is_zero=_is_zero(calls),
        relief_from=_by_person(ids.size, relieved, days_of(relief, "first_payment_on")),
        relief_lost=_by_person(ids.size, relieved, days_of(relief, "lost_on")),
        deceased_on=_by_person(ids.size, dead, days_of(deaths, "deceased_on")),
        excused=excused,
        excuse_kind=None if excuses is None else excuses["kind"],
        excuse_from=days_of(excuses, "since"),
        excuse_until=days_of(excuses, "until"),
    )


def _month_start(days: Days) -> Days:
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    first: Days = months.astype("datetime64[D]").astype(np.int64)
    return first


def _by_person(count: int, rows: Integers, days: Days) -> Days:
    found = np.full(count, NO_DAY, np.int64)
    found[rows] = days
    return found


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
    """Where each insured person would come in `ids`; at once when `ids` has no gap."""
    if ids.size and ids[-1] - ids[0] + 1 == ids.size:
        return insured - ids[0]
    return np.searchsorted(ids, insured)


def _is_zero(calls: pa.Table) -> Flags:
    if "amount_centimes" not in calls.schema.names:
        return np.zeros(calls.num_rows, bool)
    return numbers_of(calls, "amount_centimes") == 0
