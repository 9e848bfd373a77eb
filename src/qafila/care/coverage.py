"""Whether a person is covered on a day: one statement finds and answers, and the check is noted.

Both are the same for the described API and for its fast door; only the way to the database differs,
so it is handed in as `ask` and `note`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from qafila.linkage.identifiers import normalise_card_number, normalise_fund_number
from qafila.rights.queries import NOT_ENROLLED

Ask = Callable[[str, Mapping[str, Any]], Sequence[tuple[Any, ...]]]
"""Runs one statement with its parameters and returns the rows."""

NO_SUCH_NUMBER = "no_such_number"
SEVERAL_PEOPLE = "several_people"
UNKNOWN = "unknown"
ID_TYPES = ("cin", "fund", "nia")

_LONGEST_NUMBER = 20
# What is written as it is kept needs no mending; a second letter O or I may stand for a digit.
_PLAIN_CARD = re.compile(r"[A-Z][A-HJ-NP-Z]?[0-9]{1,7}", re.ASCII)
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

# Found twice under one number, a person has the least and the greatest key.
_CHECK = """
SELECT found.least, found.greatest, coalesce(nullif(p.full_name_latn, ''), p.full_name_ar),
       r.status, r.reason, r.since, r.until
FROM (
  SELECT min(id) AS least, max(id) AS greatest FROM (
    {lookup}
    UNION ALL SELECT person_id FROM people_identifier WHERE value = %(number)s AND kind = '{kind}'
  ) AS carrying (id)
) found
LEFT JOIN people_person p ON p.id = found.least AND found.least = found.greatest
LEFT JOIN LATERAL (
  SELECT status, reason, since, until FROM rights_rightsperiod
  WHERE person_id = p.id AND since <= %(on)s::date ORDER BY since DESC LIMIT 1
) r ON r.until IS NULL OR r.until > %(on)s::date
"""
_STATEMENTS = {
    id_type: _CHECK.format(lookup=lookup, kind=kind)
    for id_type, (lookup, kind) in _FOUND_BY.items()
}

NOTE = """
INSERT INTO care_coveragecheck
  (at, partner_id, person_id, id_type, "on", status, reason, dependants_told)
SELECT * FROM unnest(%(at)s::timestamptz[], %(partner_id)s::bigint[], %(person_id)s::bigint[],
  %(id_type)s::text[], %(on)s::date[], %(status)s::text[], %(reason)s::text[],
  %(dependants_told)s::boolean[])
"""
"""Adds the notes of any number of checks: `columns_of` gives its parameters."""


class CheckNote(NamedTuple):
    """Who asked what about whom, when, and what was answered."""

    at: dt.datetime
    partner_id: int
    person_id: int | None
    id_type: str
    on: dt.date
    status: str
    reason: str
    dependants_told: bool


Note = Callable[[CheckNote], None]
"""Takes the note of one check; raises when it cannot be kept, and then no answer is given."""


def columns_of(notes: Sequence[CheckNote]) -> dict[str, list[Any]]:
    """The parameters of `NOTE`, one list per column."""
    columns = zip(*notes, strict=True)
    return {name: list(column) for name, column in zip(CheckNote._fields, columns, strict=True)}


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
        if _PLAIN_CARD.fullmatch(number):
            return number
        card = normalise_card_number(number)
        return str(card) if card else None
    if id_type == "fund":
        return normalise_fund_number(number)
    plain = number.strip()
    known = plain.isascii() and plain.replace("-", "").replace("/", "").isalnum()
    return plain if known and len(plain) <= _LONGEST_NUMBER else None


def check_coverage(
    ask: Ask,
    note: Note,
    *,
    id_type: str,
    number: str,
    on: dt.date,
    partner_id: int,
    with_dependants: bool,
    at: dt.datetime,
) -> Coverage:
    """The cover on the day `on` of the person carrying `number` (`number_as_kept`), noted."""
    [row] = ask(_STATEMENTS[id_type], {"number": number, "on": on})
    found = _understood(*row)
    note(
        CheckNote(
            at, partner_id, found.person_id, id_type, on, found.status, found.reason,
            with_dependants,
        )
    )  # fmt: skip
    return found


def _understood(
    least: int | None,
    greatest: int | None,
    name: str | None,
    status: str | None,
    reason: str | None,
    since: dt.date | None,
    until: dt.date | None,
) -> Coverage:
    if least is None:
        return Coverage(None, "", UNKNOWN, NO_SUCH_NUMBER, None, None)
    if least != greatest:
        return Coverage(None, "", UNKNOWN, SEVERAL_PEOPLE, None, None)
    if status is None or reason is None:
        return Coverage(least, name or "", "none", NOT_ENROLLED, None, None)
    return Coverage(least, name or "", status, reason, since, until)


def initials(name: str) -> str:
    """The first letter of each word: enough to see whose card it is, too little to learn a name."""
    return " ".join(f"{word[0]}." for word in name.split())
