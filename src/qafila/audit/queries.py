"""What the traces say: who saw or changed a person, what an agent did in a day, who signed in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.care.facts import COVERAGE_CHECKS
from qafila.foundation.actors import Role, Scope
from qafila.foundation.clock import MOROCCO
from qafila.foundation.errors import NotFoundInScope
from qafila.foundation.facts import ACTORS, JOURNAL, READS, SIGN_INS
from qafila.foundation.journal import sentence_for
from qafila.foundation.scope import known_by
from qafila.institutions.access import accounts_in
from qafila.institutions.facts import POSTS, STAFF
from qafila.people.access import PersonFile, checked_person
from qafila.people.facts import PERSONS

A_PAGE = 50
MOST_IN_A_FILE = 10_000
REFUSED = ("wrong_password", "wrong_code", "locked_out")


@dataclass(frozen=True)
class PostThen:
    """A post that was held on the day of a trace."""

    role: Role
    institution_ar: str
    institution_fr: str


@dataclass(frozen=True)
class Trace:
    """One look, change, check or sign-in: when, by whom, in which posts, of whom, where and why.

    `kind`: read, listed, changed, checked, or a kind of `SignInEntry`. `person_names`: in Arabic
    and in Latin letters. `people`: how many a list showed.
    """

    at: dt.datetime
    kind: str
    actor_kind: str
    account_id: int | None
    name: str
    name_latn: str
    posts: tuple[PostThen, ...]
    person_id: int | None
    person_names: tuple[str, str]
    people: int | None
    place: str
    asked: str
    reason: str
    sentence: str
    address: str


@dataclass(frozen=True)
class Agent:
    """A member of staff whose traces may be read."""

    account_id: int
    actor_id: int
    name: str
    name_latn: str
    email: str


@dataclass(frozen=True)
class DayInFigures:
    """What an agent read and changed in a day. `files`: different ones."""

    files: int
    lists: int
    people_listed: int
    exports: int
    changes: int
    first_at: dt.datetime | None
    last_at: dt.datetime | None


@dataclass(frozen=True)
class LookTold:
    """Looks of one day at one person by those of one institution and role, as the person reads it.

    `role` is empty for a part of the system; `kind` is checked when an institution asked whether
    the person is covered, by the name `institution_fr`.
    """

    day: dt.date
    kind: str
    role: str
    institution_ar: str
    institution_fr: str
    reason: str
    looks: int


_COLUMNS = "at, kind, actor_id, n, person_id, people, place, asked, reason, verb, data, address"
_A_READ = (
    "r.at, CASE WHEN r.person_id IS NULL THEN 'listed' ELSE 'read' END, r.reader_id, r.id,"
    " r.person_id, r.people_count, r.place, r.asked, r.reason, '', NULL::jsonb, ''"
)
_A_CHANGE = (
    "j.at, 'changed', j.actor_id, j.id, j.person_id, NULL::int, '', '', '', j.verb, j.data, ''"
)
_A_CHECK = (
    "c.at, 'checked', c.actor_id, c.id, c.person_id, NULL::int, '', '', '', '', NULL::jsonb, ''"
)
_A_SIGN_IN = (
    "i.at, i.kind, i.actor_id, i.id, NULL::bigint, NULL::int, '', '', '', '', NULL::jsonb,"
    " i.address"
)
# Each part gives as many as the page needs, by its own index; the page is cut out of them.
_NEWEST = "ORDER BY 1 DESC, 4 DESC LIMIT %(upto)s"
_OF_PERSON = f"""
  (SELECT {_A_READ} FROM {READS} r WHERE r.person_id = ANY(%(files)s) {_NEWEST})
  UNION ALL
  (SELECT {_A_CHANGE} FROM {JOURNAL} j WHERE j.person_id = ANY(%(files)s) {_NEWEST})
  UNION ALL
  (SELECT {_A_CHECK} FROM {COVERAGE_CHECKS} c WHERE c.person_id = ANY(%(files)s) {_NEWEST})
"""
_OF_AGENT = f"""
  (SELECT {_A_READ} FROM {READS} r
   WHERE r.reader_id = %(actor)s AND r.at >= %(begins)s AND r.at < %(ends)s {_NEWEST})
  UNION ALL
  (SELECT {_A_CHANGE} FROM {JOURNAL} j
   WHERE j.actor_id = %(actor)s AND j.at >= %(begins)s AND j.at < %(ends)s {_NEWEST})
  UNION ALL
  (SELECT {_A_SIGN_IN} FROM {SIGN_INS} i
   WHERE i.actor_id = %(actor)s AND i.at >= %(begins)s AND i.at < %(ends)s {_NEWEST})
"""
_OF_DOOR = f"""
  (SELECT {_A_SIGN_IN} FROM {SIGN_INS} i
   WHERE i.at >= %(begins)s AND i.at < %(ends)s AND (%(all)s OR i.kind = ANY(%(kinds)s))
     AND (%(national)s OR i.actor_id = ANY(%(actors)s)) {_NEWEST})
"""
_SHOWN = f"""
WITH found ({_COLUMNS}) AS ({{found}}), page AS (
  SELECT * FROM found ORDER BY at DESC, kind, n DESC LIMIT %(count)s OFFSET %(skipped)s
)
SELECT p.at, p.kind, coalesce(a.kind, ''), s.account_id, coalesce(s.name, a.name, ''),
  coalesce(s.name_latn, ''),
  (SELECT jsonb_agg(jsonb_build_array(h.role, h.institution_ar, h.institution_fr) ORDER BY h.role)
   FROM {POSTS} h
   WHERE h.actor_id = p.actor_id AND h.held_from <= day.held
     AND (h.held_until IS NULL OR h.held_until >= day.held)),
  p.person_id, coalesce(f.full_name_ar, ''), coalesce(f.full_name_latn, ''),
  p.people, p.place, p.asked, p.reason, p.verb, p.data, p.address
FROM page p
CROSS JOIN LATERAL (SELECT (p.at AT TIME ZONE 'Africa/Casablanca')::date AS held) day
LEFT JOIN {ACTORS} a ON a.id = p.actor_id
LEFT JOIN {STAFF} s ON s.actor_id = p.actor_id
LEFT JOIN {PERSONS} f ON f.id = p.person_id
ORDER BY p.at DESC, p.kind, p.n DESC
"""


def traces_of_person(
    person_id: int,
    *,
    scope: Scope,
    person: PersonFile | None = None,
    page: int = 1,
    count: int = A_PAGE,
) -> list[Trace]:
    """Who saw, changed or asked about a person, newest first, with files merged into theirs.

    One more than `count` when there are more. NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT p.id FROM {PERSONS} p WHERE p.id = %(id)s OR p.merged_into_id = %(id)s",
            {"id": person_id},
        )
        files = [pk for (pk,) in cursor.fetchall()]
    return _traces(_OF_PERSON, page, count, files=files)


def traces_of_agent(
    agent: Agent, day: dt.date, *, scope: Scope, page: int = 1, count: int = A_PAGE
) -> list[Trace]:
    """What an agent read, changed and exported on a day in Morocco, sign-ins too, newest first.

    `agent` comes from `get_agent` with the same `scope`. One more than `count` when there are more.
    """
    return _traces(_OF_AGENT, page, count, actor=agent.actor_id, **_day(day))


def sign_ins(
    day: dt.date, *, scope: Scope, refused_only: bool, page: int = 1, count: int = A_PAGE
) -> list[Trace]:
    """Sign-ins, sign-outs and failed tries of a day, newest first; one more when there are more.

    Tries with an address of mail that no account has are seen by who sees the whole country.
    """
    actors: list[int] = []
    if not scope.national:
        actors = list(accounts_in(scope).values_list("actor_id", flat=True))
    asked = {"all": not refused_only, "kinds": list(REFUSED)}
    seen = {"national": scope.national, "actors": actors}
    return _traces(_OF_DOOR, page, count, **asked, **seen, **_day(day))


_FIGURES = f"""
SELECT count(DISTINCT r.person_id), count(r.people_count), coalesce(sum(r.people_count), 0),
  count(*) FILTER (WHERE r.asked ~ '\\m(kind|as)=(csv|xlsx|print)' OR r.place LIKE '%%\\_file'),
  (SELECT count(*) FROM {JOURNAL} j
   WHERE j.actor_id = %(actor)s AND j.at >= %(begins)s AND j.at < %(ends)s),
  min(r.at), max(r.at)
FROM {READS} r WHERE r.reader_id = %(actor)s AND r.at >= %(begins)s AND r.at < %(ends)s
"""


def day_in_figures(agent: Agent, day: dt.date, *, scope: Scope) -> DayInFigures:
    """How much an agent read, exported and changed on a day; `agent` as in `traces_of_agent`."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"actor": agent.actor_id, **_day(day)})
        return DayInFigures(*cursor.fetchone())


def agents(*, scope: Scope) -> list[Agent]:
    """Whose traces may be read, closed accounts too, by name."""
    return [
        Agent(one.pk, one.actor_id, one.name, one.name_latn, one.email)
        for one in accounts_in(scope)
    ]


def get_agent(account_id: int, *, scope: Scope) -> Agent:
    """One of `agents`; NotFoundInScope for anybody else."""
    one = accounts_in(scope).filter(pk=account_id).first()
    if one is None:
        raise NotFoundInScope(account=account_id)
    return Agent(one.pk, one.actor_id, one.name, one.name_latn, one.email)


_TOLD = f"""
WITH found ({_COLUMNS}) AS ({_OF_PERSON})
SELECT day.held, f.kind, coalesce(h.role, ''), coalesce(h.institution_ar, ''),
  coalesce(h.institution_fr, CASE WHEN f.kind = 'checked' THEN a.name END, ''), f.reason,
  count(DISTINCT (f.actor_id, f.at))
FROM found f JOIN {ACTORS} a ON a.id = f.actor_id
CROSS JOIN LATERAL (SELECT (f.at AT TIME ZONE 'Africa/Casablanca')::date AS held) day
LEFT JOIN LATERAL (
  SELECT p.role, p.institution_ar, p.institution_fr FROM {POSTS} p
  WHERE p.actor_id = f.actor_id AND p.held_from <= day.held
    AND (p.held_until IS NULL OR p.held_until >= day.held)
  ORDER BY p.national, p.province_id IS NULL, p.role LIMIT 1
) h ON true
WHERE f.kind <> 'changed' AND (a.kind <> 'system' OR f.kind = 'checked')
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1 DESC, 3, 5 LIMIT %(count)s
"""


@known_by("the personal link")
def looks_told_to(person_id: int, *, count: int = 20) -> list[LookTold]:
    """Who looked at the person's file, for the person: by institution and role, no names.

    Newest first, of the last thousand looks; the person's own are not among them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"files": [person_id], "upto": 1_000, "count": count})
        return [LookTold(*row) for row in cursor.fetchall()]


def _day(day: dt.date) -> dict[str, dt.datetime]:
    begins = dt.datetime.combine(day, dt.time(), MOROCCO)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), MOROCCO)
    return {"begins": begins, "ends": ends}


def _traces(found: str, page: int, count: int, **params: Any) -> list[Trace]:
    skipped = (page - 1) * count
    params |= {"count": count + 1, "skipped": skipped, "upto": skipped + count + 1}
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN.format(found=found), params)
        return list(map(_trace, cursor.fetchall()))


def _trace(row: tuple[Any, ...]) -> Trace:
    at, kind, actor_kind, account, name, latn, posts, person, name_ar, name_latn, *rest = row
    people, place, asked, reason, verb, data, address = rest
    return Trace(
        at=at,
        kind=kind,
        actor_kind=actor_kind,
        account_id=account,
        name=name,
        name_latn=latn,
        posts=tuple(_posts(posts)),
        person_id=person,
        person_names=(name_ar, name_latn),
        people=people,
        place=place,
        asked=asked,
        reason=reason,
        sentence=sentence_for(verb, _loaded(data)) if verb else "",
        address=address,
    )


def _posts(posts: Any) -> Iterator[PostThen]:
    for role, institution_ar, institution_fr in _loaded(posts) or ():
        yield PostThen(Role(role), institution_ar, institution_fr)


def _loaded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
