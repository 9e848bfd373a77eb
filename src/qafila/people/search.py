"""What a person typed into the search box: numbers in any spelling, and words of a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qafila.linkage.names.name_keys import search_keys
from qafila.linkage.names.transliteration import ARABIC_DIGITS, fold_text
from qafila.linkage.values.identifiers import digits_of, normalise_card_number
from qafila.linkage.values.phones import normalise_phone

LONGEST_QUERY = 200
_SHORTEST_NUMBER = 3
_SHORTEST_KEYS = 2
_MOST_WORDS = 8
_LETTERS_A_KEY = 2.5
_CONSONANT = re.compile("[b-df-hj-np-tv-z]|[\u0628-\u0648]")
_SEPARATORS = re.compile(r"[\s.\-/_()+,;:]+")


_PART_OF_CARD = re.compile(r"^[A-Z]{0,2}[0-9]{2,7}$")
_SHORTEST_PART = 4
CARD_ENDS = (
    "array_to_tsvector(array_remove(ARRAY[substr(card_number, 1), substr(card_number, 2), "
    "substr(card_number, 3), substr(card_number, 4), substr(card_number, 5), "
    "substr(card_number, 6)], ''))"
)
"""What the index `person_by_part_of_card` holds: a part of a number begins one of its ends."""


@dataclass(frozen=True)
class Asked:
    """A query as understood: card numbers, phones, other numbers, and prefixes of name keys.

    `no_name`: the words are too far from any name to be looked for.
    """

    cards: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    words: str = ""
    no_name: bool = False

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to look for."""
        return not (self.has_numbers or self.keys or self.no_name)

    @property
    def has_numbers(self) -> bool:
        """Whether some number was asked for."""
        return bool(self.cards or self.phones or self.numbers or self.parts)


def understood(text: str) -> Asked:
    """Read a query. Words with a digit are numbers, the others a name; both may be given."""
    text = " ".join(text[:LONGEST_QUERY].replace("\x00", " ").translate(ARABIC_DIGITS).split())
    with_digits, words = _divided(text)
    compact = _compact(with_digits)
    cards, phones, numbers = _numbers(with_digits)
    parts = tuple(one for one in compact if len(one) >= _SHORTEST_PART and _PART_OF_CARD.match(one))
    keys = tuple(dict.fromkeys(search_keys(" ".join(words))))[:_MOST_WORDS]
    if sum(map(len, keys)) < _SHORTEST_KEYS:
        keys = ()
    nobodys = bool(keys) and _is_no_name(words, keys)
    return Asked(cards, phones, numbers, parts, () if nobodys else keys, " ".join(words), nobodys)


def _is_no_name(words: list[str], keys: tuple[str, ...]) -> bool:
    """Whether the keys hold so little of the letters that only chance would find somebody.

    A key has one letter for each consonant said: “zzzzqqq” leaves ZK of seven, and finds no Zaki.
    """
    said = sum(len(_CONSONANT.findall(word)) for word in fold_text(" ".join(words)).split())
    return said > _LETTERS_A_KEY * sum(map(len, keys))


def kinds_asked(text: str) -> str:
    """What kinds of thing a query names, for a log that keeps nothing typed: name, number, both."""
    asked = understood(text)
    kinds = (("name", asked.keys), ("number", asked.has_numbers))
    return "+".join(kind for kind, there in kinds if there)


def _divided(text: str) -> tuple[list[str], list[str]]:
    """The pieces of numbers and the words. A letter or two before digits begin a card number."""
    words = text.split()
    digits: list[str] = []
    names: list[str] = []
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else ""
        letters_of_card = word.isascii() and word.isalpha() and len(word) <= 2
        if any(c.isdigit() for c in word) or (letters_of_card and after[:1].isdigit()):
            digits.append(word)
        else:
            names.append(word)
    return digits, names


def _numbers(pieces: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Each piece alone and all run together, as card, phone or other number."""
    tries = _tries(pieces)
    compact = _compact(pieces)
    cards = [str(card) for one in tries if (card := normalise_card_number(one))]
    phones = [phone for one in tries if (phone := normalise_phone(one))]
    numbers = [one for one in compact if len(digits_of(one)) >= _SHORTEST_NUMBER]
    return _unique(cards), _unique(phones), _unique(numbers)


def _tries(pieces: list[str]) -> list[str]:
    return list(dict.fromkeys([" ".join(pieces), *pieces])) if pieces else []


def _compact(pieces: list[str]) -> list[str]:
    """The numbers without what separates their digits."""
    return list(dict.fromkeys(_SEPARATORS.sub("", one).upper() for one in _tries(pieces)))


def _unique(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
