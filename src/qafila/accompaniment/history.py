"""What was done about one person, by people and by machines, joined from every room's traces.

The journal says what was done in the person's own name. What was done to many at once is found by
what it left: rows of lists, decisions about pairs that name the other side, merges seen from the
file that was absorbed, payments that came in files, rights as they were derived.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qafila.contributions.ledger import facts as ledger
from qafila.foundation import facts as foundation
from qafila.foundation.actors import Scope
from qafila.foundation.clock import moment_read
from qafila.foundation.journal import sentence_for
from qafila.foundation.wording.told import told
from qafila.institutions.facts import POSTS, STAFF
from qafila.lists import facts as lists
from qafila.people import facts as people
from qafila.people.access import PersonFile, checked_person
from qafila.people.queries import files_merged_into
from qafila.rights import facts as rights

A_PAGE = 40
KINDS: Mapping[str, tuple[Promise, tuple[str, ...]]] = {
    "contacts": (pgettext_lazy("history", "Contacts"), ("accompaniment.%",)),
    "identity": (pgettext_lazy("history", "Identity and lists"), ("people.%", "lists.%")),
    "register": (pgettext_lazy("history", "Register"), ("register.%",)),
    "fund": (pgettext_lazy("history", "Fund and family"), ("enrolment.%",)),
    "money": (pgettext_lazy("history", "Contributions"), ("contributions.%",)),
    "rights": (pgettext_lazy("history", "Rights and documents"), ("rights.%", "documents.%")),
    "care": (pgettext_lazy("history", "Care"), ("care.%",)),
}
"""Kinds of things done, with the beginnings of their verbs."""

# What no journal line says of this person; the sentences are told as the journal's are.
_SENTENCES: Mapping[str, Promise] = {
    "lists.row": _("A row of the list “%(file)s” is about the person."),
    "people.absorbed": _("This file was merged into file %(kept)s."),
    "people.absorbed_undone": _("The merge of this file into file %(kept)s was undone."),
    "contributions.payment_in_file": _("A payment of %(amount_dh)s DH came in a payment file."),
    "rights.open": _("The rights are open from this day on."),
    "rights.waiting": _("The waiting period runs from this day on."),
    "rights.suspended": _("The rights are suspended from this day on."),
    "rights.closed": _("The rights are closed from this day on."),
}
# A person acts through these, although no account stands behind them.
_OF_PEOPLE = ("personal link", "command line", "sign-in")


@dataclass(frozen=True)
class Happened:
    """One thing done: when, what it says, who did it and in which post; `key` orders equals.

    `whole_day`: only the day is known. `machine`: no person acted.
    """

    at: dt.datetime
    key: str
    verb: str
    sentence: str
    names: tuple[str, str]
    role: str
    institution: tuple[str, str]
    machine: bool
    whole_day: bool


@dataclass(frozen=True)
class History:
    """A page of it, newest first; `before` is the place where the next page begins, or nothing."""

    happened: tuple[Happened, ...]
    before: str


_NEWEST = "AND ({at}, {key}) < (%(at)s::timestamptz, %(key)s) ORDER BY 1 DESC, 2 DESC LIMIT %(n)s"


def _part(at: str, key: str, verb: str, actor: str, data: str, whole_day: str, rest: str) -> str:
    """The newest of one kind of trace before the place asked for, by its own index."""
    order = _NEWEST.format(at=at, key=key)
    return f"""(
  SELECT {at}, {key}, {verb}, {actor}, {data}, {whole_day}
  FROM {rest} AND {verb} LIKE ANY(%(verbs)s) AND {verb} NOT LIKE ALL(%(hidden)s::text[]) {order})"""


_MORNING = "(r.since::timestamp AT TIME ZONE 'Africa/Casablanca')"
_NO_DATA = "'{}'::jsonb"
_FOUND = " UNION ALL ".join(
    (
        _part("j.at", "'j' || lpad(j.id::text, 18, '0')", "j.verb", "j.actor_id", "j.data", "false",
              f"{foundation.JOURNAL} j WHERE j.person_id = ANY(%(files)s)"),
        _part("l.imported_at", "'l' || lpad(l.id::text, 18, '0')", "'lists.row'::text",
              "NULL::bigint", "jsonb_build_object('file', l.file_name)", "false",
              f"{lists.ROWS} l WHERE l.person_id = ANY(%(files)s) AND l.outcome <> 'rejected'"),
        _part("d.decided_at", "'d' || lpad(d.id::text, 18, '0')", "'lists.pair_' || d.state",
              "d.decided_by_id", _NO_DATA, "false",
              f"{lists.DECISIONS} d WHERE d.right_person_id = ANY(%(files)s)"
              " AND d.left_person_id <> ALL(%(files)s)"),
        _part("m.at", "'m' || lpad(m.id::text, 18, '0')", "'people.absorbed'::text", "m.by_id",
              "jsonb_build_object('kept', m.kept_id)", "false",
              f"{people.MERGES} m WHERE m.absorbed_id = %(person)s"),
        _part("u.undone_at", "'u' || lpad(u.id::text, 18, '0')", "'people.absorbed_undone'::text",
              "u.undone_by_id", "jsonb_build_object('kept', u.kept_id)", "false",
              f"{people.MERGES} u WHERE u.absorbed_id = %(person)s AND u.undone_at IS NOT NULL"),
        _part("p.recorded_at", "'p' || lpad(p.id::text, 18, '0')",
              "'contributions.payment_in_file'::text", "NULL::bigint",
              "jsonb_build_object('amount_dh', to_char(p.amount_centimes / 100.0, 'FM9999990.00'))",
              "false", f"{ledger.PAYMENTS} p WHERE p.person_id = ANY(%(files)s) AND p.from_file"),
        _part(_MORNING, "'r' || r.status", "'rights.' || r.status", "NULL::bigint", _NO_DATA,
              "true",
              f"{rights.PERIODS} r WHERE r.person_id = %(person)s AND r.since <= %(today)s"),
    )
)  # fmt: skip
_SHOWN = f"""
WITH found (at, key, verb, actor_id, data, whole_day) AS ({_FOUND}), page AS (
  SELECT * FROM found ORDER BY at DESC, key DESC LIMIT %(n)s
)
SELECT p.at, p.key, p.verb, p.data, p.whole_day, coalesce(a.kind, ''),
  coalesce(s.name, a.name, ''), coalesce(s.name_latn, ''), post.role, post.institution_ar,
  post.institution_fr
FROM page p
LEFT JOIN {foundation.ACTORS} a ON a.id = p.actor_id
LEFT JOIN {STAFF} s ON s.actor_id = p.actor_id
LEFT JOIN LATERAL (
  SELECT h.role, h.institution_ar, h.institution_fr FROM {POSTS} h
  WHERE h.actor_id = p.actor_id
    AND h.held_from <= (p.at AT TIME ZONE 'Africa/Casablanca')::date
    AND (h.held_until IS NULL
      OR h.held_until >= (p.at AT TIME ZONE 'Africa/Casablanca')::date)
  ORDER BY h.held_from DESC, h.role LIMIT 1
) post ON true
ORDER BY p.at DESC, p.key DESC
"""
_KEY = re.compile(r"\w{1,40}", re.ASCII)
_LAST = ("9999-12-31T00:00:00+00:00", "~")


def history_of(
    person_id: int,
    *,
    today: dt.date,
    scope: Scope,
    person: PersonFile | None = None,
    kind: str = "",
    without: Collection[str] = (),
    before: str = "",
) -> History:
    """What was done about the person and the files merged into theirs, newest first.

    `kind` one of `KINDS`, or everything; `without`: kinds that the reader may not see; `before` as
    a page before it gave it. Three statements, two with the person loaded. NotFoundInScope outside
    the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    at, key = place_of(before)
    asked: dict[str, Any] = {
        "person": person_id,
        "files": list(files_merged_into(person_id, scope=scope)),
        "verbs": list(KINDS[kind][1]) if kind in KINDS else ["%"],
        "hidden": [verb for hidden in without for verb in KINDS[hidden][1]],
        "today": today,
        "at": at,
        "key": key,
        "n": A_PAGE + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, asked)
        rows = cursor.fetchall()
    shown = tuple(_happened(row) for row in rows[:A_PAGE])
    more = len(rows) > A_PAGE
    return History(shown, f"{shown[-1].at.isoformat()}_{shown[-1].key}" if more else "")


def place_of(before: str) -> tuple[str, str]:
    """The moment and key after which a page begins; from the newest on when it cannot be read."""
    moment, _bar, key = before.partition("_")
    at = moment_read(moment)
    return (at.isoformat(), key) if at and _KEY.fullmatch(key) else _LAST


def _happened(row: tuple[Any, ...]) -> Happened:
    at, key, verb, data, whole_day, actor_kind, name, name_latn, role, *institution = row
    data = json.loads(data) if isinstance(data, str) else data
    sentence = _SENTENCES.get(verb) if not key.startswith("j") else None
    return Happened(
        at,
        key,
        verb,
        str(sentence) % told(data) if sentence else sentence_for(verb, data),
        (name, name_latn),
        role or "",
        (institution[0] or "", institution[1] or ""),
        actor_kind in ("", "system") and name not in _OF_PEOPLE,
        whole_day,
    )
