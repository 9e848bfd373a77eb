"""The register's work on whole lists: set-based, one transaction each, safe to repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.database.statistics import refresh_statistics
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.lists import facts as lists
from qafila.people import facts as people_facts
from qafila.register import journal
from qafila.register.access import require_whole_lists
from qafila.register.facts import TABLES
from qafila.register.recognition import trade_book

CRAFT_SOURCES = ("register", "chamber", "field_sheet", "auto_entrepreneur", "tax_cpu", "fund")
"""Lists that speak of craftworkers, the most trusted about the trade first."""

MISSING = ("card_number", "birth_date", "place", "trade", "register_number_conflict")
"""What an application can lack, in the order it is told."""

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('register.whole_lists'))"

_KNOWN = "known(text, trade_id) AS (SELECT * FROM unnest(%(texts)s::text[], %(trades)s::bigint[]))"

_BEST_TRADE = f"""best_trade AS (
  SELECT DISTINCT ON (listed.person_id) listed.person_id, known.trade_id, listed.trade_text
  FROM {lists.ACCEPTED} listed
  JOIN {people_facts.ACTIVE_PERSONS} person ON person.id = listed.person_id
  LEFT JOIN known ON known.text = listed.trade_text
  WHERE listed.source = ANY(%(sources)s)
  ORDER BY listed.person_id, known.trade_id IS NULL, listed.trade_text = '',
    array_position(%(sources)s::text[], listed.source::text), listed.id
)"""

# What the law's register needs to know of a person; `%s` is the expression of the trade's id.
_LACKING = """array_remove(ARRAY[
    CASE WHEN person.card_number = '' THEN 'card_number' END,
    CASE WHEN person.birth_date IS NULL THEN 'birth_date' END,
    CASE WHEN person.province_id IS NULL THEN 'place' END,
    CASE WHEN {trade} IS NULL THEN 'trade' END,
    {conflict}]::varchar[], NULL)"""

_ENTER = f"""
WITH {_KNOWN}, first_listed AS (
  SELECT DISTINCT ON (listed.register_number) listed.register_number, listed.person_id,
    listed.trade_text, person.region_code, listed.told_on AS entered_on
  FROM {lists.ACCEPTED} listed
  JOIN {people_facts.ACTIVE_PERSONS} person ON person.id = listed.person_id
  WHERE listed.source = 'register' AND listed.register_number <> ''
  ORDER BY listed.register_number, listed.id
)
INSERT INTO register_entry
  (person_id, register_number, trade_id, trade_text, state, entered_on, region_code)
SELECT person_id, register_number, known.trade_id, trade_text, 'active', entered_on, region_code
FROM first_listed LEFT JOIN known ON known.text = first_listed.trade_text
ORDER BY register_number
ON CONFLICT (register_number) DO NOTHING
"""

_CONFLICTS = f"""
WITH {_KNOWN}
INSERT INTO register_application
  (person_id, trade_id, trade_text, state, missing, refusal_reason, opened_at)
SELECT DISTINCT ON (person.id) person.id, known.trade_id, listed.trade_text, 'incomplete',
  {_LACKING.format(trade="known.trade_id", conflict="'register_number_conflict'")}, '', %(at)s
FROM {lists.ACCEPTED} listed
JOIN {people_facts.ACTIVE_PERSONS} person ON person.id = listed.person_id
JOIN register_entry taken ON taken.register_number = listed.register_number
LEFT JOIN known ON known.text = listed.trade_text
WHERE listed.source = 'register' AND taken.person_id <> person.id
  AND NOT EXISTS (SELECT 1 FROM register_entry own WHERE own.person_id = person.id)
  AND NOT EXISTS (SELECT 1 FROM register_application made WHERE made.person_id = person.id)
ORDER BY person.id, listed.id
"""

_OPEN = f"""
WITH {_KNOWN}, {_BEST_TRADE}
INSERT INTO register_application
  (person_id, trade_id, trade_text, state, missing, refusal_reason, opened_at)
SELECT person.id, best_trade.trade_id, best_trade.trade_text, 'incomplete',
  {_LACKING.format(trade="best_trade.trade_id", conflict="NULL")}, '', %(at)s
FROM best_trade JOIN {people_facts.PERSONS} person ON person.id = best_trade.person_id
WHERE NOT EXISTS (SELECT 1 FROM register_entry own WHERE own.person_id = person.id)
  AND NOT EXISTS (SELECT 1 FROM register_application made WHERE made.person_id = person.id)
ORDER BY person.id
"""

_LEARN_TRADES = f"""
WITH {_KNOWN}, {_BEST_TRADE}
UPDATE register_application application
SET trade_id = best_trade.trade_id, trade_text = best_trade.trade_text
FROM best_trade
WHERE application.person_id = best_trade.person_id AND application.trade_id IS NULL
  AND application.state = 'incomplete' AND best_trade.trade_id IS NOT NULL
"""

_LEARN_MISSING = f"""
UPDATE register_application application SET missing = now_missing.codes
FROM (
  SELECT application.id, {
    _LACKING.format(
        trade="application.trade_id",
        conflict="CASE WHEN 'register_number_conflict' = ANY(application.missing)"
        " THEN 'register_number_conflict' END",
    )
} AS codes
  FROM register_application application
  JOIN {people_facts.PERSONS} person ON person.id = application.person_id
  WHERE application.state = 'incomplete'
) now_missing
WHERE now_missing.id = application.id AND application.state = 'incomplete'
  AND application.missing IS DISTINCT FROM now_missing.codes
"""

# An application overtaken by a listed number is accepted without a second number.
_ACCEPT = f"""
WITH decided AS (
  UPDATE register_application application
  SET state = 'accepted', decided_at = %(at)s, decided_by_id = %(actor)s
  FROM {people_facts.ACTIVE_PERSONS} person
  WHERE person.id = application.person_id
    AND application.state IN ('incomplete', 'submitted') AND application.missing = '{{}}'
  RETURNING application.id, application.person_id, application.trade_id, application.trade_text,
    person.region_code
), entered AS (
  INSERT INTO register_entry
    (person_id, register_number, trade_id, trade_text, state, application_id, entered_on,
     region_code)
  SELECT person_id, register_next_number(), trade_id, trade_text, 'active', id, %(on)s, region_code
  FROM (SELECT * FROM decided ORDER BY id) in_order
  WHERE NOT EXISTS (SELECT 1 FROM register_entry own
    WHERE own.person_id = in_order.person_id AND own.state = 'active')
  RETURNING 1
)
SELECT (SELECT count(*) FROM decided), (SELECT count(*) FROM entered)
"""


@dataclass(frozen=True)
class ListedEntered:
    """New entries under listed numbers; applications opened because the number was taken."""

    entries: int
    number_conflicts: int


@dataclass(frozen=True)
class ApplicationsOpened:
    """New applications, all of them incomplete until decided."""

    applications: int


@dataclass(frozen=True)
class ApplicationsDecided:
    """Accepted now, entries made for them, and what stays incomplete afterwards."""

    accepted: int
    entries: int
    still_incomplete: int


def enter_listed(*, actor: Actor, at: dt.datetime) -> ListedEntered:
    """Enter everyone the register's own export lists, under the listed number.

    Two numbers of one person are both kept. A number that another person already has is not lost:
    an application is opened that lacks `register_number_conflict`. Raises NotAllowed.
    """
    require_whole_lists(actor)
    with acting(actor, at=at):
        known = _known_trades()
        entries = _changed(_ENTER, known)
        conflicts = _changed(_CONFLICTS, {**known, "at": at})
        _tell(journal.LISTED_ENTERED, entries, actor=actor, at=at, entries=entries)
    return ListedEntered(entries, conflicts)


def open_applications(*, actor: Actor, at: dt.datetime) -> ApplicationsOpened:
    """Open an application for everyone a list calls a craftworker and who never had one.

    The trade is the first recognised one, from the most trusted list. Raises NotAllowed.
    """
    require_whole_lists(actor)
    with acting(actor, at=at):
        opened = _changed(_OPEN, {**_known_trades(), "at": at})
        _tell(journal.APPLICATIONS_OPENED, opened, actor=actor, at=at, applications=opened)
    return ApplicationsOpened(opened)


def decide_complete_applications(*, actor: Actor, at: dt.datetime) -> ApplicationsDecided:
    """Accept every open application that lacks nothing, and issue its number.

    Complete means: card number, birth date (a year is enough), province, and a trade of the list
    are known, and no number is in conflict. The others learn what they lack now. Raises NotAllowed.
    """
    require_whole_lists(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        _changed(_LEARN_TRADES, _known_trades())
        _changed(_LEARN_MISSING, {})
        cursor.execute(_ACCEPT, {"at": at, "actor": actor.id, "on": day_of(at)})
        accepted, entries = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM register_application WHERE state = 'incomplete'")
        (incomplete,) = cursor.fetchone()
        _tell(journal.APPLICATIONS_DECIDED, accepted, actor=actor, at=at, accepted=accepted)
    return ApplicationsDecided(accepted, entries, incomplete)


def _known_trades() -> dict[str, Any]:
    """The trades meant by the texts of all rows, as parameters of the statements above."""
    book = trade_book()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        # The steps before may just have filled them.
        refresh_statistics(cursor, (*people_facts.TABLES, *lists.TABLES, *TABLES))
        cursor.execute(f"SELECT text FROM {lists.TRADE_TEXTS} written")
        recognised = {text: book.trade_id_of(text) for (text,) in cursor.fetchall()}
    known = {text: trade for text, trade in sorted(recognised.items()) if trade}
    return {"texts": [*known], "trades": [*known.values()], "sources": [*CRAFT_SOURCES]}


def _changed(statement: str, params: Mapping[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def _tell(
    entry: foundation_journal.EntryType, count: int, *, actor: Actor, at: dt.datetime, **data: int
) -> None:
    """One journal entry for the whole, when anything was done; its subject is who did it."""
    if count:
        subject = ActorRecord.objects.get(pk=actor.id)
        foundation_journal.write(entry, subject, actor=actor, at=at, **data)
