"""What a heading means: a word of a synonyms file, an abbreviation of one, or nothing.

A synonyms file is YAML that gives each field the headings it goes by::

    fields:
      reference: [référence, n° de reçu, رقم الوصل]
      amount_dh: [montant, المبلغ]

Accents, case, spaces, hyphens, the Arabic article and small words (de, n°, رقم) do not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import yaml

from qafila.tables.folding import heading_words

EXACT, ABBREVIATED, CONTAINED = 3.0, 2.0, 1.0
IGNORED = "ignored"
_LATIN = re.compile(r"[A-Za-zÀ-ɏ0-9°'’.&]+")
_ARABIC = re.compile(r"[\u0600-\u06ff.]+")
_LONGEST = 80

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeadingMatch:
    """The field a heading names, and how surely (:data:`EXACT` … :data:`CONTAINED`)."""

    field: str
    strength: float


class SynonymsRefused(ValueError):
    """A synonyms file cannot be used; ``code`` and ``params`` say why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class Synonyms:
    """The headings that fields go by. Where two fields claim a heading the first keeps it."""

    meaning_of: Callable[[str], HeadingMatch | None]
    """The field a heading names, or None."""

    def __init__(self, fields: Mapping[str, Iterable[str]]) -> None:
        self.fields = {name: tuple(map(str, lines)) for name, lines in fields.items()}
        self._exact = _exact(self.fields)
        self._joined = {"".join(words): name for words, name in self._exact.items()}
        self._unordered = {
            frozenset(words): name for words, name in self._exact.items() if len(words) > 1
        }
        self._by_letters: dict[str, list[tuple[Words, str]]] = defaultdict(list)
        self._by_word: dict[str, list[tuple[Words, str]]] = defaultdict(list)
        for words, name in self._exact.items():
            self._by_letters[words[0][:2]].append((words, name))
            self._by_word[words[0]].append((words, name))
        self.meaning_of = lru_cache(maxsize=50_000)(self._meaning_of)

    def surely(self, heading: str) -> str | None:
        """The field of a heading that is one of its synonyms or an abbreviation of one."""
        found = self.meaning_of(heading)
        return found.field if found and found.strength >= ABBREVIATED else None

    def fields_named(self, cells: Iterable[str | None]) -> int:
        """How many different fields these headings surely name."""
        return len({name for cell in cells if cell and (name := self.surely(cell))})

    def with_more(self, more: Synonyms) -> Synonyms:
        """Both; a heading that both claim means what ``more`` says."""
        names = dict.fromkeys((*more.fields, *self.fields))
        joined = Synonyms(
            {name: (*more.fields.get(name, ()), *self.fields.get(name, ())) for name in names}
        )
        for words, name in more._exact.items():
            joined._exact[words] = joined._joined["".join(words)] = name
        return joined

    def _meaning_of(self, heading: str) -> HeadingMatch | None:
        words = heading_words(heading) if len(heading) <= _LONGEST else ()
        if not words:
            return None
        name = self._exact.get(words) or self._joined.get("".join(words))
        if name:
            return HeadingMatch(name, EXACT)
        if len(words) > 1 and (name := self._unordered.get(frozenset(words))):
            return HeadingMatch(name, ABBREVIATED)
        return (
            self._abbreviation(words)
            or self._numbered(words)
            or self._in_two_languages(heading)
            or self._contained(words)
        )

    def _numbered(self, words: Words) -> HeadingMatch | None:
        """``Tél 2``: one more column of what ``Tél`` names."""
        if len(words) < 2 or not (words[-1].isdigit() and len(words[-1]) == 1):
            return None
        name = self._exact.get(words[:-1]) or self._joined.get("".join(words[:-1]))
        return HeadingMatch(name, EXACT) if name else self._abbreviation(words[:-1])

    def _in_two_languages(self, heading: str) -> HeadingMatch | None:
        """``Prénom / الاسم الشخصي``: what the half in Latin letters names, else the other half."""
        latin = " ".join(_LATIN.findall(heading))
        arabic = " ".join(_ARABIC.findall(heading))
        if not latin or not arabic:
            return None
        halves = [self._surest(half) for half in (latin, arabic)]
        if halves[0] and halves[0] == halves[1]:
            return HeadingMatch(halves[0].field, EXACT)
        named = [match for match in halves if match and match.field != IGNORED]
        return next(iter(named), None) or next(iter(filter(None, halves)), None)

    def _surest(self, half: str) -> HeadingMatch | None:
        words = heading_words(half)
        if not words:
            return None
        name = self._exact.get(words) or self._joined.get("".join(words))
        return HeadingMatch(name, ABBREVIATED) if name else self._abbreviation(words)

    def _abbreviation(self, words: Words) -> HeadingMatch | None:
        for synonym, name in self._by_letters.get(words[0][:2], ()):
            if len(synonym) == len(words) and all(map(_abbreviates, words, synonym)):
                return HeadingMatch(name, ABBREVIATED)
        return None

    def _contained(self, words: Words) -> HeadingMatch | None:
        best: tuple[int, bool, str] | None = None
        for word in words:
            for synonym, name in self._by_word.get(word, ()):
                if len(words) - len(synonym) > 2 or not set(synonym) <= set(words):
                    continue
                if len(synonym) == 1 and len(synonym[0]) < 3:
                    continue
                found = (len(synonym), name == IGNORED, name)
                best = max(best, found) if best else found
        return HeadingMatch(best[2], CONTAINED + 0.1 * best[0]) if best else None


def _exact(fields: Mapping[str, Sequence[str]]) -> dict[Words, str]:
    exact: dict[Words, str] = {}
    for name, lines in fields.items():
        for line in lines:
            if words := heading_words(line):
                exact.setdefault(words, name)
    return exact


def _abbreviates(short: str, long: str) -> bool:
    return short == long or (len(short) >= 3 and len(short) < len(long) and long.startswith(short))


def parse_synonyms(text: str, *, fields: Collection[str]) -> Synonyms:
    """The synonyms in a YAML text; raises :class:`SynonymsRefused` when it is no such file.

    ``fields`` are the names that may be given headings.
    """
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0)
        raise SynonymsRefused("synonyms_not_yaml", line=int(line) + 1) from error
    given = data.get("fields") if isinstance(data, dict) else None
    if not isinstance(given, dict) or not given:
        raise SynonymsRefused("synonyms_not_a_table")
    for name, lines in given.items():
        if name not in fields:
            listed = ", ".join(sorted(fields))
            raise SynonymsRefused("synonyms_unknown_field", field=str(name)[:60], fields=listed)
        if not isinstance(lines, list):
            raise SynonymsRefused("synonyms_not_a_table")
    return Synonyms(given)


NO_SYNONYMS = Synonyms({})
