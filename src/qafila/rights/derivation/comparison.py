"""What another reading of the law would change: how many people, from what to what, by how much.

Asked range by range, with the batches that rebuild rights; nothing is written.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pyarrow as pa
from django.db import connection

import qafila_law
from qafila.contributions.calls.assessment import assess
from qafila.contributions.calls.liabilities import liabilities
from qafila.contributions.ledger import facts as ledger
from qafila.foundation.actors import Actor
from qafila.foundation.locking import PERSONS_PER_BUCKET
from qafila.rights.access import require_rebuilding
from qafila.rights.derivation.custody import periods_by_change
from qafila.rights.derivation.dependants import family_tables
from qafila.rights.derivation.law_input import facts_tables
from qafila.rights.derivation.ranges import ranges_of_persons
from qafila_law.contributions.categories import category_of
from qafila_law.contributions.penalties import FUND, TAX
from qafila_law.reforms.readings import under

_PEOPLE = "person_id BETWEEN %(first)s AND %(last)s"
_NO_RIGHTS = "none"

Progress = Callable[[int, int], None]
Moves = Counter[tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """What a reading would change on a day.

    `insured` and `dependants` count people by (status now, status under the reading), those who
    keep theirs excepted; amounts are what is owed for the month of that day, in centimes. `late`
    counts calls overdue that day, and what lateness adds to them.
    """

    reform: str
    on: dt.date
    people: int = 0
    families: int = 0
    insured: Moves = field(default_factory=Counter)
    dependants: Moves = field(default_factory=Counter)
    owing: int = 0
    owing_otherwise: int = 0
    centimes_now: int = 0
    centimes_then: int = 0
    late: int = 0
    late_otherwise: int = 0
    penalties_now: int = 0
    penalties_then: int = 0


def difference_under(
    reform: str,
    *,
    on: dt.date,
    actor: Actor,
    persons_per_range: int = PERSONS_PER_BUCKET,
    on_progress: Progress | None = None,
) -> Difference:
    """Compare the law with the reading `reform`, over the whole register, as of the day `on`.

    Raises NotAllowed, and LawError for a reading that does not exist.
    """
    require_rebuilding(actor)
    with under(reform):
        pass
    found, ranges = Difference(reform, on), ranges_of_persons(persons_per_range)
    for done, (first, last) in enumerate(ranges, 1):
        with connection.cursor() as cursor:
            found = _with_range(found, cursor, {"first": first, "last": last})
        if on_progress:
            on_progress(done, len(ranges))
    return found


def _with_range(found: Difference, cursor: Any, params: dict[str, Any]) -> Difference:
    now = _answers(cursor, params, found.on, nullcontext())
    then = _answers(cursor, params, found.on, under(found.reform))
    amounts = now.amounts.join(then.amounts, on="enrolment_id", how="full", suffix="_then")
    otherwise = amounts.filter(
        pl.col("amount_centimes").fill_null(0) != pl.col("amount_centimes_then").fill_null(0)
    )
    return Difference(
        reform=found.reform,
        on=found.on,
        people=found.people + now.insured.height,
        families=found.families + now.dependants.height,
        insured=found.insured + _moves(now.insured, then.insured),
        dependants=found.dependants + _moves(now.dependants, then.dependants),
        owing=found.owing + now.amounts.height,
        owing_otherwise=found.owing_otherwise + otherwise.height,
        centimes_now=found.centimes_now + _total(now.amounts),
        centimes_then=found.centimes_then + _total(then.amounts),
        **_lateness(found, cursor, params),
    )


# Calls of one sum, day and side are as late as each other: few groups, whatever the register.
_LATE = f"""
SELECT c.rest_centimes::bigint, c.due_on, c.category, count(*)
FROM {ledger.OVERDUE} c WHERE c.{_PEOPLE} GROUP BY 1, 2, 3
"""


def _lateness(found: Difference, cursor: Any, params: dict[str, Any]) -> dict[str, int]:
    cursor.execute(_LATE, {**params, **ledger.overdue_on(found.on)})
    late, otherwise, now, then = (
        found.late,
        found.late_otherwise,
        found.penalties_now,
        found.penalties_then,
    )
    for rest, due_on, category, calls in cursor.fetchall():
        side = TAX if category_of(category).pays_with_tax else FUND
        added = qafila_law.penalty(rest, due_on, found.on, side).penalty_centimes
        with under(found.reform):
            other = qafila_law.penalty(rest, due_on, found.on, side).penalty_centimes
        late, now, then = late + calls, now + added * calls, then + other * calls
        otherwise += calls if other != added else 0
    return {
        "late": late,
        "late_otherwise": otherwise,
        "penalties_now": now,
        "penalties_then": then,
    }


@dataclass(frozen=True)
class _Answers:
    """(who, status) of the insured and of dependants on the day, and what each enrolment owes."""

    insured: pl.DataFrame
    dependants: pl.DataFrame
    amounts: pl.DataFrame


def _answers(
    cursor: Any, params: dict[str, Any], on: dt.date, law: AbstractContextManager[None]
) -> _Answers:
    month = on.replace(day=1)
    with law:
        facts = facts_tables(cursor, _PEOPLE, params)
        periods = qafila_law.rights_batch(
            facts.enrolments, facts.calls, relief=facts.relief, deaths=facts.deaths
        )
        family = family_tables(cursor, _PEOPLE, params)
        due = assess(liabilities(cursor, month, _PEOPLE, params), month).due
        of_family = periods_by_change(
            family.members, family.spells, _texts(periods), family.changes
        )
    return _Answers(
        _on_day(pl.DataFrame(_texts(periods)), "insured", on),
        _on_day(pl.DataFrame(of_family), "dependant_id", on),
        pl.DataFrame(due.select(["enrolment_id", "amount_centimes"])),
    )


def _texts(periods: pa.Table) -> pa.Table:
    words = {name: periods[name].cast(pa.string()) for name in ("status", "reason")}
    return pa.table({name: periods[name] for name in ("insured", "since", "until")} | words)


def _on_day(periods: pl.DataFrame, who: str, on: dt.date) -> pl.DataFrame:
    holds = (pl.col("since") <= on) & (pl.col("until").is_null() | (pl.col("until") > on))
    return periods.filter(holds).select(who=who, status="status")


def _moves(now: pl.DataFrame, then: pl.DataFrame) -> Moves:
    both = now.join(then, on="who", how="full", suffix="_then").with_columns(
        pl.col("status", "status_then").fill_null(_NO_RIGHTS)
    )
    changed = both.filter(pl.col("status") != pl.col("status_then"))
    counted = changed.group_by("status", "status_then").len()
    return Counter({(before, after): count for before, after, count in counted.iter_rows()})


def _total(amounts: pl.DataFrame) -> int:
    return int(amounts["amount_centimes"].sum())
