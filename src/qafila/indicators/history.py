"""How the figures came about: twelve months of dated facts, and the ways people were reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.accompaniment.facts import PROGRESS
from qafila.enrolment import facts as enrolment
from qafila.foundation import facts as foundation
from qafila.foundation.actors import Scope
from qafila.indicators.filters import Filters, where
from qafila.lists import facts as lists
from qafila.register import facts as register
from qafila.rights import facts as rights

MONTHS = 12
CONTACT = "accompaniment.contact_recorded"
FIELD_SHEET = "field_sheet"

# Entries and enrolments of one person may overlap; a person counts once, so they are joined first.
_PERIODS = f"""
  SELECT 'registered' AS step, person_id, unnest(range_agg(daterange(entered_on, struck_off_on)))
    FROM {register.ENTRIES} entry
    WHERE struck_off_on IS NULL OR struck_off_on > entered_on GROUP BY person_id
  UNION ALL
  SELECT 'enrolled', person_id, unnest(range_agg(daterange(effective_from, closed_on)))
    FROM {enrolment.AT_FUND} enrolment
    WHERE closed_on IS NULL OR closed_on > effective_from GROUP BY person_id
  UNION ALL
  SELECT 'rights_open', person_id, daterange(since, until) FROM {rights.PERIODS} period
    WHERE status = 'open' AND (until IS NULL OR until > since)
"""


@dataclass(frozen=True)
class History:
    """The last day of each month and today, with the people of each step on that day."""

    days: tuple[dt.date, ...]
    people: dict[str, tuple[int, ...]]

    def of(self, step: str) -> list[tuple[dt.date, int]]:
        """The step's counts by day; none where no dated fact tells of the step."""
        return list(zip(self.days, self.people.get(step, ()), strict=False))


def history(*, scope: Scope, on: dt.date, within: Filters | None = None) -> History:
    """How many of those who are counted today were registered, enrolled and covered, by month.

    As register, fund and rights date it now: what a list corrects is corrected backwards too. The
    last day is `on`. One query.
    """
    condition, params = where(scope, within or Filters())
    days = _month_ends(on)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH counted AS MATERIALIZED (
              SELECT person_id FROM {PROGRESS} progress WHERE {condition}
            ), periods (step, person_id, held) AS ({_PERIODS}), changes AS (
              SELECT step, change.place, sum(change.people) AS people
              FROM periods JOIN counted USING (person_id) CROSS JOIN LATERAL (VALUES
                (width_bucket(coalesce(lower(held), '-infinity'), %(days)s::date[]), 1),
                (width_bucket(coalesce(upper(held), 'infinity'), %(days)s::date[]), -1)
              ) AS change (place, people)
              GROUP BY step, change.place
            )
            SELECT step, place, people FROM changes""",
            {**params, "days": [day + dt.timedelta(days=1) for day in days]},
        )
        return History(days, _summed(cursor.fetchall()))


def _summed(changes: list[tuple[str, int, int]]) -> dict[str, tuple[int, ...]]:
    """Who came before or on a day less who left by then, for each day."""
    steps = {step for step, _place, _people in changes}
    return {
        step: tuple(
            int(sum(people for one, place, people in changes if one == step and place <= day))
            for day in range(MONTHS)
        )
        for step in steps
    }


def _month_ends(on: dt.date) -> tuple[dt.date, ...]:
    first = on.replace(day=1)
    ends = []
    for _month in range(MONTHS - 1):
        last = first - dt.timedelta(days=1)
        ends.append(last)
        first = last.replace(day=1)
    return (*reversed(ends), on)


def reached_by(*, scope: Scope, within: Filters | None = None) -> dict[str, int]:
    """How many people each channel reached; one person counts once in each. One query.

    Channels of recorded contacts (`accompaniment.contacts.CHANNELS`), and `FIELD_SHEET`.
    """
    condition, params = where(scope, within or Filters())
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH counted AS (
              SELECT person_id FROM {PROGRESS} progress WHERE {condition} AND reached
            ), ways AS (
              SELECT person_id, data ->> 'channel' AS channel FROM {foundation.JOURNAL} told
                WHERE verb = %(contact)s AND data ->> 'channel' IS NOT NULL
              UNION
              SELECT person_id, source FROM {lists.ACCEPTED} listed WHERE source = %(sheet)s
            )
            SELECT channel, count(*) FROM ways JOIN counted USING (person_id)
            GROUP BY channel ORDER BY count(*) DESC, channel""",
            {**params, "contact": CONTACT, "sheet": FIELD_SHEET},
        )
        return dict(cursor.fetchall())
