"""Rebuilding rights from facts: the law decides, the rows that differ are exchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection

import qafila_law
from qafila.contributions.posting import copy_in
from qafila.foundation.actors import WHOLE_COUNTRY, Actor
from qafila.foundation.journal import write
from qafila.foundation.locking import lock_derivation
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.rights import journal as entries
from qafila.rights.access import require_rebuilding
from qafila.rights.facts import facts_tables
from qafila.rights.queries import RightsCounts, counts
from qafila.rights.reasons import FUND_NUMBER_AWAITED

PERSONS_PER_BATCH = 200_000
_NEXT = "rights_periods_now"
NOBODY_COUNTED = RightsCounts(0, 0, 0, 0, 0, {})


@dataclass(frozen=True)
class RightsOutcome:
    """What a rebuild found: periods in all, rows exchanged, and where persons stand on `on`."""

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


@dataclass
class _Tally:
    persons: int = 0
    periods: int = 0
    added: int = 0
    removed: int = 0


def rebuild_rights(
    *,
    on: dt.date,
    actor: Actor,
    at: dt.datetime,
    person_ids: Sequence[int] | None = None,
    persons_per_batch: int = PERSONS_PER_BATCH,
) -> RightsOutcome:
    """Derive the periods of rights of everyone, or of `person_ids`, from facts, in one transaction.

    Rows that come out the same are left as they are, so readers see the old rights until the new
    ones are whole, and repeating changes nothing. The counts are for the day `on`, whole country;
    they are 0 when only some people were rebuilt.
    Errors: NotAllowed.
    """
    require_rebuilding(actor)
    tally = _Tally()
    with acting(actor, at=at), connection.cursor() as cursor:
        _prepare(cursor, person_ids)
        for people, params in _batches(cursor, person_ids, persons_per_batch):
            _rebuild(cursor, people, params, tally)
        if tally.added or tally.removed:
            subject = ActorRecord.objects.get(pk=actor.id)
            write(entries.RIGHTS_REBUILT, subject, actor=actor, at=at, **vars(tally))
    # Counting the country is for the rebuild of everyone, not for each action on one person.
    found = counts(on, scope=WHOLE_COUNTRY) if person_ids is None else NOBODY_COUNTED
    return RightsOutcome(
        on, tally.persons, tally.periods, tally.added, tally.removed,
        found.open, found.waiting, found.suspended, found.closed, found.none, found.reasons,
    )  # fmt: skip


def _prepare(cursor: Any, person_ids: Sequence[int] | None) -> None:
    # Two rebuilds of the same people at once would exchange the same rows twice.
    lock_derivation(cursor, "qafila rights rebuild", person_ids)
    cursor.execute(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {_NEXT} (person_id bigint, status text,"
        " reason text, since date, until date) ON COMMIT DELETE ROWS"
    )


def _batches(
    cursor: Any, person_ids: Sequence[int] | None, size: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    if person_ids is not None:
        yield "person_id = ANY(%(people)s)", {"people": sorted(person_ids)}
        return
    cursor.execute(
        "SELECT min(person_id), max(person_id) FROM (SELECT person_id FROM enrolment_enrolment"
        " UNION ALL SELECT person_id FROM rights_rightsperiod) known"
    )
    first, last = cursor.fetchone()
    if first is not None:
        for start in range(first, last + 1, size):
            yield (
                "person_id BETWEEN %(first)s AND %(last)s",
                {"first": start, "last": start + size - 1},
            )


def _rebuild(cursor: Any, people: str, params: dict[str, Any], tally: _Tally) -> None:
    facts = facts_tables(cursor, people, params)
    periods = qafila_law.rights_batch(facts.enrolments, facts.calls, relief=facts.relief)
    cursor.execute(f"TRUNCATE {_NEXT}")
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
FROM enrolment_enrolment e WHERE {{people}} AND state = 'declared'
  AND NOT EXISTS (SELECT FROM {_NEXT} n WHERE n.person_id = e.person_id)
GROUP BY person_id
"""

_REMOVE = f"""
DELETE FROM rights_rightsperiod r WHERE {{people}} AND NOT EXISTS (
    SELECT FROM {_NEXT} n JOIN people_person p ON p.id = n.person_id
    WHERE n.person_id = r.person_id AND n.since = r.since AND n.status = r.status
      AND n.reason = r.reason AND n.until IS NOT DISTINCT FROM r.until
      AND p.region_code = r.region_code)
"""

_ADD = f"""
INSERT INTO rights_rightsperiod (person_id, status, reason, since, until, region_code)
SELECT n.person_id, n.status, n.reason, n.since, n.until, p.region_code
FROM {_NEXT} n JOIN people_person p ON p.id = n.person_id
WHERE NOT EXISTS (SELECT FROM rights_rightsperiod r
                  WHERE r.person_id = n.person_id AND r.since = n.since)
ORDER BY n.person_id, n.since
"""
