"""What is overdue: by age, and person by person for those who call them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.contributions.arrears.derivation import AGES
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.ledger.overdue import OverdueCall, overdue_calls
from qafila.enrolment import facts as enrolment
from qafila.foundation.actors import Scope
from qafila.people import facts as people_facts
from qafila.people.access import PersonFile, checked_person


@dataclass(frozen=True)
class ArrearsBand:
    """Arrears of one age: more than `from_months` and at most `to_months` (None: no end)."""

    from_months: int
    to_months: int | None
    persons: int
    calls: int
    centimes: int


def arrears_ageing(on: dt.date, *, scope: Scope) -> list[ArrearsBand]:
    """What is overdue on `on` in the scope, call by call, by how many months ago it was due."""
    return _bands(_AGEING, {**ledger.overdue_on(on), "ages": list(AGES), **_territory(scope)})


def _territory(scope: Scope) -> dict[str, Any]:
    return {"national": scope.national, "provinces": sorted(scope.province_codes)}


def _bands(statement: str, params: dict[str, Any]) -> list[ArrearsBand]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = {band: rest for band, *rest in cursor.fetchall()}
    bounds = [0, *AGES, None]
    return [
        ArrearsBand(bounds[place] or 0, bounds[place + 1], *found.get(place, (0, 0, 0)))
        for place in range(len(AGES) + 1)
    ]


_AGEING = f"""
SELECT cardinality(array(SELECT a FROM unnest(%(ages)s::int[]) a
                         WHERE c.due_on + make_interval(months => a) < %(on)s)) AS band,
       count(DISTINCT c.person_id), count(*), sum(c.rest_centimes)::bigint
FROM {ledger.OVERDUE} c JOIN {people_facts.PERSONS} p ON p.id = c.person_id
WHERE (%(national)s OR p.province_id = ANY(%(provinces)s))
  AND NOT EXISTS (SELECT FROM {enrolment.DEATHS} died WHERE died.person_id = c.person_id)
GROUP BY band
"""

_FILTERS = f"""
(%(national)s OR a.province_code = ANY(%(provinces)s))
AND (%(band)s::int IS NULL OR a.band = %(band)s)
AND (%(region)s::text IS NULL OR a.region_code = %(region)s)
AND (%(province)s::text IS NULL OR a.province_code = %(province)s)
AND (%(commune)s::text IS NULL OR a.person_id IN (
     SELECT l.id FROM {people_facts.PERSONS} l WHERE l.commune_id = %(commune)s))
AND (%(category)s::text IS NULL OR a.category = %(category)s)
"""


def arrears_bands(
    *,
    scope: Scope,
    region: str | None = None,
    province: str | None = None,
    commune: str | None = None,
    category: str | None = None,
) -> list[ArrearsBand]:
    """People in arrears by the age of their oldest overdue call, as of the last derivation.

    Each person is in one band with all that is overdue; `arrears_queue(bucket=…)` takes the band's
    place in this list.
    """
    params = _filters(scope, region=region, province=province, commune=commune, category=category)
    return _bands(_BANDS, params)


_BANDS = f"""
SELECT a.band, count(*), sum(a.overdue_calls), sum(a.overdue_centimes)::bigint
FROM contributions_personarrears a WHERE {_FILTERS} GROUP BY a.band
"""


@dataclass(frozen=True)
class InArrears:
    """One person to call: what is overdue, since when, in which category, and the numbers."""

    person_id: int
    name_ar: str
    name_latn: str
    phones: tuple[str, ...]
    overdue_centimes: int
    overdue_calls: int
    oldest_due_on: dt.date
    bucket: int
    category: str
    province_code: str
    as_of: dt.date
    has_plan: bool
    commune_code: str | None = None

    def place(self, order: str = "sum") -> tuple[int | dt.date, int]:
        """Where this person stands in that order: `arrears_queue(after=…)` goes on from here."""
        values: dict[str, int | dt.date] = {
            "sum": self.overdue_centimes,
            "since": self.oldest_due_on,
            "months": self.overdue_calls,
        }
        return values[order], self.person_id


ORDERS = {
    "sum": "a.overdue_centimes",
    "since": "a.oldest_due_on",
    "months": "a.overdue_calls",
}
"""The orders of the queue, each by its column and then by person."""


def arrears_queue(
    *,
    scope: Scope,
    bucket: int | None = None,
    region: str | None = None,
    province: str | None = None,
    commune: str | None = None,
    category: str | None = None,
    order: str = "sum",
    descending: bool = False,
    after: tuple[int | dt.date, int] | None = None,
    count: int = 50,
) -> list[InArrears]:
    """People in arrears, the smallest sum first: there a call brings most people back to cover.

    `order` (sum, since, months) is another order. `bucket` is a place in `arrears_bands()`.
    `after` is the `place(order)` of the last person seen, so that a page deep in the queue costs as
    much as the first. One statement.
    """
    within = {"region": region, "province": province, "commune": commune, "category": category}
    value, person = after if after is not None else (None, None)
    params = {**_filters(scope, band=bucket, **within), "value": value, "person": person}
    statement = _queue(ORDERS[order], descending=descending, going_on=after is not None)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**params, "count": count})
        rows = cursor.fetchall()
    return [
        InArrears(number, ar, latn, tuple(phones), *rest)
        for number, ar, latn, phones, *rest in rows
    ]


def _filters(scope: Scope, band: int | None = None, **within: str | None) -> dict[str, Any]:
    return {**_territory(scope), "band": band, **within}


def _queue(column: str, *, descending: bool, going_on: bool) -> str:
    way, beyond = ("DESC", "<") if descending else ("ASC", ">")
    onwards = f"AND ({column}, a.person_id) {beyond} (%(value)s, %(person)s)" if going_on else ""
    return f"{_QUEUE} {onwards} ORDER BY {column} {way}, a.person_id {way} LIMIT %(count)s"


_QUEUE = f"""
SELECT a.person_id, p.full_name_ar, p.full_name_latn,
       ARRAY(SELECT t.number FROM {people_facts.PHONES} t
             WHERE t.person_id = p.id ORDER BY t.number),
       a.overdue_centimes, a.overdue_calls, a.oldest_due_on, a.band, a.category, a.province_code,
       a.as_of,
       EXISTS (SELECT FROM contributions_instalmentplan i
               WHERE i.person_id = p.id AND i.state = 'running'), p.commune_id
FROM contributions_personarrears a JOIN {people_facts.PERSONS} p ON p.id = a.person_id
WHERE {_FILTERS}
"""


def overdue_of(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> list[OverdueCall]:
    """The calls of a person that were due before `on` and are not settled, oldest due first."""
    checked_person(person_id, scope=scope, person=person)
    with connection.cursor() as cursor:
        return overdue_calls(cursor, person_id, on)
