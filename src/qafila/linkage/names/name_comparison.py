"""How alike two written names are, and why, without a database or a trained model."""

from dataclasses import dataclass
from functools import lru_cache

from qafila.linkage.names.confusable_names import (
    familiar_form,
    known_apart,
    known_same,
    one_error_from_known,
)
from qafila.linkage.names.name_words import NameWord, name_words, spanish_reading
from qafila.linkage.names.other_readings import likest_reading
from qafila.linkage.typing_errors import one_typing_error_apart

SAME_FROM = 0.82
"""Two names with at least this score are held to be one name."""

SURE_FROM = 0.93
WEAKLY_SAME = 0.83
"""Of an initial or a familiar form: not two names, and little more is said."""

_VOWELS = "aeiu"
_VOWEL_EXCHANGE = {frozenset("ae"): 0.1, frozenset("ei"): 0.2, frozenset("eu"): 0.4}
_COUSINS = {
    frozenset(pair)
    for pair in (
        "KG",
        "KX",
        "HX",
        "JC",
        "SZ",
        "TD",
        "JK",
        "JX",
        "AH",
        "Wu",
        "Yi",
        "CS",
        "GR",
        "AY",
        "AW",
    )
}
_MARKS = "AWY"


@dataclass(frozen=True, slots=True)
class NameComparison:
    """Score from 0 to 1, the verdict, and the reasons as codes (see `NAME_REASONS`)."""

    score: float
    same: bool
    why: tuple[str, ...]


NAME_REASONS = (
    "written_same",
    "same_other_script",
    "same_spelling_variant",
    "familiar_form",
    "initial",
    "order_exchanged",
    "typing_error",
    "word_missing",
    "words_joined",
    "names_apart",
    "different_word",
    "empty",
)
"""Codes of the reasons in the order they are told; `cli.rooms.linkage` has their sentences."""


def compare_names(left: str, right: str) -> NameComparison:
    """Compare two names in any script and order; symmetric, and 1.0 for equal keys and vowels."""
    words, others = name_words(left), name_words(right)
    if not words or not others:
        return NameComparison(0.0, False, ("empty",))
    return compare_words(words, others)


def compare_words(words: tuple[NameWord, ...], others: tuple[NameWord, ...]) -> NameComparison:
    """`compare_names` of two names already cut into words, of which each has one at least."""
    apart = _compare_words(words, others)
    joined = compare_joined(words, others)
    return joined if joined is not None and joined.score > apart.score else apart


def _compare_words(words: tuple[NameWord, ...], others: tuple[NameWord, ...]) -> NameComparison:
    if len(words) > len(others):
        words, others = others, words
    pairs = best_pairs(words, others)
    weights = [max(len(words[i].key), len(others[j].key), 2) for i, j in pairs]
    total = sum(
        w * word_likeness(words[i], others[j]) for w, (i, j) in zip(weights, pairs, strict=True)
    )
    score = total / sum(weights)
    worst = min(word_likeness(words[i], others[j]) for i, j in pairs)
    missing = len(others) - len(words)
    score *= _partial_factor(len(words), missing)
    score = min(score, worst + 0.05) if missing == 0 else min(score, worst)
    score = round(max(0.0, score), 4)
    return NameComparison(score, score >= SAME_FROM, _reasons(words, others, pairs, missing))


def _partial_factor(count: int, missing: int) -> float:
    """What a missing word costs: a single word against a full name says little."""
    if missing == 0:
        return 1.0
    return 0.9 ** (missing / (count - 0.5)) if count > 1 else 0.75


def best_pairs(words: tuple[NameWord, ...], others: tuple[NameWord, ...]) -> list[tuple[int, int]]:
    """Pair every word of the shorter name with its likest word, best pairs first."""
    if len(words) == len(others) == 1:
        return [(0, 0)]
    ranked = sorted(
        ((i, j) for i in range(len(words)) for j in range(len(others))),
        key=lambda pair: (-word_likeness(words[pair[0]], others[pair[1]]), pair),
    )
    pairs: list[tuple[int, int]] = []
    for i, j in ranked:
        if all(i != a and j != b for a, b in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def _reasons(
    words: tuple[NameWord, ...],
    others: tuple[NameWord, ...],
    pairs: list[tuple[int, int]],
    missing: int,
) -> tuple[str, ...]:
    why = {_word_reason(words[i], others[j]) for i, j in pairs}
    if len(why) > 1:
        why.discard("written_same")
    order = [j for _, j in pairs]
    if order != sorted(order):
        why.add("order_exchanged")
    if missing:
        why.add("word_missing")
    return tuple(code for code in NAME_REASONS if code in why)


def _word_reason(word: NameWord, other: NameWord) -> str:
    likeness = word_likeness(word, other)
    if word.text == other.text:
        return "written_same"
    if known_apart(word, other) and _likeness(word, other) >= 0.5:
        return "names_apart"
    if _initial_of(word, other):
        return "initial"
    if familiar_form(word, other):
        return "familiar_form"
    if likeness < 0.6:
        return "different_word"
    if likeness < 0.93:
        return "typing_error"
    return "same_spelling_variant" if word.arabic == other.arabic else "same_other_script"


def compare_joined(
    words: tuple[NameWord, ...], others: tuple[NameWord, ...]
) -> NameComparison | None:
    """Two names with their words run together, for spaces lost or added.

    None where both have as many words.
    """
    if len(words) == len(others):
        return None
    likeness = word_likeness(_run_together(words), _run_together(others)) - 0.02
    return NameComparison(round(likeness, 4), likeness >= SAME_FROM, ("words_joined",))


def _run_together(words: tuple[NameWord, ...]) -> NameWord:
    text = "".join(word.text for word in words)
    inner = "".join(word.sound for word in words[1:]).translate(str.maketrans("AWY", "aui"))
    sound = words[0].sound + inner
    return NameWord(text, sound, sound, all(word.arabic for word in words))


@lru_cache(maxsize=500_000)
def word_likeness(word: NameWord, other: NameWord) -> float:
    """Likeness of two name words from 0 to 1; 1 when they are read the same."""
    if word.text == other.text:
        return 1.0
    if known_apart(word, other) or _of_tribe(word) != _of_tribe(other):
        return min(0.6, _likeness(word, other))
    if _initial_of(word, other):
        return WEAKLY_SAME
    read_as = [_likeness(word, other), _least(word, other), _letters_alike(word, other)]
    for one, two in ((word, other), (other, word)):
        spanish = spanish_reading(one)
        if spanish is not None:
            read_as.append(_likeness(spanish, two) - 0.04)
    best = max(read_as)
    return best if best >= SURE_FROM else likest_reading(word, other, _likeness, best)


def _least(word: NameWord, other: NameWord) -> float:
    """What the table of names says two words are at least alike."""
    if known_same(word, other):
        return 0.97
    if familiar_form(word, other):
        return WEAKLY_SAME
    return 0.8 if one_error_from_known(word, other) else 0.0


def _initial_of(word: NameWord, other: NameWord) -> bool:
    """Whether one word is the first letter of the other: H. for Hassan, and for Houcine."""
    short, long = sorted((word, other), key=lambda one: len(one.text))
    if len(short.text) != 1 or len(long.text) < 3:
        return False
    return long.text.startswith(short.text) or short.sound[:1] == long.sound[:1]


def _of_tribe(word: NameWord) -> bool:
    """Aït Addi and Abbadi are two families, however alike they sound."""
    return len(word.text) > 5 and word.text.startswith(("ait", "ايت"))


def _letters_alike(word: NameWord, other: NameWord) -> float:
    """One letter wrong, missing, added or exchanged in a long word, whatever its sound becomes."""
    long = min(len(word.text), len(other.text)) >= _LONG_WORD
    same_end = (word.sound[-1:] == "a") == (other.sound[-1:] == "a")
    alike = long and same_end and word.arabic == other.arabic
    return _ONE_LETTER if alike and one_typing_error_apart(word.text, other.text) else 0.0


_LONG_WORD = 6
_ONE_LETTER = 0.78


def _likeness(word: NameWord, other: NameWord) -> float:
    distance = word_distance(word, other)
    distance += _gender_cost(word, other) + _end_cost(word, other) + _last_vowel_cost(word, other)
    length = max(_spoken_length(word.sound), _spoken_length(other.sound))
    if _of_tribe(word) and _of_tribe(other):  # what follows Aït tells the two apart
        length -= _spoken_length("AiT")
    length = max(length, 2.5)
    return max(0.0, 1.0 - 0.85 * distance / length)


def _gender_cost(word: NameWord, other: NameWord) -> float:
    """What a feminine ending costs when the other word has none: Amine is not Amina."""
    if word.key != other.key:
        return 0.0
    open_end = any(one.arabic and one.text.endswith("ي") for one in (word, other))
    feminine = [one.sound.endswith("a") for one in (word, other)]
    return 1.2 if feminine[0] != feminine[1] and not open_end else 0.0


def _end_cost(word: NameWord, other: NameWord) -> float:
    """What a last long vowel costs that only one of two scripts has: عزيزي is Azizi, not Aziz."""
    if word.arabic == other.arabic:
        return 0.0
    arabic, latin = (word.text, other.text) if word.arabic else (other.text, word.text)
    if len(arabic) > 3 and arabic[-1] in "يو" and latin[-1] not in _OPEN_ENDS:
        return 1.3 if word.key.startswith("ABD") else 0.8
    return 0.8 if latin[-1] == "i" and arabic[-1] not in _ARABIC_OPEN_ENDS else 0.0


def _last_vowel_cost(word: NameWord, other: NameWord) -> float:
    """What i for a costs before the last consonant of two Latin words: Amzil is not Amzal."""
    if word.arabic or other.arabic or word.key != other.key:
        return 0.0
    ends = {word.sound[-2:-1], other.sound[-2:-1]}
    return 0.4 if ends == {"a", "i"} and word.sound[-1:] == other.sound[-1:] else 0.0


_OPEN_ENDS = "aeiouyhtxw"
_ARABIC_OPEN_ENDS = "يوائءؤهةى"


def _spoken_length(sound: str) -> float:
    return sum(1.0 if letter.isupper() else 0.4 for letter in sound)


def word_distance(word: NameWord, other: NameWord) -> float:
    """Weighted edits between two words; short vowels cost little where a script leaves them out."""
    if word.arabic == other.arabic:
        sounds = _edits(word.sound, other.sound, *(_SAME_SCRIPT[word.arabic],) * 2)
        return max(sounds, 0.35) if word.arabic else sounds
    if other.arabic:
        word, other = other, word
    # Vowels only the Latin spelling has are free; long vowels of the Arabic one must be there.
    return min(_edits_beside(word.sound, sound) for sound in _readings_beside(word, other.sound))


def _edits_beside(arabic: str, latin: str) -> float:
    """The edits between the sounds of two scripts; at once where Latin only has more vowels."""
    if (more := _vowels_more(arabic, latin)) is not None:
        return 0.03 * more
    return _edits(arabic, latin, 0.45, 0.03)


def _vowels_more(short: str, long: str) -> int | None:
    """How many short vowels `long` has beyond `short`, where that is all; a diphthong is more."""
    place, more, before = 0, 0, ""
    for letter in long:
        if place < len(short) and letter == short[place]:
            place += 1
        elif letter not in _VOWELS or (letter == "i" and before in ("a", "e")):
            return None
        else:
            more += 1
        before = letter
    return more if place == len(short) else None


def _readings_beside(arabic: NameWord, latin: str) -> list[str]:
    """What a Latin sound may be beside an Arabic word: Sbai for سباعي, Ouali for أوعلي."""
    if arabic.text.endswith("ي") and latin.endswith("ai"):
        latin = latin[:-1]
    begun = arabic.sound.startswith("Au") and latin.startswith("W")
    return [latin, "Au" + latin[1:]] if begun else [latin]


_SAME_SCRIPT = {True: 0.8, False: 0.41}
"""Cost of a vowel more or less: Arabic writes only long ones, Latin spellings vary."""


def _edits(left: str, right: str, drop_left: float, drop_right: float) -> float:
    """Damerau-Levenshtein with costs; drop_* is the cost of a vowel only that side has."""
    dropped = [_drop(two, drop_right, right[j - 1] if j else "") for j, two in enumerate(right)]
    before: list[float] = []
    row = [0.0]
    for letter in right:
        row.append(row[-1] + _drop(letter, drop_right))
    last = ""
    for i, one in enumerate(left):
        older, before, row = before, row, [row[0] + _drop(one, drop_left)]
        drop, exchanges = _drop(one, drop_left, last), _EXCHANGES[one]
        for j, two in enumerate(right):
            best = before[j] + exchanges[two]
            if (up := before[j + 1] + drop) < best:
                best = up
            if (aside := row[j] + dropped[j]) < best:
                best = aside
            if i and j and one == right[j - 1] and two == last and one != two:
                best = min(best, older[j - 1] + 0.8)
            row.append(best)
        last = one
    return row[-1]


def _drop(letter: str, vowel_cost: float, neighbour: str = "") -> float:
    """Cost of a letter the other lacks; a doubled letter is cheap."""
    if letter == "i" and neighbour in ("a", "e"):  # a diphthong is written in every script
        return max(vowel_cost, 1.0)
    if letter in _VOWELS:
        return vowel_cost
    if letter == neighbour:
        return 0.4
    return 0.6 if letter in _MARKS else 1.0


def _exchange(one: str, two: str) -> float:
    if one == two:
        return 0.0
    if one in _VOWELS and two in _VOWELS:
        return _VOWEL_EXCHANGE.get(frozenset((one, two)), 1.0)
    if frozenset((one, two)) in _COUSINS:
        return 0.5
    return 1.0 if (one in _VOWELS) == (two in _VOWELS) else 1.3


_SOUNDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZaeiou"
_EXCHANGES = {one: {two: _exchange(one, two) for two in _SOUNDS} for one in _SOUNDS}
"""Every `_exchange`, looked up rather than worked out again for each pair of letters."""
