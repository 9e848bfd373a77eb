"""Enrolment of whole lists: set-based, one transaction each, safe to repeat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.enrolment import errors, journal
from qafila.enrolment.access import require_whole_lists
from qafila.enrolment.category_choice import (
    LOWEST_TAX_BAND,
    PROFIT_UNKNOWN,
    Activities,
    Choice,
    chosen_category,
)
from qafila.enrolment.facts import DEATHS, TABLES
from qafila.enrolment.married_notes import say_married
from qafila.foundation import journal as foundation_journal
from qafila.foundation.actors import Actor
from qafila.foundation.database.statistics import refresh_statistics
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.lists import facts as lists
from qafila.people import facts as people_facts
from qafila.register import facts as register_facts
from qafila_law import LawError

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('enrolment.whole_lists'))"

_READ = (*people_facts.TABLES, *lists.TABLES, *register_facts.TABLES, *TABLES)

# The fund's rows, the first one of each number and of each person, with the facts amounts need.
_TOLD = f"""
tax AS (
  SELECT listed.person_id, max(listed.annual_tax_dh) AS annual_tax_dh
  FROM {lists.ACCEPTED} listed
  WHERE listed.source = 'tax_cpu' AND listed.person_id IS NOT NULL
  GROUP BY listed.person_id
), first_of_number AS (
  SELECT DISTINCT ON (listed.fund_number) listed.id, listed.fund_number, listed.person_id,
    person.region_code, coalesce(nullif(listed.category, ''), 'craftworker') AS category,
    listed.months_unpaid, listed.told_on, listed.effect_date
  FROM {lists.ACCEPTED} listed
  JOIN {people_facts.ACTIVE_PERSONS} person ON person.id = listed.person_id
  WHERE listed.source = 'fund' AND listed.fund_number <> ''
    AND NOT EXISTS (SELECT 1 FROM {DEATHS} dead WHERE dead.person_id = listed.person_id)
  ORDER BY listed.fund_number, listed.id
), told AS (
  SELECT DISTINCT ON (one.person_id) one.*,
    date_trunc('month', coalesce(one.effect_date, one.told_on))::date AS effective_from,
    CASE one.category WHEN 'cpu' THEN coalesce(tax.annual_tax_dh, 0)
      WHEN 'auto_entrepreneur' THEN 0 END AS annual_tax_dh,
    CASE WHEN one.category = 'accounts' THEN %(profit_unknown)s
      WHEN one.category = 'auto_entrepreneur'
        OR one.category = 'cpu' AND tax.annual_tax_dh IS NULL THEN %(lowest_band)s
      ELSE '' END AS assumption,
    CASE one.category WHEN 'accounts' THEN 'rnr' ELSE '' END AS regime
  FROM first_of_number one LEFT JOIN tax USING (person_id)
  WHERE NOT EXISTS (SELECT 1 FROM enrolment_enrolment held
      WHERE held.fund_number = one.fund_number
        AND (held.state <> 'closed' OR held.person_id = one.person_id))
    AND NOT EXISTS (SELECT 1 FROM enrolment_enrolment own
      WHERE own.person_id = one.person_id AND own.state = 'enrolled')
  ORDER BY one.person_id, one.id
)"""

_CONFIRM_LISTED = f"""
WITH {_TOLD}, waiting AS (
  SELECT DISTINCT ON (person_id) id, person_id FROM enrolment_enrolment
  WHERE state = 'declared' ORDER BY person_id, id
)
UPDATE enrolment_enrolment enrolment
SET state = 'enrolled', fund_number = told.fund_number, category = told.category,
  effective_from = told.effective_from, annual_tax_dh = told.annual_tax_dh,
  assumption = told.assumption, regime = told.regime, reported_on = told.told_on,
  months_unpaid_reported = greatest(coalesce(told.months_unpaid, 0), 0)
FROM told JOIN waiting ON waiting.person_id = told.person_id
WHERE enrolment.id = waiting.id
"""

_ENROL_LISTED = f"""
WITH {_TOLD}
INSERT INTO enrolment_enrolment
  (person_id, category, state, fund_number, effective_from, annual_tax_dh, regime, assumption,
   months_unpaid_reported, reported_on, region_code, created_at)
SELECT person_id, category, 'enrolled', fund_number, effective_from, annual_tax_dh, regime,
  assumption, greatest(coalesce(months_unpaid, 0), 0), told_on, region_code, %(at)s
FROM told ORDER BY fund_number
"""

_CONFLICTS = f"""
SELECT count(DISTINCT listed.person_id)
FROM {lists.ACCEPTED} listed
JOIN {people_facts.ACTIVE_PERSONS} person ON person.id = listed.person_id
WHERE listed.source = 'fund' AND listed.fund_number <> ''
  AND NOT EXISTS (SELECT 1 FROM enrolment_enrolment own WHERE own.person_id = listed.person_id)
"""

_ACTIVITIES = f"""
candidates AS (
  SELECT person.id AS person_id, person.region_code
  FROM {people_facts.ACTIVE_PERSONS} person
  WHERE person.card_number <> ''
    AND EXISTS (SELECT 1 FROM {register_facts.ACTIVE_ENTRIES} entry
      WHERE entry.person_id = person.id)
    AND NOT EXISTS (SELECT 1 FROM enrolment_enrolment own WHERE own.person_id = person.id)
    AND NOT EXISTS (SELECT 1 FROM {DEATHS} dead WHERE dead.person_id = person.id)
), activities AS (
  SELECT candidates.person_id, candidates.region_code,
    coalesce(bool_or(listed.source = 'auto_entrepreneur' AND listed.struck_off IS NOT TRUE), false)
      AS auto_entrepreneur,
    coalesce(bool_or(listed.source = 'auto_entrepreneur' AND listed.struck_off), false)
      AS struck_off,
    coalesce(bool_or(listed.source = 'tax_cpu'), false) AS cpu,
    max(listed.annual_tax_dh) FILTER (WHERE listed.source = 'tax_cpu') AS annual_tax_dh,
    coalesce(bool_or(listed.source IN ('register', 'chamber', 'field_sheet')), false) AS craft,
    coalesce(bool_or(listed.source = 'fund' AND listed.fund_number <> ''), false) AS at_fund
  FROM candidates
  LEFT JOIN {lists.ACCEPTED} listed ON listed.person_id = candidates.person_id
  GROUP BY candidates.person_id, candidates.region_code
), to_declare AS (
  SELECT *, struck_off AND NOT (auto_entrepreneur OR cpu OR craft) AS struck_off_only
  FROM activities WHERE NOT at_fund
)"""

_KINDS = f"""
WITH {_ACTIVITIES}
SELECT DISTINCT auto_entrepreneur, cpu, annual_tax_dh FROM to_declare WHERE NOT struck_off_only
"""

_DECLARE = f"""
WITH {_ACTIVITIES}, choice AS (
  SELECT * FROM unnest(%(auto_entrepreneur)s::bool[], %(cpu)s::bool[], %(tax)s::int[],
    %(category)s::text[], %(tax_kept)s::int[], %(assumption)s::text[])
  AS choice(auto_entrepreneur, cpu, annual_tax_dh, category, tax_kept, assumption)
)
INSERT INTO enrolment_enrolment
  (person_id, category, state, fund_number, effective_from, annual_tax_dh, regime, assumption,
   months_unpaid_reported, region_code, created_at)
SELECT person_id, choice.category, 'declared', '', %(month)s, choice.tax_kept, '',
  choice.assumption, 0, region_code, %(at)s
FROM to_declare JOIN choice ON choice.auto_entrepreneur = to_declare.auto_entrepreneur
  AND choice.cpu = to_declare.cpu
  AND coalesce(choice.annual_tax_dh, -1) = coalesce(to_declare.annual_tax_dh, -1)
WHERE NOT struck_off_only
ORDER BY person_id
"""

_STRUCK_OFF = f"WITH {_ACTIVITIES} SELECT count(*) FROM to_declare WHERE struck_off_only"

# Notes in which one of the words is written at all; what they say is read one by one.
_NOTES_ON_MARRIAGE = f"""
SELECT DISTINCT listed.notes FROM {lists.ACCEPTED} listed
WHERE listed.notes ~* '(mari|[ée]pou|conjoint|متزوج|زوج)'
"""

_NOTE_SPOUSES = f"""
INSERT INTO enrolment_dependant (insured_id, person_id, relation, state, since, refusal_reason)
SELECT listed.person_id, NULL, 'spouse', 'mentioned', min(listed.told_on), ''
FROM {lists.ACCEPTED} listed
JOIN {people_facts.ACTIVE_PERSONS} person ON person.id = listed.person_id
WHERE listed.notes = ANY(%(notes)s)
  AND NOT EXISTS (SELECT 1 FROM enrolment_dependant known
    WHERE known.insured_id = listed.person_id AND known.relation = 'spouse')
GROUP BY listed.person_id
ORDER BY listed.person_id
"""


@dataclass(frozen=True)
class ListedEnrolled:
    """Enrolled from the fund's list; declared before and confirmed by it; left out, see below."""

    enrolled: int
    confirmed: int
    number_conflicts: int


@dataclass(frozen=True)
class RegisteredDeclared:
    """Declared by category; `struck_off` auto-entrepreneurs with no other activity are not."""

    declared: int
    by_category: dict[str, int]
    struck_off: int


@dataclass(frozen=True)
class DependantsNoted:
    """Spouses that lists mention and nobody has named yet."""

    noted: int


def enrol_listed_at_fund(*, actor: Actor, at: dt.datetime) -> ListedEnrolled:
    """Enrol everyone on the fund's lists under the number, category and date given there.

    A number that two people have stays with the first row; the second person is counted in
    `number_conflicts` and keeps that reason until the fund answers. A person with two numbers is
    enrolled once, under the first. Unknown tax: lowest band; unknown regime: rule for an unknown
    profit; both are written into `assumption`. Raises NotAllowed.
    """
    require_whole_lists(actor)
    params = {"profit_unknown": PROFIT_UNKNOWN, "lowest_band": LOWEST_TAX_BAND, "at": at}
    with acting(actor, at=at):
        _lock()
        confirmed = _changed(_CONFIRM_LISTED, params)
        enrolled = _changed(_ENROL_LISTED, params)
        conflicts = _counted(_CONFLICTS)
        told = enrolled + confirmed
        _tell(journal.LISTED_ENROLLED, told, actor=actor, at=at, enrolled=told)
    return ListedEnrolled(enrolled, confirmed, conflicts)


def declare_registered(*, month: dt.date, actor: Actor, at: dt.datetime) -> RegisteredDeclared:
    """Declare everyone on the register with a card number whom the fund does not list.

    The category is chosen by `category_choice`. Whoever was ever enrolled is left to people.
    Raises NotAllowed, MonthNotPossible.
    """
    require_whole_lists(actor)
    first = month.replace(day=1)
    with acting(actor, at=at):
        _lock()
        choices = _choices(first)
        declared = _changed(_DECLARE, {**_columns(choices), "month": first, "at": at})
        by_category = _declared_in(first, at)
        struck_off = _counted(_STRUCK_OFF)
        _tell(
            journal.REGISTERED_DECLARED,
            declared,
            actor=actor,
            at=at,
            declared=declared,
            month=f"{first:%Y-%m}",
        )
    return RegisteredDeclared(declared, by_category if declared else {}, struck_off)


def note_dependants(*, actor: Actor, at: dt.datetime) -> DependantsNoted:
    """Note a spouse for everyone whom a row calls married and who has none noted.

    Raises NotAllowed.
    """
    require_whole_lists(actor)
    with acting(actor, at=at):
        _lock()
        noted = _changed(_NOTE_SPOUSES, {"notes": _notes_of_married()})
        _tell(journal.DEPENDANTS_NOTED, noted, actor=actor, at=at, noted=noted)
    return DependantsNoted(noted)


def _notes_of_married() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_NOTES_ON_MARRIAGE)
        return [note for (note,) in cursor.fetchall() if say_married(note)]


def _choices(month: dt.date) -> list[tuple[Activities, Choice]]:
    """The category for each kind of activities that occurs, however many people share it."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS)
        kinds = [Activities(*row) for row in cursor.fetchall()]
    try:
        return [(kind, chosen_category(kind, month)) for kind in kinds]
    except LawError as refusal:
        why = errors.law_sentence(refusal)
        raise errors.MonthNotPossible(month=f"{month:%Y-%m}", why=why) from refusal


def _columns(choices: list[tuple[Activities, Choice]]) -> dict[str, list[Any]]:
    return {
        "auto_entrepreneur": [kind.auto_entrepreneur for kind, _ in choices],
        "cpu": [kind.cpu for kind, _ in choices],
        "tax": [kind.annual_tax_dh for kind, _ in choices],
        "category": [choice.category for _, choice in choices],
        "tax_kept": [choice.annual_tax_dh for _, choice in choices],
        "assumption": [choice.assumption for _, choice in choices],
    }


def _declared_in(month: dt.date, at: dt.datetime) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT category, count(*) FROM enrolment_enrolment WHERE state = 'declared' "
            "AND effective_from = %s AND created_at = %s GROUP BY category ORDER BY category",
            [month, at],
        )
        return dict(cursor.fetchall())


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        refresh_statistics(cursor, _READ)  # the steps before may just have filled them


def _changed(statement: str, params: Mapping[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.rowcount


def _counted(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _tell(
    entry: foundation_journal.EntryType, count: int, *, actor: Actor, at: dt.datetime, **data: Any
) -> None:
    """One journal entry for the whole, when anything was done; its subject is who did it."""
    if count:
        subject = ActorRecord.objects.get(pk=actor.id)
        foundation_journal.write(entry, subject, actor=actor, at=at, **data)
