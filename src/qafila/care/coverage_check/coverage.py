"""Whether people are covered on a day: one statement finds, answers, and notes each check.

Checks that arrive together are answered together. The statement is the same for the described API
and for its fast door; only the way to the database differs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import NamedTuple

from qafila.contributions.calls.facts import known_until
from qafila.enrolment.facts import NUMBERS_OF_PERSONS
from qafila.linkage.values.identifiers import (
    normalise_card_number,
    normalise_fund_number,
)
from qafila.people.facts import PERSONS
from qafila.rights import facts as rights
from qafila.rights.reasons import NOT_CALLED_YET, NOT_ENROLLED, NOT_KNOWN
from qafila.rights.verification import initials as initials

NO_SUCH_NUMBER = "no_such_number"
SEVERAL_PEOPLE = "several_people"
UNKNOWN = "unknown"
ID_TYPES = ("cin", "fund", "nia")

_LONGEST_NUMBER = 20
# What is written as it is kept needs no mending; a second letter O or I may stand for a digit.
_PLAIN_CARD = re.compile(r"[A-Z][A-HJ-NP-Z]?[0-9]{1,7}", re.ASCII)

# Found twice under one number, a person has the least and the greatest key. Who has rights of their
# own and through an insured person is told the open ones, their own first. The kind of number shuts
# the branches that are not asked about before any index is read. All questions come in one JSON
# text, which is read as fast as an array for each column.
CHECK = f"""
WITH found AS (
  SELECT asked.*, carrying.least, carrying.greatest,
         coalesce(nullif(p.full_name_latn, ''), p.full_name_ar) AS name,
         r.status AS held, r.reason AS held_for, r.since, r.until, r.through, r.insured_id
  FROM json_to_recordset(%(asked)s::json) AS asked
    (place int, id_type text, number text, "on" date, partner_id bigint, with_dependants boolean,
     at timestamptz)
  CROSS JOIN LATERAL (
    SELECT min(person_id) AS least, max(person_id) AS greatest FROM {NUMBERS_OF_PERSONS} known
    WHERE value = asked.number
      AND kind = CASE asked.id_type WHEN 'cin' THEN 'card' WHEN 'fund' THEN 'fund'
                 ELSE 'register' END
  ) carrying
  LEFT JOIN {PERSONS} p ON p.id = carrying.least AND carrying.least = carrying.greatest
  LEFT JOIN LATERAL (
    SELECT status, reason, since, until, through, insured_id FROM (
      (SELECT status, reason, since, until, false AS through, person_id AS insured_id
       FROM {rights.PERIODS} own
       WHERE person_id = p.id AND since <= asked."on" ORDER BY since DESC LIMIT 1)
      UNION ALL
      SELECT status, reason, since, until, true, insured_id
      FROM {rights.DEPENDANT_PERIODS} through_insured
      WHERE member_id = p.id AND since <= asked."on"
    ) held WHERE until IS NULL OR until > asked."on"
    ORDER BY status <> 'open', through, since DESC LIMIT 1
  ) r ON true
), dated AS (
  SELECT *,
    CASE WHEN held = 'open' AND held_for = 'paid_up'
         AND "on" > (at AT TIME ZONE 'Africa/Casablanca')::date
    THEN greatest({known_until("insured_id", '"on"')}, (at AT TIME ZONE 'Africa/Casablanca')::date)
    END AS known_until
  FROM found
), answered AS (
  SELECT *,
    CASE WHEN least = greatest THEN least END AS person_id,
    CASE WHEN least IS NULL OR least <> greatest THEN '{UNKNOWN}'
         WHEN "on" > known_until THEN '{NOT_KNOWN}' ELSE coalesce(held, 'none') END AS status,
    CASE WHEN least IS NULL THEN '{NO_SUCH_NUMBER}' WHEN least <> greatest THEN '{SEVERAL_PEOPLE}'
         WHEN "on" > known_until THEN '{NOT_CALLED_YET}'
         ELSE coalesce(held_for, '{NOT_ENROLLED}') END AS reason
  FROM dated
), noted AS (
  INSERT INTO care_coveragecheck
    (at, partner_id, person_id, id_type, "on", status, reason, dependants_told)
  SELECT at, partner_id, person_id, id_type, "on", status, reason, with_dependants FROM answered
)
SELECT person_id, coalesce(name, ''), status, reason, since, until, coalesce(through, false),
  known_until
FROM answered ORDER BY place
"""
"""Answers and notes any number of checks, in their order: `as_parameter` gives `asked`, and each
row the fields of a `Coverage`. Once it is committed the checks are noted."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Status: open, waiting, suspended, closed, none (not enrolled) or unknown (no one person).

    not_known: open by what is known, on a day after `known_until` that is not called yet.
    `until` is the first day after, empty when no end is known; `name` is for initials only.
    `through`: the cover is an insured person's, whose spouse or child this is.
    """

    person_id: int | None
    name: str
    status: str
    reason: str
    since: dt.date | None
    until: dt.date | None
    through: bool = False
    known_until: dt.date | None = None


def number_as_kept(id_type: str, number: str) -> str | None:
    """The number as the files keep it, or None when it is no number of this type."""
    if id_type == "cin":
        if _PLAIN_CARD.fullmatch(number):
            return number
        card = normalise_card_number(number)
        return str(card) if card else None
    if id_type == "fund":
        return normalise_fund_number(number)
    plain = number.strip().upper()
    known = plain.isascii() and plain.replace("-", "").replace("/", "").isalnum()
    return plain if known and len(plain) <= _LONGEST_NUMBER else None


class Check(NamedTuple):
    """One question: `number` as `number_as_kept` gives it, the day of care, and who asks when."""

    id_type: str
    number: str
    on: dt.date
    partner_id: int
    with_dependants: bool
    at: dt.datetime


def as_parameter(checks: Sequence[Check]) -> str:
    """The parameter `asked` of `CHECK`."""
    return f"[{','.join([_told_to_database(*asked) for asked in enumerate(checks)])}]"


def _told_to_database(place: int, check: Check) -> str:
    # Written out: a general encoder takes longer for it than the answer takes on the way.
    return (
        f'{{"place":{place},"id_type":"{check.id_type}","number":{quoted(check.number)},'
        f'"on":"{check.on}","partner_id":{check.partner_id},'
        f'"with_dependants":{"true" if check.with_dependants else "false"},"at":"{check.at}"}}'
    )
