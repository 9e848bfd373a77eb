"""Where everyone stands, worked out from facts in one statement.

The steps and what counts for each:
- identified: a person of ours, not merged into another;
- reached: a caravan's field sheet speaks of the person, or staff were in contact with them
  (the verbs of `CONTACT_VERBS` in the journal, written by a person and not by a job);
- registered: an active entry in the register;
- enrolled: the fund gave a number, and the enrolment is not closed;
- family declared: enrolled, at least one member declared or "no family" stated, nobody merely
  mentioned;
- paying: nothing overdue, and a contribution was paid here or the fund reported no unpaid month;
- rights open: on that day, as the rights room says.
Each step counts its own fact: someone enrolled from a list need not have been reached. Whoever
died keeps the steps of their life; nothing is followed up but the family's cover while it lasts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.accompaniment import journal
from qafila.accompaniment.reasons import choice_of
from qafila.contributions.ledger import facts as ledger
from qafila.enrolment import facts as enrolment
from qafila.foundation import facts as foundation
from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.foundation.database.statistics import refresh_statistics
from qafila.foundation.locking import PERSONS_PER_BUCKET, lock_derivation, lock_range
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.lists import facts as lists
from qafila.people import facts as people
from qafila.register import facts as register
from qafila.rights import facts as rights

CONTACT_VERBS = (
    "accompaniment.contact_recorded",
    "register.application_opened",
    "register.application_completed",
    "enrolment.dependant_declared",
    "enrolment.no_family_stated",
)


def taken_back(contact: str) -> str:
    """Whether the contact in the journal line `contact` was undone."""
    return (
        f"EXISTS (SELECT FROM {foundation.JOURNAL} back WHERE back.person_id = {contact}.person_id"
        " AND back.verb = 'accompaniment.contact_taken_back'"
        f" AND (back.data ->> 'contact')::bigint = {contact}.id)"
    )


PERSONS_PER_RANGE = 8 * PERSONS_PER_BUCKET
_LOCK = "accompaniment.standings"
_THESE, _BETWEEN = "= ANY(%(persons)s)", "BETWEEN %(first)s AND %(last)s"
_COLUMNS = (
    "reached",
    "registered",
    "enrolled",
    "family_declared",
    "paying",
    "rights_open",
    "stage",
    "reason",
    "next_step",
    "rights",
    "months_overdue",
    "overdue_centimes",
    "category",
    "sex",
    "trade_id",
    "commune_code",
    "province_code",
    "region_code",
)

# {only[…]} becomes a filter on some persons, or on a range of them.
_FACTS = f"""
rows_of AS (
  SELECT listed.person_id,
    bool_or(listed.source = 'field_sheet') AS field_sheet,
    bool_or(listed.source = 'auto_entrepreneur' AND listed.struck_off IS NOT TRUE) AS active_card,
    bool_or(listed.source = 'auto_entrepreneur' AND listed.struck_off) AS struck_off,
    bool_or(listed.source = 'tax_cpu') AS taxed,
    bool_or(listed.source IN ('register', 'chamber', 'field_sheet')) AS craft,
    count(DISTINCT listed.fund_number)
      FILTER (WHERE listed.source = 'fund' AND listed.fund_number <> '') AS fund_numbers
  FROM {lists.ACCEPTED} listed
  WHERE listed.person_id IS NOT NULL {{only[listed]}}
  GROUP BY listed.person_id
), contacts AS (
  SELECT DISTINCT told.person_id
  FROM {foundation.JOURNAL} told
  JOIN {foundation.ACTORS} who ON who.id = told.actor_id AND who.kind IN ('staff', 'device')
  WHERE told.verb = ANY(%(contact_verbs)s) AND told.person_id IS NOT NULL
    AND NOT {taken_back("told")} {{only[told]}}
), entries_of AS (
  SELECT entry.person_id, count(*) FILTER (WHERE entry.state = 'active') AS entries,
    count(*) FILTER (WHERE entry.state = 'struck_off') AS struck_off_entries,
    (array_agg(entry.trade_id ORDER BY entry.state <> 'active', entry.trade_id IS NULL, entry.id)
      )[1] AS trade_id
  FROM {register.ENTRIES} entry WHERE true {{only[entry]}} GROUP BY entry.person_id
), last_application AS (
  SELECT DISTINCT ON (made.person_id) made.person_id, made.state, made.missing, made.trade_id
  FROM {register.APPLICATIONS} made WHERE true {{only[made]}} ORDER BY made.person_id, made.id DESC
), enrolment_of AS (
  SELECT DISTINCT ON (held.person_id) held.person_id, held.state, held.category,
    held.no_family_stated_on IS NOT NULL AS no_family,
    held.reported_on IS NOT NULL AND held.months_unpaid_reported = 0
      AND held.effective_from < date_trunc('month', held.reported_on) AS reported_paying
  FROM {enrolment.ENROLMENTS} held WHERE true {{only[held]}}
  ORDER BY held.person_id, held.state = 'closed', held.state = 'declared', held.id DESC
), family AS (
  SELECT dependant.insured_id AS person_id,
    count(*) FILTER (WHERE dependant.state = 'mentioned') AS mentioned,
    count(*) FILTER (WHERE dependant.state = 'declared') AS declared
  FROM {enrolment.DEPENDANTS} dependant WHERE true {{only[dependant]}} GROUP BY dependant.insured_id
), owed AS (
  SELECT call.person_id, count(*) AS calls,
    count(DISTINCT call.month) FILTER (WHERE {ledger.is_overdue("call")}) AS months_overdue,
    coalesce(sum({ledger.rest_of("call")}) FILTER (WHERE {ledger.is_overdue("call")}), 0)
      AS overdue_centimes
  FROM {ledger.CALLS} call WHERE true {{only[call]}} GROUP BY call.person_id
), payers AS (
  SELECT DISTINCT payment.person_id FROM {ledger.GOOD_PAYMENTS} payment
  WHERE true {{only[payment]}}
), rights_of AS (
  SELECT DISTINCT ON (period.person_id) period.person_id, period.status,
    period.reason AS rights_reason
  FROM {rights.PERIODS} period
  WHERE period.since <= %(on)s AND (period.until IS NULL OR period.until > %(on)s)
    {{only[period]}}
  ORDER BY period.person_id, period.since DESC
), deaths AS (
  SELECT died.person_id FROM {enrolment.DEATHS} died
  WHERE died.died_on <= %(on)s {{only[died]}}
  GROUP BY died.person_id
), facts AS (
  SELECT person.id AS person_id, person.card_number, person.birth_date, person.sex,
    coalesce(person.commune_id, '') AS commune_code,
    coalesce(person.province_id, '') AS province_code, person.region_code,
    coalesce(rows_of.field_sheet, false) OR contacts.person_id IS NOT NULL AS reached,
    coalesce(rows_of.fund_numbers, 0) AS fund_numbers,
    coalesce(rows_of.struck_off AND NOT (rows_of.active_card OR rows_of.taxed OR rows_of.craft),
      false) AS struck_off_only,
    coalesce(entries_of.entries, 0) AS entries,
    coalesce(entries_of.struck_off_entries, 0) AS struck_off_entries,
    coalesce(entries_of.trade_id, last_application.trade_id) AS trade_id,
    last_application.state AS application_state, last_application.missing AS application_missing,
    enrolment_of.state AS enrolment_state,
    coalesce(enrolment_of.category, CASE WHEN rows_of.active_card THEN 'auto_entrepreneur'
      WHEN rows_of.taxed THEN 'cpu' ELSE 'craftworker' END) AS category,
    coalesce(enrolment_of.no_family, false) AS no_family,
    coalesce(enrolment_of.reported_paying, false) AS reported_paying,
    coalesce(family.mentioned, 0) AS mentioned_dependants,
    coalesce(family.declared, 0) AS declared_dependants,
    coalesce(owed.calls, 0) AS calls, payers.person_id IS NOT NULL AS has_paid,
    coalesce(owed.months_overdue, 0) AS months_overdue,
    coalesce(owed.overdue_centimes, 0) AS overdue_centimes,
    coalesce(rights_of.status, 'none') AS rights,
    coalesce(rights_of.rights_reason, '') AS rights_reason,
    deaths.person_id IS NOT NULL AS died,
    deaths.person_id IS NOT NULL AND EXISTS (
      SELECT FROM {rights.DEPENDANT_PERIODS} heir
      WHERE heir.insured_id = person.id AND heir.status = 'open' AND heir.since <= %(on)s
        AND (heir.until IS NULL OR heir.until > %(on)s)) AS family_covered
  FROM {people.ACTIVE_PERSONS} person
  LEFT JOIN rows_of ON rows_of.person_id = person.id
  LEFT JOIN contacts ON contacts.person_id = person.id
  LEFT JOIN entries_of ON entries_of.person_id = person.id
  LEFT JOIN last_application ON last_application.person_id = person.id
  LEFT JOIN enrolment_of ON enrolment_of.person_id = person.id
  LEFT JOIN family ON family.person_id = person.id
  LEFT JOIN owed ON owed.person_id = person.id
  LEFT JOIN payers ON payers.person_id = person.id
  LEFT JOIN rights_of ON rights_of.person_id = person.id
  LEFT JOIN deaths ON deaths.person_id = person.id
  WHERE true {{only[person]}}
), steps AS (
  SELECT *, entries > 0 AS registered,
    coalesce(enrolment_state = 'enrolled', false) AS enrolled,
    coalesce(enrolment_state = 'enrolled', false) AND mentioned_dependants = 0
      AND (declared_dependants > 0 OR no_family) AS family_declared,
    coalesce(enrolment_state = 'enrolled', false) AND months_overdue = 0
      AND (has_paid OR reported_paying) AS paying,
    rights = 'open' AS rights_open
  FROM facts
)"""

_READ = (
    *people.TABLES,
    *lists.TABLES,
    *register.TABLES,
    *enrolment.TABLES,
    *ledger.TABLES,
    *rights.TABLES,
    "accompaniment_standing",
)

_STAGE = """CASE WHEN rights_open THEN 'rights_open' WHEN paying THEN 'paying'
  WHEN family_declared THEN 'family_declared' WHEN enrolled THEN 'enrolled'
  WHEN registered THEN 'registered' WHEN reached THEN 'reached' ELSE 'identified' END"""

_BY_PERSON = (
    "listed",
    "told",
    "entry",
    "made",
    "held",
    "call",
    "payment",
    "period",
    "died",
)
_ALIASES = dict.fromkeys(_BY_PERSON, "person_id") | {"dependant": "insured_id", "person": "id"}


@dataclass(frozen=True)
class StandingsRefreshed:
    """Persons looked at, rows written because something changed, rows of merged people removed."""

    persons: int
    changed: int
    removed: int

    def __add__(self, more: StandingsRefreshed) -> StandingsRefreshed:
        return StandingsRefreshed(
            self.persons + more.persons, self.changed + more.changed, self.removed + more.removed
        )


def refresh_standings(
    *, on: dt.date, actor: Actor, at: dt.datetime, person_ids: Sequence[int] | None = None
) -> StandingsRefreshed:
    """Work out where everyone (or each of `person_ids`) stands on the day `on`.

    Derived from facts alone: any number of rebuilds at the same facts gives the same rows.
    Everyone: range by range, each in a transaction of its own, so that an action on one person
    waits for one range at most; repeated after a break it does the rest.
    """
    told = {**ledger.overdue_on(on), "at": at, "contact_verbs": [*CONTACT_VERBS]}
    if person_ids is not None:
        with acting(actor, at=at), connection.cursor() as cursor:
            lock_derivation(cursor, _LOCK, person_ids)
            return _rewrite(cursor, _THESE, told | {"persons": [*person_ids]})
    found = StandingsRefreshed(0, 0, 0)
    for first, last in _ranges():
        with acting(actor, at=at), connection.cursor() as cursor:
            lock_range(cursor, _LOCK, first, last)
            found += _rewrite(cursor, _BETWEEN, told | {"first": first, "last": last})
    if found.changed:
        with acting(actor, at=at):
            subject = ActorRecord.objects.get(pk=actor.id)
            entry = journal.STANDINGS_REFRESHED
            foundation_journal.write(entry, subject, actor=actor, at=at, changed=found.changed)
    return found


def _ranges() -> list[tuple[int, int]]:
    """Ranges of person numbers with everyone in them; they begin with a bucket of the locks."""
    with connection.cursor() as cursor:
        refresh_statistics(cursor, _READ)  # the steps before may just have filled them
        cursor.execute(f"SELECT min(id), max(id) FROM {people.PERSONS} person")
        first, last = cursor.fetchone()
    if first is None:
        return []
    start = first - first % PERSONS_PER_RANGE
    return [(low, low + PERSONS_PER_RANGE - 1) for low in range(start, last + 1, PERSONS_PER_RANGE)]


def _rewrite(cursor: Any, some: str, params: dict[str, Any]) -> StandingsRefreshed:
    cursor.execute(_removal(some), params)
    removed = cursor.rowcount
    cursor.execute(_refresh(some), params)
    persons, changed = cursor.fetchone()
    return StandingsRefreshed(persons, changed, removed)


def _refresh(some: str) -> str:
    only = {alias: f"AND {alias}.{column} {some}" for alias, column in _ALIASES.items()}
    columns = ", ".join(_COLUMNS)
    computed = {"stage": _STAGE, "reason": choice_of("code"), "next_step": choice_of("next_step")}
    values = ", ".join(computed.get(column, column) for column in _COLUMNS)
    news = ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS)
    before = ", ".join(f"held.{column}" for column in _COLUMNS)
    after = ", ".join(f"excluded.{column}" for column in _COLUMNS)
    return f"""
WITH {_FACTS.format(only=only)}, written AS (
  INSERT INTO accompaniment_standing AS held (person_id, {columns}, computed_at)
  SELECT person_id, {values}, %(at)s FROM steps
  ON CONFLICT (person_id) DO UPDATE SET {news}, computed_at = excluded.computed_at
  WHERE ({before}) IS DISTINCT FROM ({after})
  RETURNING 1
)
SELECT (SELECT count(*) FROM steps), (SELECT count(*) FROM written)"""


def _removal(some: str) -> str:
    """Rows of people merged into others since."""
    return f"""
DELETE FROM accompaniment_standing standing USING {people.PERSONS} person
WHERE person.id = standing.person_id AND person.state <> 'active' AND standing.person_id {some}"""
