"""Reading persons: the search box and the file's head. Merged files stand under the kept one."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.foundation.actors import Scope
from qafila.linkage.names.transliteration import fold_text
from qafila.people.access import PersonFile, checked_person, person_in_scope, persons_visible
from qafila.people.models import Merge, Person
from qafila.people.search import CARD_ENDS, Asked, understood

MOST_LOOKED_AT = 300
_RARE_SHARE = 0.002
_MOST_BEARERS = 5_000
_VERY_MANY = 20_000
_MARGIN = 1.5  # pages hold more and fewer bearers
_BEST_COMPARED = 60  # by their letters, after all were compared by their keys
_TOO_SHORT = _("Type at least two letters of a name, or three digits of a number.")
_NOTHING_FOUND = _(
    "Nobody was found. Check the spelling, try another part of the name, or a card, phone, "
    "register or fund number."
)
_MANY_FOUND = _("Many people match; the closest are shown. Add a word of the name or a number.")


@dataclass(frozen=True)
class PersonHit:
    """One person found. `matched`: card, phone, fund, register, tax, auto_entrepreneur or name.

    `close`: the name only sounds like what was typed, in a script it is known in.
    """

    id: int
    full_name_ar: str
    full_name_latn: str
    sex: str
    birth_date: dt.date | None
    birth_precision: str
    card_number: str
    commune_code: str | None
    province_code: str | None
    matched: str
    matched_value: str
    close: bool = False


@dataclass(frozen=True)
class SearchResult:
    """Hits, best first, and a sentence where there is something to say."""

    hits: tuple[PersonHit, ...]
    sentence: str | Promise = ""
    too_short: bool = False
    more: bool = False


_COLUMNS = (
    "p.id, p.full_name_ar, p.full_name_latn, p.sex, p.birth_date, p.birth_precision, "
    "p.card_number, p.commune_id, p.province_id"
)
_BY_NUMBER = f"""
SELECT {_COLUMNS}, f.matched, f.value FROM (
  SELECT id AS person_id, 'card' AS matched, card_number AS value, 0 AS rank FROM people_person
    WHERE card_number = ANY(%(cards)s) AND card_number <> ''
  UNION ALL SELECT person_id, kind, value, 0 FROM people_identifier
    WHERE value = ANY(%(values)s)
  UNION ALL SELECT person_id, 'phone', number, 1 FROM people_phone WHERE number = ANY(%(phones)s)
) f JOIN people_person p ON p.id = f.person_id
WHERE p.state = 'active' AND (%(national)s OR p.province_id = ANY(%(provinces)s))
ORDER BY f.rank, p.id LIMIT %(limit)s
"""
_BY_PART_OF_CARD = f"""
SELECT {_COLUMNS}, 'card', p.card_number FROM (
  SELECT * FROM people_person WHERE card_number <> '' AND {CARD_ENDS} @@ %(parts)s::tsquery
    AND (%(names)s = '' OR name_search @@ %(names)s::tsquery) AND state = 'active'
    AND (%(national)s OR province_id = ANY(%(provinces)s)) LIMIT %(most)s
) p ORDER BY p.card_number, p.id LIMIT %(limit)s
"""
_BY_NAME = f"""
SELECT {_COLUMNS}, p.name_keys FROM people_person p
WHERE p.name_search @@ %(query)s::tsquery AND p.state = 'active'
  AND (%(national)s OR p.province_id = ANY(%(provinces)s))
LIMIT %(limit)s
"""
# The index gives those whose word begins as the rare one; the other beginnings are looked for among
# these. Those that half the country bears would otherwise be gathered whole before one is found.
_BY_RARE_WORD = f"""
WITH p AS MATERIALIZED (
  SELECT * FROM people_person WHERE name_search @@ %(rare)s::tsquery AND state = 'active'
    AND (%(national)s OR province_id = ANY(%(provinces)s)) LIMIT %(bearers)s
)
SELECT {_COLUMNS}, p.name_keys FROM p
WHERE p.name_search @@ %(query)s::tsquery LIMIT %(limit)s
"""
# The index would gather every bearer of words that many bear together; a share of the table's pages
# holds as many of them as anybody reads.
_BY_FREQUENT_WORDS = f"""
SELECT {_COLUMNS}, p.name_keys FROM people_person p
  TABLESAMPLE SYSTEM (%(percent)s) REPEATABLE (1)
WHERE p.name_search @@ %(query)s::tsquery AND p.state = 'active'
  AND (%(national)s OR p.province_id = ANY(%(provinces)s))
LIMIT %(limit)s
"""
# What the statistics of the table say of each beginning; keys too rare to be in them come first.
_RAREST_FIRST = """
SELECT k, coalesce(frequent.share, 0),
  (SELECT reltuples FROM pg_class WHERE oid = 'people_person'::regclass)
FROM unnest(%(keys)s::text[]) WITH ORDINALITY AS asked(k, place) LEFT JOIN LATERAL (
  SELECT sum(share) AS share FROM pg_stats s, unnest(s.most_common_elems::text::text[],
    s.most_common_elem_freqs) AS known(word, share)
  WHERE s.schemaname = current_schema() AND s.tablename = 'people_person'
    AND s.attname = 'name_search' AND starts_with(word, k)
) frequent ON true ORDER BY coalesce(frequent.share, 0), length(k) DESC, place
"""


def search_people(text: str, *, scope: Scope, limit: int = 30) -> SearchResult:
    """People of the territory by name in any script, card, phone, register, fund or other number.

    Every word of a name must begin a word of the person's name (spelling aside); when nobody has
    all of three or more words, one may fail. Numbers may hold spaces, dashes and Arabic-Indic
    digits. Four characters or more of a card number find it when no number is equal to them; with
    a name, only among its bearers. Exact numbers come first, then the closest names. At most six
    statements.
    """
    asked = understood(text)
    if asked.nothing:
        return SearchResult((), _TOO_SHORT, too_short=True)
    by_number = _found_by_number(asked, scope, limit)
    by_number = by_number or _found_by_part_of_card(asked, scope, limit)
    by_name, more = ([], False) if len(by_number) >= limit else _found_by_name(asked, scope, limit)
    hits = list({hit.id: hit for hit in [*by_name[::-1], *by_number[::-1]]}.values())[::-1]
    sentence = _NOTHING_FOUND if not hits else _MANY_FOUND if more or len(hits) > limit else ""
    return SearchResult(tuple(hits[:limit]), sentence, more=more or len(hits) > limit)


def _found_by_number(asked: Asked, scope: Scope, limit: int) -> list[PersonHit]:
    if not asked.has_numbers:
        return []
    rows = _rows(
        _BY_NUMBER,
        scope,
        cards=list(asked.cards),
        values=list({*asked.cards, *asked.numbers}),
        phones=list(asked.phones),
        limit=limit * 3,
    )
    found: dict[int, PersonHit] = {}
    for row in rows:
        found.setdefault(row[0], PersonHit(*row))
    return list(found.values())


def _found_by_part_of_card(asked: Asked, scope: Scope, limit: int) -> list[PersonHit]:
    """Cards that hold what was typed anywhere; of people with the name, if one was typed."""
    if not asked.parts:
        return []
    rows = _rows(
        _BY_PART_OF_CARD,
        scope,
        parts=" | ".join(f"{part}:*" for part in asked.parts),
        names=" & ".join(f"{key}:*" for key in asked.keys),
        most=MOST_LOOKED_AT,
        limit=limit + 1,
    )
    return [PersonHit(*row) for row in rows]


def _found_by_name(asked: Asked, scope: Scope, limit: int) -> tuple[list[PersonHit], bool]:
    """Hits by closeness, and whether there may be more.

    Whole words first: they rank above beginnings and are found faster, so that beginnings are only
    looked for when whole words do not fill the page.
    """
    if not asked.keys:
        return [], False
    keys, rare, bearers = _rarest_first(asked.keys)
    rows = _of_frequent(keys, bearers, scope) or _whole(keys, scope)
    if len(rows) < limit:
        begun = _begun(keys, rare, scope)
        rows = list({row[0]: row for row in [*rows, *begun]}.values())
    if not rows and len(asked.keys) >= 3 and not asked.has_numbers:
        rows = _rows(_BY_NAME, scope, query=_all_but_one(asked.keys), limit=MOST_LOOKED_AT)
    ranked = sorted(rows, key=lambda row: (-_key_closeness(asked, row[9]), len(row[9]), row[0]))
    words = set(fold_text(asked.words).split())
    best = sorted(ranked[:_BEST_COMPARED], key=lambda row: -_closeness(asked, words, row))
    shown = [*best, *ranked[_BEST_COMPARED:]][: limit + 1]
    hits = [PersonHit(*(*row[:9], "name", "", _only_close(words, row[1:3]))) for row in shown]
    return sorted(hits, key=lambda hit: hit.close), len(rows) >= MOST_LOOKED_AT


def _only_close(words: set[str], names: tuple[str, ...]) -> bool:
    """Whether some word typed begins no word of a name that is known in the same script."""
    known = [fold_text(name).split() for name in names if name]
    for word in words:
        same = [name for name in known if name and name[0].isascii() == word.isascii()]
        if same and not any(part.startswith(word) for name in same for part in name):
            return True
    return False


def _all_but_one(keys: tuple[str, ...]) -> str:
    parts = [
        " & ".join(f"{key}:*" for other, key in enumerate(keys) if other != left_out)
        for left_out in range(len(keys))
    ]
    return " | ".join(f"({part})" for part in parts)


def _key_closeness(asked: Asked, keys: list[str]) -> int:
    """Whole words count twice the beginnings of words, whatever the script."""
    whole = sum(key in keys for key in asked.keys)
    begun = sum(any(key.startswith(begin) for key in keys) for begin in asked.keys)
    return whole + begun


def _closeness(asked: Asked, words: set[str], row: tuple[Any, ...]) -> float:
    """As `_key_closeness`, then words as they were typed, then names without many others."""
    names = [set(fold_text(name).split()) for name in row[1:3] if name]
    typed = max((len(words & name) - 0.1 * len(name - words) for name in names), default=0.0)
    return 4 * _key_closeness(asked, row[9]) + typed


def _rarest_first(keys: tuple[str, ...]) -> tuple[list[str], bool, float]:
    """The keys by how many people they begin a name of; whether the first is rare; all's bearers.

    As the table's statistics have it; how many bear all of them supposes chance.
    """
    if len(keys) < 2:
        return list(keys), False, 0.0
    with connection.cursor() as cursor:
        cursor.execute(_RAREST_FIRST, {"keys": list(keys)})
        found = cursor.fetchall()
    bearers = math.prod(share for _key, share, _people in found) * found[0][2]
    return [key for key, *_ in found], found[0][1] < _RARE_SHARE, bearers


def _of_frequent(keys: list[str], bearers: float, scope: Scope) -> list[tuple[Any, ...]]:
    """`MOST_LOOKED_AT` of very many bearers of all words in the country, or nobody.

    Nobody where there are fewer than the statistics made believe: then the index tells.
    """
    if bearers < _VERY_MANY or not scope.national:
        return []
    percent = min(100.0, 100 * _MARGIN * MOST_LOOKED_AT / bearers)
    asked = {"query": " & ".join(keys), "percent": percent}
    rows = _rows(_BY_FREQUENT_WORDS, scope, limit=MOST_LOOKED_AT, **asked)
    return rows if len(rows) >= MOST_LOOKED_AT else []


def _whole(keys: list[str], scope: Scope) -> list[tuple[Any, ...]]:
    """People with all of these words; the index skips along the rarest by itself."""
    return _rows(_BY_NAME, scope, query=" & ".join(keys), limit=MOST_LOOKED_AT)


def _begun(keys: list[str], rare: bool, scope: Scope) -> list[tuple[Any, ...]]:
    """People with words that begin so, the rarest beginning first; at most `MOST_LOOKED_AT`."""
    words = [f"{key}:*" for key in keys]
    if not rare:
        return _rows(_BY_NAME, scope, query=" & ".join(words), limit=MOST_LOOKED_AT)
    asked = {"rare": words[0], "query": " & ".join(words[1:]), "bearers": _MOST_BEARERS}
    return _rows(_BY_RARE_WORD, scope, limit=MOST_LOOKED_AT, **asked)


def _rows(statement: str, scope: Scope, **params: Any) -> list[tuple[Any, ...]]:
    territory = {"national": scope.national, "provinces": sorted(scope.province_codes)}
    with connection.cursor() as cursor:
        cursor.execute(statement, params | territory)
        return list(cursor.fetchall())


def merges_to_undo(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> tuple[Merge, ...]:
    """The merges into the person that were not undone, latest first, with who made them."""
    kept = checked_person(person_id, scope=scope, person=person)
    merges = kept.merges.filter(undone_at=None).select_related("by")
    return tuple(merges.order_by("-at", "-pk"))


def files_merged_into(person_id: int, *, scope: Scope) -> tuple[int, ...]:
    """The person's number and those of all files merged into it, at any depth, ascending.

    What names a person by number only (journal, access log) has to be asked for all of them.
    """
    person_in_scope(person_id, scope)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE files AS (SELECT %s::bigint AS id UNION SELECT p.id FROM people_person "
            "p JOIN files f ON p.merged_into_id = f.id) SELECT id FROM files ORDER BY id",
            [person_id],
        )
        return tuple(int(row[0]) for row in cursor.fetchall())


def standing_merges(
    person_id: int, *, table: str, scope: Scope
) -> list[tuple[int, frozenset[int]]]:
    """The merges into the person that stand, latest first, with the rows of `table` each moved."""
    person_in_scope(person_id, scope)
    merges = Merge.objects.filter(kept_id=person_id, undone_at=None).order_by("-pk")
    return [
        (merge.pk, frozenset(key for m in merge.moves if m["table"] == table for key in m["moved"]))
        for merge in merges
    ]


def active_persons_number(*, scope: Scope) -> int:
    """How many persons of the territory have a file of their own."""
    return persons_visible(scope).filter(state=Person.State.ACTIVE).count()
