"""Unusual reading of one day, found in one pass over its traces; searching again adds nothing.

The measures are the project's choices: no text says how much is too much. They find who is asked,
not who is guilty: an auditor closes each case with what was found out.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection

from qafila.audit.access import require_searching
from qafila.audit.errors import DayToCome
from qafila.audit.journal import UNUSUAL_FOUND
from qafila.audit.models import UnusualReading
from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.clock import MOROCCO, day_of
from qafila.foundation.facts import READS
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.institutions.facts import POSTS, STAFF
from qafila.linkage.names.name_keys import name_keys
from qafila.people.asking.probes import PROBING
from qafila.people.facts import PERSONS_NAMED
from qafila.places.facts import PROVINCES

FILES_AT_MOST, LISTED_AT_MOST = 150, 3_000
"""More than so many a day is a case, however usual it is for the agent."""
FILES_UNREMARKED, LISTED_UNREMARKED = 20, 300
"""Up to so many a day is none, however unusual."""
TIMES_THE_USUAL = 3
DAYS_LOOKED_BACK, DAYS_TO_KNOW = 30, 5
"""What is usual: the mean of the days with reading in so many days; from so many such days on."""
PROBES_UNREMARKED = 10
"""Up to so many numbers looked for outside the territory in a day are no case."""
FIRST_HOUR, END_HOUR = 7, 20
MOST_NAMED = 50


@dataclass(frozen=True)
class DaySearched:
    """How many cases were new or different; `cases`: how many there are of the day."""

    day: dt.date
    cases: int
    new: int


def find_unusual_reading(day: dt.date, *, actor: Actor, at: dt.datetime) -> DaySearched:
    """Search the reading of one day that is over. Safe to repeat: closed cases stay as they are.

    Raises NotAllowed, DayToCome.
    """
    require_searching(actor)
    if day >= day_of(at):
        raise DayToCome(day=day.isoformat())
    with acting(actor, at=at), connection.cursor() as cursor:
        cursor.execute(_OF_THE_DAY, _limits_of(day))
        found = [*_measured(cursor, day), *_own_family(cursor, day)]
        new = _file_cases(cursor, day, found, at)
        cursor.execute("DROP TABLE reading_of_day")
        if new:
            record = ActorRecord.objects.get(pk=actor.id)
            journal.write(UNUSUAL_FOUND, record, actor=actor, at=at, day=day.isoformat(), cases=new)
    return DaySearched(day, UnusualReading.objects.filter(day=day).count(), new)


@dataclass(frozen=True)
class _Case:
    reader: int
    kind: str
    people: int
    usual: int | None
    persons: list[int]


def _limits_of(day: dt.date) -> dict[str, Any]:
    def midnight(one: dt.date) -> dt.datetime:
        return dt.datetime.combine(one, dt.time(), MOROCCO)

    return {
        "day": day,
        "begins": midnight(day),
        "ends": midnight(day + dt.timedelta(days=1)),
        "looked_back": midnight(day - dt.timedelta(days=DAYS_LOOKED_BACK)),
        "days_to_know": DAYS_TO_KNOW,
        "times": TIMES_THE_USUAL,
        "files_at_most": FILES_AT_MOST,
        "files_unremarked": FILES_UNREMARKED,
        "listed_at_most": LISTED_AT_MOST,
        "listed_unremarked": LISTED_UNREMARKED,
        "first_hour": FIRST_HOUR,
        "end_hour": END_HOUR,
        "named": MOST_NAMED,
        "probing": PROBING,
        "probes": PROBES_UNREMARKED,
    }


_OF_THE_DAY = f"""
CREATE TEMP TABLE reading_of_day ON COMMIT DROP AS
SELECT r.reader_id, r.person_id, r.people_count,
  r.place, extract(hour FROM r.at AT TIME ZONE 'Africa/Casablanca')::int AS hour
FROM {READS} r JOIN {STAFF} s ON s.actor_id = r.reader_id
WHERE r.at >= %(begins)s AND r.at < %(ends)s
"""
_MEASURED = f"""
WITH files AS (
  SELECT reader_id, count(DISTINCT person_id) AS files, coalesce(sum(people_count), 0) AS listed
  FROM reading_of_day GROUP BY reader_id
), earlier AS (
  SELECT r.reader_id, (r.at AT TIME ZONE 'Africa/Casablanca')::date AS day,
    count(DISTINCT r.person_id) AS files, coalesce(sum(r.people_count), 0) AS listed
  FROM {READS} r
  WHERE r.at >= %(looked_back)s AND r.at < %(begins)s
    AND r.reader_id IN (SELECT reader_id FROM files)
  GROUP BY 1, 2
), usual AS (
  SELECT reader_id, ceil(avg(files))::int AS files, ceil(avg(listed))::int AS listed
  FROM earlier GROUP BY reader_id HAVING count(*) >= %(days_to_know)s
), held AS (
  SELECT p.actor_id, bool_or(p.national) AS national, array_agg(c.code) AS provinces
  FROM {POSTS} p
  LEFT JOIN {PROVINCES} c ON c.code = p.province_id OR c.region_code = p.region_id
  WHERE p.held_from <= %(day)s AND (p.held_until IS NULL OR p.held_until >= %(day)s)
  GROUP BY p.actor_id
)
SELECT f.reader_id, 'many_files', f.files, u.files, '{{}}'::bigint[]
FROM files f LEFT JOIN usual u USING (reader_id)
WHERE f.files > %(files_at_most)s
  OR (f.files > %(files_unremarked)s AND f.files > %(times)s * u.files)
UNION ALL
SELECT f.reader_id, 'many_listed', f.listed, u.listed, '{{}}'
FROM files f LEFT JOIN usual u USING (reader_id)
WHERE f.listed > %(listed_at_most)s
  OR (f.listed > %(listed_unremarked)s AND f.listed > %(times)s * u.listed)
UNION ALL
SELECT reader_id, 'probing', count(*), NULL, '{{}}'
FROM reading_of_day WHERE place = %(probing)s GROUP BY reader_id HAVING count(*) > %(probes)s
UNION ALL
SELECT reader_id, 'odd_hours', count(DISTINCT person_id) + coalesce(sum(people_count), 0), NULL,
  (array_remove(array_agg(DISTINCT person_id), NULL))[:%(named)s]
FROM reading_of_day WHERE hour < %(first_hour)s OR hour >= %(end_hour)s GROUP BY reader_id
UNION ALL
SELECT d.reader_id, 'elsewhere', count(DISTINCT d.person_id), NULL,
  (array_agg(DISTINCT d.person_id))[:%(named)s]
FROM reading_of_day d JOIN {PERSONS_NAMED} p ON p.id = d.person_id
LEFT JOIN held h ON h.actor_id = d.reader_id
WHERE NOT coalesce(h.national OR p.province_id = ANY(h.provinces), false)
GROUP BY d.reader_id
ORDER BY 1, 2
"""


def _measured(cursor: Any, day: dt.date) -> list[_Case]:
    cursor.execute(_MEASURED, _limits_of(day))
    return [
        _Case(reader, kind, int(people), usual, persons)
        for reader, kind, people, usual, persons in cursor.fetchall()
    ]


_READERS = f"""
SELECT s.actor_id, s.name, s.name_latn FROM {STAFF} s
WHERE s.actor_id IN (SELECT reader_id FROM reading_of_day WHERE person_id IS NOT NULL)
"""
_ALIKE = f"""
SELECT DISTINCT d.reader_id, p.id, p.family_name_ar, p.family_name_latn, p.full_name_ar,
  p.full_name_latn
FROM reading_of_day d JOIN {PERSONS_NAMED} p ON p.id = d.person_id
JOIN unnest(%(readers)s::bigint[], %(keys)s::text[]) AS k(reader_id, key)
  ON k.reader_id = d.reader_id AND k.key = ANY(p.name_keys)
ORDER BY d.reader_id, p.id
"""


def _own_family(cursor: Any, day: dt.date) -> Iterable[_Case]:
    """People whose family name is the agent's, in either script."""
    cursor.execute(_READERS)
    families = {reader: _family_keys(ar, "", latn, "") for reader, ar, latn in cursor.fetchall()}
    pairs = [(reader, key) for reader, keys in families.items() for key in sorted(keys)]
    cursor.execute(_ALIKE, {"readers": [r for r, _ in pairs], "keys": [k for _, k in pairs]})
    alike: dict[int, list[int]] = defaultdict(list)
    for reader, person, family_ar, family_latn, full_ar, full_latn in cursor.fetchall():
        if families[reader] & _family_keys(full_ar, family_ar, full_latn, family_latn):
            alike[reader].append(person)
    for reader, persons in alike.items():
        yield _Case(reader, "own_family", len(persons), None, persons[:MOST_NAMED])


def _family_keys(full_ar: str, family_ar: str, full_latn: str, family_latn: str) -> set[str]:
    """The last key of each family name; where none is apart, of the whole name."""
    keys: set[str] = set()
    for family, full in ((family_ar, full_ar), (family_latn, full_latn)):
        keys.update(name_keys(family or full)[-1:])
    return keys


_FILE = """
INSERT INTO audit_unusual_reading AS c
  (day, reader_id, kind, people, usual, persons, state, found_at, reason)
SELECT %(day)s, g.reader, g.kind, g.people, g.usual, g.persons, 'open', %(at)s, ''
FROM jsonb_to_recordset(%(found)s::jsonb)
  AS g (reader bigint, kind text, people int, usual int, persons bigint[])
ON CONFLICT (day, reader_id, kind) DO UPDATE
SET people = excluded.people, usual = excluded.usual, persons = excluded.persons
WHERE c.state = 'open' AND c.people <> excluded.people
"""


def _file_cases(cursor: Any, day: dt.date, found: list[_Case], at: dt.datetime) -> int:
    document = json.dumps([asdict(one) for one in found])
    cursor.execute(_FILE, {"day": day, "at": at, "found": document})
    return int(cursor.rowcount)
