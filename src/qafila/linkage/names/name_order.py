"""Which words of a full name are the family name, learned from the lists that say so."""

from collections import Counter
from collections.abc import Iterable

from qafila.linkage.names.name_words import NameWord

_FAMILY_BEGINNINGS = ("ait", "ben", "bni", "bou", "weld", "awlad", "ou", "ايت", "بن", "بو", "ولد")
_PRIOR = 0.5


class NameRoles:
    """How often each name word stands as family name and as given name in the split columns."""

    def __init__(self) -> None:
        self._family: Counter[str] = Counter()
        self._given: Counter[str] = Counter()

    def learn(self, family: Iterable[NameWord], given: Iterable[NameWord], times: int) -> None:
        """Count the words of one split name seen `times` times, as written and by key."""
        for word in family:
            self._family.update({word.text: times, word.key: times})
        for word in given:
            self._given.update({word.text: times, word.key: times})

    def family_weight(self, word: NameWord) -> float:
        """Above 0 for a family name, below 0 for a given name, 0 when nothing is known."""
        known = word.text if self._family[word.text] + self._given[word.text] else word.key
        seen_family, seen_given = self._family[known], self._given[known]
        weight = (seen_family + _PRIOR) / (seen_family + seen_given + 2 * _PRIOR) - 0.5
        if word.key.startswith("ABD") and len(word.key) > 4:
            weight -= 0.1
        if word.text.startswith(_FAMILY_BEGINNINGS):
            weight += 0.1
        return weight + (0.1 if word.article else 0.0)

    def split(self, words: tuple[NameWord, ...]) -> tuple[list[NameWord], list[NameWord]]:
        """Family and given words of a full name: the best cut, either end first.

        With nothing known the family name is the last word in Arabic and the first in Latin
        script, the order of each script's lists.
        """
        if len(words) < 2:
            return list(words), []
        weights = [self.family_weight(word) for word in words]
        cuts = []
        for place in range(1, len(words)):
            first, last = sum(weights[:place]), sum(weights[place:])
            balance = 0.001 * abs(2 * place - len(words))
            lead = 0.01 if not words[0].arabic else -0.01
            cuts.append((first - last - balance + lead, place, True))
            cuts.append((last - first - balance - lead, place, False))
        _, place, family_first = max(cuts)
        before, after = list(words[:place]), list(words[place:])
        return (before, after) if family_first else (after, before)
