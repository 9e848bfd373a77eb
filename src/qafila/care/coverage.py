"""Whether people are covered on a day: one statement finds and answers, and each check is noted.

Checks that arrive together are answered together. Both statements are the same for the described
API and for its fast door; only the way to the database differs, so it is handed in as `ask` and
`note`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from qafila.linkage.identifiers import normalise_card_number, normalise_fund_number
from qafila.rights.queries import NOT_ENROLLED
from qafila.rights.verification import initials as initials

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
        "SELECT id FROM people_person WHERE card_number = asked.number AND state = 'active'",
        "card",
    ),
    # An ended enrolment's number is found among the person's numbers.
    "fund": (
        "SELECT person_id FROM enrolment_enrolment WHERE fund_number = asked.number"
        " AND fund_number <> '' AND state <> 'closed'",
        "fund",
    ),
    "nia": (
        "SELECT person_id FROM register_entry WHERE register_number = asked.number",
        "register",
    ),
}

# Found twice under one number, a person has the least and the greatest key. Who has rights of their
# own and through an insured person is told the open ones, their own first. All questions come in
# one JSON text, which is read faster, on both sides, than an array for each column.
_CHECK = """
SELECT asked.place, found.least, found.greatest,
       coalesce(nullif(p.full_name_latn, ''), p.full_name_ar),
       r.status, r.reason, r.since, r.until, r.through
FROM json_to_recordset(%(asked)s::json) AS asked (place int, number text, "on" date)
CROSS JOIN LATERAL (
  SELECT min(id) AS least, max(id) AS greatest FROM (
    {lookup}
    UNION ALL SELECT person_id FROM people_identifier WHERE value = asked.number AND kind = '{kind}'
  ) AS carrying (id)
) found
LEFT JOIN people_person p ON p.id = found.least AND found.least = found.greatest
LEFT JOIN LATERAL (
  SELECT status, reason, since, until, through FROM (
    (SELECT status, reason, since, until, false AS through FROM rights_rightsperiod
     WHERE person_id = p.id AND since <= asked."on" ORDER BY since DESC LIMIT 1)
    UNION ALL
    SELECT status, reason, since, until, true FROM rights_dependantperiod
    WHERE member_id = p.id AND since <= asked."on"
  ) held WHERE until IS NULL OR until > asked."on"
  ORDER BY status <> 'open', through, since DESC LIMIT 1
) r ON true
"""
_STATEMENTS = {
    id_type: _CHECK.format(lookup=lookup, kind=kind)
    for id_type, (lookup, kind) in _FOUND_BY.items()
}

NOTE = """
INSERT INTO care_coveragecheck
  (at, partner_id, person_id, id_type, "on", status, reason, dependants_told)
SELECT * FROM json_to_recordset(%(notes)s::json) AS noted
  (at timestamptz, partner_id bigint, person_id bigint, id_type text, "on" date, status text,
   reason text, dependants_told boolean)
"""
"""Adds the notes of any number of checks: `as_parameters` gives its parameters."""


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


Note = Callable[[Sequence[CheckNote]], None]
"""Commits notes of checks; raises when they cannot be kept, and then no answer is given."""

_as_json = json.JSONEncoder(default=str).encode


def as_parameters(notes: Sequence[CheckNote]) -> dict[str, str]:
    """The parameters of `NOTE`."""
    return {"notes": _as_json([note._asdict() for note in notes])}


@dataclass(frozen=True, slots=True)
class Coverage:
    """Status: open, waiting, suspended, closed, none (not enrolled) or unknown (no one person).

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


class Check(NamedTuple):
    """One question: `number` as `number_as_kept` gives it, the day of care, and who asks when."""

    id_type: str
    number: str
    on: dt.date
    partner_id: int
    with_dependants: bool
    at: dt.datetime


def check_coverages(ask: Ask, note: Note, checks: Sequence[Check]) -> list[Coverage]:
    """The cover of each person asked about, on the day asked about, in order; all noted."""
    found: dict[int, Coverage] = {}
    for id_type in {check.id_type for check in checks}:
        asked = [
            {"place": place, "number": check.number, "on": check.on}
            for place, check in enumerate(checks)
            if check.id_type == id_type
        ]
        for place, *row in ask(_STATEMENTS[id_type], {"asked": _as_json(asked)}):
            found[place] = _understood(*row)
    answers = [found[place] for place in range(len(checks))]
    note([_note_of(check, answer) for check, answer in zip(checks, answers, strict=True)])
    return answers


def _note_of(check: Check, answer: Coverage) -> CheckNote:
    return CheckNote(
        check.at, check.partner_id, answer.person_id, check.id_type, check.on, answer.status,
        answer.reason, check.with_dependants,
    )  # fmt: skip


def _understood(
    least: int | None,
    greatest: int | None,
    name: str | None,
    status: str | None,
    reason: str | None,
    since: dt.date | None,
    until: dt.date | None,
    through: bool | None,
) -> Coverage:
    if least is None:
        return Coverage(None, "", UNKNOWN, NO_SUCH_NUMBER, None, None)
    if least != greatest:
        return Coverage(None, "", UNKNOWN, SEVERAL_PEOPLE, None, None)
    if status is None or reason is None:
        return Coverage(least, name or "", "none", NOT_ENROLLED, None, None)
    return Coverage(least, name or "", status, reason, since, until, bool(through))
