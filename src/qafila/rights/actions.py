"""Rebuilding rights from facts: the law decides, the rows that differ are exchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection

import qafila_law
from qafila.enrolment import facts as enrolment
from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.copying import copy_in
from qafila.foundation.journal import write
from qafila.foundation.locking import PERSONS_PER_BUCKET, lock_derivation, lock_range
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.people import facts as people_facts
from qafila.rights import journal as entries
from qafila.rights.access import require_rebuilding
from qafila.rights.derivation.dependants import insured_of, prepare, rebuild_dependants
from qafila.rights.derivation.law_input import facts_tables
from qafila.rights.derivation.ranges import ranges_of_persons
from qafila.rights.queries import RightsCounts, counts
from qafila.rights.reasons import FUND_NUMBER_AWAITED

_NEXT = "rights_periods_now"
_LOCK = "qafila rights rebuild"
NOBODY_COUNTED = RightsCounts(0, 0, 0, 0, 0, {})

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class RightsOutcome:
    """What a rebuild found: periods in all, rows exchanged, and where persons stand on `on`.

    `dependants` is how many have rights through someone; rows exchanged are theirs too.
    """

    on: dt.date
    persons: int
    periods: int
    added: int
    removed: int
    open: int
    waiting: int
    suspended: int
    closed: int
    none: int
    reasons: dict[str, int]
    dependants: int = 0


@dataclass
class _Tally:
    persons: int = 0
    periods: int = 0
    added: int = 0
    removed: int = 0
    dependants: int = 0

    def take(self, more: _Tally) -> None:
        """Add what one range gave."""
        self.persons += more.persons
        self.periods += more.periods
        self.added += more.added
        self.removed += more.removed
        self.dependants += more.dependants


def rebuild_rights(
    *,
    on: dt.date,
    actor: Actor,
    at: dt.datetime,
    person_ids: Sequence[int] | None = None,
    persons_per_range: int = PERSONS_PER_BUCKET,
    on_progress: Progress | None = None,
) -> RightsOutcome:
    """Derive the periods of rights of everyone, or of `person_ids`, from facts; families too.

    Everyone's are derived range by range, each in a transaction of its own: an action on one person
    waits at most for the range that person lies in, and a rebuild that was cut short has done
    whole ranges and is simply repeated. Rows that come out the same are left as they are, so
    repeating changes nothing. `on_progress` is told ranges done and ranges in all. The counts are
    for the day `on`, whole country; they are 0 when only some people were rebuilt.
    Errors: NotAllowed.
    """
    require_rebuilding(actor, person_ids)
    if person_ids is not None:
        return _outcome(on, _rebuild_some(person_ids, actor, at), NOBODY_COUNTED)
    tally, ranges = _Tally(), ranges_of_persons(persons_per_range)
    for done, (first, last) in enumerate(ranges, 1):
        tally.take(_rebuild_range(first, last, actor, at))
        if on_progress:
            on_progress(done, len(ranges))
    # Counting the country is for the rebuild of everyone, not for each action on one person.
    return _outcome(on, tally, counts(on, scope=WHOLE_COUNTRY))


def _outcome(on: dt.date, tally: _Tally, found: RightsCounts) -> RightsOutcome:
    return RightsOutcome(
        on,
        tally.persons,
        tally.periods,
        tally.added,
        tally.removed,
        found.open,
        found.waiting,
        found.suspended,
        found.closed,
        found.none,
        found.reasons,
        tally.dependants,
    )


def _rebuild_some(person_ids: Sequence[int], actor: Actor, at: dt.datetime) -> _Tally:
    with acting(actor, at=at), connection.cursor() as cursor:
        # Two rebuilds of the same people at once would exchange the same rows twice.
        together = insured_of(cursor, sorted(person_ids))
        lock_derivation(cursor, _LOCK, together)
        people = {"people": together}
        return _rebuild_locked(cursor, "person_id = ANY(%(people)s)", people, actor, at)


def _rebuild_range(first: int, last: int, actor: Actor, at: dt.datetime) -> _Tally:
    with acting(actor, at=at), connection.cursor() as cursor:
        lock_range(cursor, _LOCK, first, last)
        people = {"first": first, "last": last}
        return _rebuild_locked(
            cursor, "person_id BETWEEN %(first)s AND %(last)s", people, actor, at
        )


def _rebuild_locked(
    cursor: Any, people: str, params: dict[str, Any], actor: Actor, at: dt.datetime
) -> _Tally:
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {_NEXT} (person_id bigint, status text,"
        " reason text, since date, until date) ON COMMIT DELETE ROWS"
    )
    prepare(cursor)
    tally = _Tally()
    _rebuild(cursor, people, params, tally)
    exchanged = rebuild_dependants(cursor, people, params, _NEXT)
    tally.take(_Tally(0, 0, exchanged.added, exchanged.removed, exchanged.dependants))
    if tally.added or tally.removed:
        subject = ActorRecord.objects.get(pk=actor.id)
        write(entries.RIGHTS_REBUILT, subject, actor=actor, at=at, **vars(tally))
    return tally


def _rebuild(cursor: Any, people: str, params: dict[str, Any], tally: _Tally) -> None:
    facts = facts_tables(cursor, people, params)
    periods = qafila_law.rights_batch(
        facts.enrolments, facts.calls, relief=facts.relief, deaths=facts.deaths
    )
    # Empty already but in a second rebuild of one transaction; TRUNCATE would make new files.
    cursor.execute(f"DELETE FROM {_NEXT}")
    copy_in(cursor, _NEXT, _rows(periods))
    cursor.execute(_AWAITING_NUMBER.format(people=people), params)
    cursor.execute(f"ANALYZE {_NEXT}")
    cursor.execute(_REMOVE.format(people=people), params)
    tally.removed += cursor.rowcount
    cursor.execute(_ADD)
    tally.added += cursor.rowcount
    cursor.execute(f"SELECT count(*), count(DISTINCT person_id) FROM {_NEXT}")
    periods_now, persons_now = cursor.fetchone()
    tally.periods += periods_now
    tally.persons += persons_now


def _rows(periods: pa.Table) -> pa.Table:
    return pa.table(
        {
            "person_id": periods["insured"],
            "status": periods["status"].cast(pa.string()),
            "reason": periods["reason"].cast(pa.string()),
            "since": periods["since"],
            "until": periods["until"],
        }
    )


# Declared to the fund and without a number anywhere: no enrolment in law yet, but on the way.
_AWAITING_NUMBER = f"""
INSERT INTO {_NEXT}
SELECT person_id, 'waiting', '{FUND_NUMBER_AWAITED}', min(effective_from), NULL
FROM {enrolment.ENROLMENTS} e WHERE {{people}} AND state = 'declared'
  AND NOT EXISTS (SELECT FROM {_NEXT} n WHERE n.person_id = e.person_id)
GROUP BY person_id
"""

_REMOVE = f"""
DELETE FROM rights_rightsperiod r WHERE {{people}} AND NOT EXISTS (
    SELECT FROM {_NEXT} n JOIN {people_facts.PERSONS} p ON p.id = n.person_id
    WHERE n.person_id = r.person_id AND n.since = r.since AND n.status = r.status
      AND n.reason = r.reason AND n.until IS NOT DISTINCT FROM r.until
      AND p.region_code = r.region_code)
"""

_ADD = f"""
INSERT INTO rights_rightsperiod (person_id, status, reason, since, until, region_code)
SELECT n.person_id, n.status, n.reason, n.since, n.until, p.region_code
FROM {_NEXT} n JOIN {people_facts.PERSONS} p ON p.id = n.person_id
WHERE NOT EXISTS (SELECT FROM rights_rightsperiod r
                  WHERE r.person_id = n.person_id AND r.since = n.since)
ORDER BY n.person_id, n.since
"""
