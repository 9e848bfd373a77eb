"""Figures over where people stand: the funnel, the reasons, the rights, and the people behind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from qafila.accompaniment.facts import PROGRESS
from qafila.accompaniment.reasons import REASONS
from qafila.enrolment.category_choice import CATEGORY_LABELS
from qafila.foundation.actors import Scope
from qafila.indicators.definitions import (
    EVERYONE_LABEL,
    FUNNEL,
    RIGHTS,
    SEX_LABELS,
    STEP_CODES,
    STEPS_BY_CODE,
    UNKNOWN_LABEL,
    Dimension,
)
from qafila.indicators.filters import UNKNOWN, Filters, where
from qafila.people import facts as people_facts
from qafila.places import facts as places
from qafila.register import facts as register_facts

PAGE_SIZE = 50


@dataclass(frozen=True)
class Count:
    """How many people, and the address parameters that list exactly them."""

    code: str
    people: int
    params: dict[str, str]


@dataclass(frozen=True)
class FunnelRow:
    """One value of the dimension with its counts, in the order of the steps."""

    value: str
    label: str
    counts: tuple[Count, ...]

    def people(self, step: str) -> int:
        """How many people are at `step`."""
        return next(count.people for count in self.counts if count.code == step)


@dataclass(frozen=True)
class Funnel:
    """The funnel of the people within the filters: one row per value, and their total."""

    by: Dimension | None
    within: Filters
    rows: tuple[FunnelRow, ...]
    total: FunnelRow


@dataclass(frozen=True)
class LabelledCount:
    """A count with its name and its definition."""

    code: str
    label: str
    definition: str
    people: int
    params: dict[str, str]


@dataclass(frozen=True)
class PersonBehind:
    """One person behind a count, as much as a list shows."""

    person_id: int
    name_ar: str
    name_latn: str
    place_ar: str
    place_fr: str
    trade_ar: str
    trade_fr: str
    stage: str
    reason: str
    months_overdue: int
    overdue_centimes: int
    phones: Sequence[str]


@dataclass(frozen=True)
class PeoplePage:
    """A page of people: `after` is the cursor of the next page, 0 on the last."""

    people: tuple[PersonBehind, ...]
    after: int


def funnel(*, scope: Scope, by: Dimension | None = None, within: Filters | None = None) -> Funnel:
    """The seven counts of the people `within`, by each value of `by`. One query.

    The total is the sum of the rows. Rows are sorted by number of people, not known last.
    Raises UnknownFilter.
    """
    filters = within or Filters()
    found = _counted_by(scope, by, filters)
    rows = [
        _funnel_row(value, label, _within_value(filters, by, value), counts)
        for value, label, counts in found
    ]
    sums = [sum(counts) for counts in zip(*(row[2] for row in found), strict=True)]
    total = _funnel_row("", str(EVERYONE_LABEL), filters, sums or [0] * len(FUNNEL))
    return Funnel(by, filters, tuple(rows) if by else (), total)


def _counted_by(
    scope: Scope, by: Dimension | None, filters: Filters
) -> list[tuple[str, str, list[int]]]:
    condition, params = where(scope, filters)
    counts = ", ".join(f"count(*) FILTER (WHERE {figure.formula})" for figure in FUNNEL)
    value = f"coalesce({by.column}::text, '')" if by else "''"
    names, joined = _names(by)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH counted AS (SELECT {value} AS value, array[{counts}] AS counts "
            f"FROM {PROGRESS} progress WHERE {condition} GROUP BY 1) "
            f"SELECT value, {names}, counts FROM counted {joined} "
            "ORDER BY value = '', counts[1] DESC, value",
            params,
        )
        found = cursor.fetchall()
    return [(value, _label(by, value, ar, fr), counts) for value, ar, fr, counts in found]


def _names(by: Dimension | None) -> tuple[str, str]:
    """The columns of the value's two names, and the join that gives them."""
    tables = {
        Dimension.REGION: (places.REGIONS, "code"),
        Dimension.PROVINCE: (places.PROVINCES, "code"),
        Dimension.COMMUNE: (places.COMMUNES, "code"),
        Dimension.TRADE: (register_facts.TRADES, "id::text"),
    }
    if by not in tables:
        return "'' AS name_ar, '' AS name_fr", ""
    table, key = tables[by]
    return (
        "coalesce(name_ar, ''), coalesce(name_fr, '')",
        f"LEFT JOIN {table} named ON named.{key} = value",
    )


def _label(by: Dimension | None, value: str, name_ar: str, name_fr: str) -> str:
    if not value:
        return str(UNKNOWN_LABEL)
    if by is Dimension.CATEGORY:
        return str(CATEGORY_LABELS.get(value, value))
    if by is Dimension.SEX:
        return str(SEX_LABELS.get(value, value))
    return (name_ar if get_language() == "ar" else name_fr) or value


def _within_value(filters: Filters, by: Dimension | None, value: str) -> Filters:
    return filters.but(by, value) if by else filters


def _funnel_row(value: str, label: str, filters: Filters, counts: Iterable[int]) -> FunnelRow:
    params = filters.address_params()
    steps = tuple(
        Count(code, people, {**params, "step": code})
        for code, people in zip(STEP_CODES, counts, strict=True)
    )
    return FunnelRow(value or UNKNOWN, label, steps)


def not_yet(*, scope: Scope, within: Filters | None = None) -> list[Count]:
    """Of each step that follows another: who is at that one and not yet at this. One query."""
    filters = within or Filters()
    condition, params = where(scope, filters)
    steps = [figure for figure in FUNNEL if figure.after]
    counts = ", ".join(
        f"count(*) FILTER (WHERE {STEPS_BY_CODE[one.after].formula} AND NOT {one.formula})"
        for one in steps
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts} FROM {PROGRESS} progress WHERE {condition}", params)
        (found,) = cursor.fetchall()
    there = filters.address_params()
    return [
        Count(one.code, people, {**there, "step": one.after, "without": one.code})
        for one, people in zip(steps, found, strict=True)
    ]


def reason_counts(*, scope: Scope, within: Filters | None = None) -> list[LabelledCount]:
    """How many people have each reason why not (and "covered"), in the order of the reasons.

    One query; reasons nobody has are left out.
    """
    found = _counted(scope, within or Filters(), "reason")
    params = (within or Filters()).address_params()
    return [
        LabelledCount(
            one.code,
            str(one.label),
            str(one.next_sentence),
            found[one.code],
            {**params, "reason": one.code},
        )
        for one in REASONS
        if one.code in found
    ]


def rights_counts(*, scope: Scope, within: Filters | None = None) -> list[LabelledCount]:
    """How many people's rights are open, suspended, waiting, closed or none. One query."""
    found = _counted(scope, within or Filters(), "rights")
    params = (within or Filters()).address_params()
    return [
        LabelledCount(
            one.code,
            str(one.label),
            str(one.definition),
            found.get(one.code, 0),
            {**params, "rights": one.code},
        )
        for one in RIGHTS
    ]


def _counted(scope: Scope, filters: Filters, column: str) -> dict[str, int]:
    condition, params = where(scope, filters)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {column}, count(*) FROM {PROGRESS} progress WHERE {condition} GROUP BY 1",
            params,
        )
        return dict(cursor.fetchall())


def people_behind(
    *,
    scope: Scope,
    step: str = "identified",
    filters: Filters | None = None,
    after: int = 0,
    size: int = PAGE_SIZE,
) -> PeoplePage:
    """The people a count counts, `size` at a time, in the order of their numbers. One query.

    `after` is the last person's number of the page before. Raises UnknownFilter.
    """
    condition, params = where(scope, filters or Filters(), step)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH page AS (
              SELECT * FROM {PROGRESS} progress
              WHERE {condition} AND person_id > %(after)s ORDER BY person_id LIMIT %(size)s
            )
            SELECT page.person_id, person.full_name_ar, person.full_name_latn,
              coalesce(commune.name_ar, province.name_ar, ''),
              coalesce(commune.name_fr, province.name_fr, ''),
              coalesce(trade.name_ar, ''), coalesce(trade.name_fr, ''),
              page.stage, page.reason, page.months_overdue, page.overdue_centimes,
              array(SELECT phone.number FROM {people_facts.PHONES} phone
                WHERE phone.person_id = page.person_id ORDER BY phone.number)
            FROM page JOIN {people_facts.PERSONS} person ON person.id = page.person_id
            LEFT JOIN {places.COMMUNES} commune ON commune.code = page.commune_code
            LEFT JOIN {places.PROVINCES} province ON province.code = page.province_code
            LEFT JOIN {register_facts.TRADES} trade ON trade.id = page.trade_id
            ORDER BY page.person_id""",
            {**params, "after": after, "size": size + 1},
        )
        rows: list[Any] = cursor.fetchall()
    people = tuple(PersonBehind(*row) for row in rows[:size])
    return PeoplePage(people, people[-1].person_id if len(rows) > size else 0)
