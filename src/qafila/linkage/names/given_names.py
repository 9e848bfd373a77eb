"""Whether two given names may be one person's: what `compare_names` calls two names never is.

Twins and siblings share family name, village, telephone and often the day of birth; only the given
name (and a number) tells them apart. So given names are asked about word by word, more strictly
than whole names are.
"""

import re
from functools import lru_cache
from typing import Literal

import polars as pl

from qafila.linkage.names.confusable_names import known_apart, known_same, mistyped_known
from qafila.linkage.names.name_comparison import (
    SAME_FROM,
    WEAKLY_SAME,
    best_pairs,
    compare_joined,
    word_likeness,
)
from qafila.linkage.names.name_words import NameWord, read_word

Verdict = Literal["same", "part", "unsure", "apart"]
"""One name; a part, an initial or a familiar form of it; perhaps mistyped; two names."""

_RESEMBLES_FROM = 0.6
_TWO_LETTERS = r"\w\w"
_SIDES = ("given_l", "family_l", "given_r", "family_r")

Name = tuple[str | None, str | None]
"""Given and family words as `features` keeps them (`NameWord.written`, joined by spaces)."""


def given_verdict(left: Name, right: Name) -> Verdict | None:
    """How the given names of two rows compare; None where one has none. Symmetric."""
    if not left[0] or not right[0]:
        return None
    if left[0] == right[0]:
        return "part" if _only_initials(left[0]) else "same"
    verdict = _verdict_of_given(left[0], right[0])
    exchanged = verdict not in ("same", "part") and _whole_names_agree(left, right)
    return "part" if exchanged else verdict


def _only_initials(given: str) -> bool:
    """H. of two rows may be Hassan and Houcine."""
    return re.search(_TWO_LETTERS, given) is None


def _verdict_of_given(left: str, right: str) -> Verdict:
    return _of_given(left, right) if left <= right else _of_given(right, left)


@lru_cache(maxsize=500_000)
def _of_given(left: str, right: str) -> Verdict:
    words, others = _words(left), _words(right)
    if len(words) == len(others) == 1 and known_same(words[0], others[0]):
        return "same"
    if len(words) > len(others):
        words, others = others, words
    pairs = [(words[i], others[j]) for i, j in best_pairs(words, others)]
    worst = min(word_likeness(*pair) for pair in pairs)
    if worst >= SAME_FROM:
        complete = len(words) == len(others) and worst > WEAKLY_SAME
        return "same" if complete else "part"
    joined = compare_joined(words, others)
    if joined is not None and joined.same:
        return "same"
    return "apart" if any(_two_names(*pair) for pair in pairs) else "unsure"


def _two_names(word: NameWord, other: NameWord) -> bool:
    likeness = word_likeness(word, other)
    if likeness >= SAME_FROM or mistyped_known(word, other):
        return False
    return likeness < _RESEMBLES_FROM or known_apart(word, other)


def _whole_names_agree(left: Name, right: Name) -> bool:
    """Whether each word of one whole name is in the other: the two columns were exchanged."""
    words, others = (
        tuple(w for part in name if part for w in _words(part)) for name in (left, right)
    )
    if len(words) != len(others) or len(words) < 2 or _begin(words) != _begin(others):
        return False
    if not all(any(word_likeness(one, two) >= SAME_FROM for two in others) for one in words):
        return False
    return all(
        word_likeness(words[i], others[j]) >= SAME_FROM for i, j in best_pairs(words, others)
    )


def _all_words(name: Name) -> tuple[NameWord, ...]:
    return tuple(word for part in name if part for word in _words(part))


def _begin(words: tuple[NameWord, ...]) -> list[str]:
    """The first sounds of the words, those that are taken for each other as one."""
    return sorted([_ONE_SOUND.get(word.key[:1], word.key[:1]) for word in words])


_ONE_SOUND = dict(zip("WYHLGXJCZD", "AAAAKKKKST", strict=True))


@lru_cache(maxsize=400_000)
def _words(written: str) -> tuple[NameWord, ...]:
    return tuple(read_word(word) for word in written.split(" "))


def given_verdicts(pairs: pl.DataFrame) -> pl.Series:
    """The verdict for each pair of names (given_l, family_l, given_r, family_r), in their order.

    Each two given names are compared once, however many pairs have them; whole names only where
    their given names are not one.
    """
    names = pairs.select(_SIDES)
    given = ["given_l", "given_r"]
    distinct = names.select(given).filter(pl.col("given_l") != pl.col("given_r")).unique()
    verdicts = [_verdict_of_given(one, other) for one, other in distinct.iter_rows()]
    known = distinct.with_columns(verdict=pl.Series(verdicts, dtype=pl.String))
    asked = names.join(known, on=given, how="left", maintain_order="left")
    doubtful = pl.col("verdict").is_in(["apart", "unsure"])
    whole = asked.filter(doubtful).select(_SIDES).unique()
    agree = [
        _whole_names_agree((one, family), (two, other))
        for one, family, two, other in whole.iter_rows()
    ]
    exchanged = whole.filter(pl.Series(agree, dtype=pl.Boolean)).with_columns(exchanged=True)
    joined = asked.join(exchanged, on=_SIDES, how="left", nulls_equal=True, maintain_order="left")
    alike = pl.col("given_l") == pl.col("given_r")
    return joined.select(
        verdict=pl.when(alike & ~pl.col("given_l").str.contains(_TWO_LETTERS))
        .then(pl.lit("part"))
        .when(alike)
        .then(pl.lit("same"))
        .when(pl.col("exchanged"))
        .then(pl.lit("part"))
        .otherwise("verdict")
    )["verdict"]
