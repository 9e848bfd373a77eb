"""What a heading means: a word of :file:`headings.yaml`, an abbreviation of one, or nothing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import yaml

from qafila.lists.reading.folding import heading_words

EXACT, ABBREVIATED, CONTAINED = 3.0, 2.0, 1.0
IGNORED = "ignored"

FIELDS = (
    "serial", "family_name", "given_name", "name", "full_name", "sex", "birth_date", "birth_year",
    "age", "card_number", "phone", "fund_number", "register_number", "tax_number", "ae_number",
    "place_text", "province_text", "region_text", "trade_text", "category", "annual_tax",
    "effect_date", "months_unpaid", "struck_off", "notes",
)  # fmt: skip
"""What a column can be mapped to; ``ignored`` is allowed as well."""

NAME_FIELDS = frozenset(("family_name", "given_name", "name", "full_name"))

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """The field a heading names, and how surely (:data:`EXACT` … :data:`CONTAINED`)."""

    field: str
    strength: float


@dataclass(frozen=True)
class _Synonyms:
    exact: dict[Words, str]
    joined: dict[str, str]
    by_first_letters: dict[str, list[tuple[Words, str]]]
    by_first_word: dict[str, list[tuple[Words, str]]]


@cache
def _synonyms() -> _Synonyms:
    text = resources.files(__package__).joinpath("headings.yaml").read_text(encoding="utf-8")
    exact: dict[Words, str] = {}
    for field, lines in yaml.safe_load(text)["fields"].items():
        for line in lines:
            if words := heading_words(str(line)):
                exact.setdefault(words, field)
    letters: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    first: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    for words, field in exact.items():
        letters[words[0][:2]].append((words, field))
        first[words[0]].append((words, field))
    joined = {"".join(words): field for words, field in exact.items()}
    return _Synonyms(exact, joined, dict(letters), dict(first))


@lru_cache(maxsize=50_000)
def meaning_of(heading: str) -> HeadingMatch | None:
    """The field ``heading`` names, or None. Arabic, French and English, any spelling."""
    if len(heading) > 80:
        return None
    words = heading_words(heading)
    if not words:
        return None
    known = _synonyms()
    field = known.exact.get(words) or known.joined.get("".join(words))
    if field:
        return HeadingMatch(field, EXACT)
    return _abbreviation(words, known) or _contained(words, known)


def _abbreviation(words: Words, known: _Synonyms) -> HeadingMatch | None:
    for synonym, field in known.by_first_letters.get(words[0][:2], ()):
        if len(synonym) == len(words) and all(map(_abbreviates, words, synonym)):
            return HeadingMatch(field, ABBREVIATED)
    return None


def _abbreviates(short: str, long: str) -> bool:
    return short == long or (len(short) >= 3 and len(short) < len(long) and long.startswith(short))


def _contained(words: Words, known: _Synonyms) -> HeadingMatch | None:
    best: tuple[int, bool, str] | None = None
    for word in words:
        for synonym, field in known.by_first_word.get(word, ()):
            if len(words) - len(synonym) > 2 or not set(synonym) <= set(words):
                continue
            if len(synonym) == 1 and len(synonym[0]) < 3:
                continue
            found = (len(synonym), field == IGNORED, field)
            best = max(best, found) if best else found
    if best is None:
        return None
    return HeadingMatch(best[2], CONTAINED + 0.1 * best[0])
