"""Whether a person is covered on a day: one statement that finds, answers and notes the check.

The statement is the same for the API's pages and for its fast door; only the connection differs,
so it is handed in as `ask`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qafila.linkage.identifiers import normalise_card_number, normalise_fund_number

Ask = Callable[[str, Mapping[str, Any]], Sequence[tuple[Any, ...]]]
"""Runs one statement with its parameters and returns the rows."""

NO_SUCH_NUMBER = "no_such_number"
SEVERAL_PEOPLE = "several_people"
UNKNOWN = "unknown"
ID_TYPES = ("cin", "fund", "nia")

_LONGEST_NUMBER = 20
_FOUND_BY = {
    "cin": (
        "SELECT id FROM people_person WHERE card_number = %(number)s AND state = 'active'",
        "card",
    ),
    # An ended enrolment's number is found among the person's numbers.
    "fund": (
        "SELECT person_id FROM enrolment_enrolment WHERE fund_number = %(number)s"
        " AND fund_number <> '' AND state <> 'closed'",
        "fund",
    ),
    "nia": (
        "SELECT person_id FROM register_entry WHERE register_number = %(number)s",
        "register",
    ),
}

_CHECK = """
WITH found AS (
  SELECT min(id) AS id, count(*) AS persons FROM (
    {lookup}
    UNION SELECT person_id FROM people_identifier WHERE value = %(number)s AND kind = '{kind}'
  ) AS carrying (id)
), told AS (
  SELECT p.id, coalesce(nullif(p.full_name_latn, ''), p.full_name_ar) AS name,
         CASE WHEN found.persons = 0 THEN 'unknown' WHEN found.persons > 1 THEN 'unknown'
              ELSE coalesce(r.status, 'none') END AS status,
         CASE WHEN found.persons = 0 THEN 'no_such_number'
              WHEN found.persons > 1 THEN 'several_people'
              ELSE coalesce(r.reason, 'not_enrolled') END AS reason,
         r.since, r.until
  FROM found
  LEFT JOIN people_person p ON p.id = found.id AND found.persons = 1
  LEFT JOIN LATERAL (
    SELECT status, reason, since, until FROM rights_rightsperiod
    WHERE person_id = p.id AND since <= %(on)s::date ORDER BY since DESC LIMIT 1
  ) r ON r.until IS NULL OR r.until > %(on)s::date
), noted AS (
  INSERT INTO care_coveragecheck
    (at, partner_id, person_id, id_type, "on", status, reason, dependants_told)
  SELECT %(at)s::timestamptz, %(partner)s::bigint, id, '{id_type}', %(on)s::date, status, reason,
         %(dependants)s::boolean
  FROM told
)
SELECT id, name, status, reason, since, until FROM told
"""
_STATEMENTS = {
    id_type: _CHECK.format(lookup=lookup, kind=kind, id_type=id_type)
    for id_type, (lookup, kind) in _FOUND_BY.items()
}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Status: open, waiting, suspended, closed, none (not enrolled) or unknown (no one person).

    `until` is the first day after, empty when no end is known; `name` is for initials only.
    """

    person_id: int | None
    name: str
    status: str
    reason: str
    since: dt.date | None
    until: dt.date | None


def number_as_kept(id_type: str, number: str) -> str | None:
    """The number as the files keep it, or None when it is no number of this type."""
    if id_type == "cin":
        card = normalise_card_number(number)
        return str(card) if card else None
    if id_type == "fund":
        return normalise_fund_number(number)
    plain = number.strip()
    known = plain.isascii() and plain.replace("-", "").replace("/", "").isalnum()
    return plain if known and len(plain) <= _LONGEST_NUMBER else None


def check_coverage(
    ask: Ask,
    *,
    id_type: str,
    number: str,
    on: dt.date,
    partner_id: int,
    with_dependants: bool,
    at: dt.datetime,
) -> Coverage:
    """The cover on the day `on` of the person carrying `number` (`number_as_kept`), noted at once.

    The note is part of the same statement: an answer that was not noted is not given.
    """
    [row] = ask(
        _STATEMENTS[id_type],
        {
            "number": number,
            "on": on,
            "at": at,
            "partner": partner_id,
            "dependants": with_dependants,
        },
    )
    person_id, name, status, reason, since, until = row
    return Coverage(person_id, name or "", status, reason, since, until)


def initials(name: str) -> str:
    """The first letter of each word: enough to see whose card it is, too little to learn a name."""
    return " ".join(f"{word[0]}." for word in name.split())
