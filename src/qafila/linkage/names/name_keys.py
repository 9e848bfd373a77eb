"""Keys of names: the same for Arabic, Latin and Tifinagh spellings, in any order."""

import re

from qafila.linkage.names.name_words import NameWord, name_words, read_word
from qafila.linkage.names.transliteration import fold_text

KEY_VERSION = 3
"""Raised whenever a key of some name changes: stored keys must then be remade."""

_EMPHATIC = re.compile("[ضظ]")
_AMBIGUOUS_END = re.compile(r"(?<=[a-z])c$")
_BEGUN_ABD = re.compile(r"\b(abd|عبد)(?: ?[eaou]?l+ ?a?| ?ال?)$")


def name_keys(text: str | None) -> tuple[str, ...]:
    """One key per word of a name, in the order written.

    A key is the word's consonants in classes common to the scripts, with A for a first vowel:
    محمد, Mohammed, Med and ⵎⵓⵃⵎⵎⴷ all give MHMD. Keys hold capitals A-Z only. A name without
    letters gives no key.
    """
    return tuple(word.key for word in name_words(text or "") if word.key)


def index_keys(text: str | None) -> tuple[str, ...]:
    """The keys to store for prefix search: `name_keys`, and the bare second part of compounds.

    Aït Moussa is found by Moussa, Fatima Zahra by Zahra, عبد العزيز by عزيز, العربي by Larbi,
    مظلوم by Mazloum.
    """
    words = name_words(text or "")
    keys = [word.key for word in words]
    keys += [key for word in words for key in _bare_keys(word)]
    return tuple(dict.fromkeys(key for key in keys if key))


def _bare_keys(word: NameWord) -> list[str]:
    bare = []
    for beginning in ("ABD", "AT", "BN", "FTM"):
        rest = word.key.removeprefix(beginning)
        if len(rest) >= 2 and rest != word.key and len(word.key) >= 4:
            bare += [rest, "A" + rest] if beginning != "FTM" else [rest]
    if word.arabic and _EMPHATIC.search(word.written):
        bare.append(read_word(_EMPHATIC.sub("ز", word.written)).key)
    if word.article and not word.key.startswith("L"):
        bare.append("L" + word.key.removeprefix("A"))
    return bare


def search_keys(query: str | None) -> tuple[str, ...]:
    """One key prefix per typed word: a person is found when each begins one of `index_keys`.

    The last word may be unfinished: a last Latin c (k, s or ch?) asks nothing, and no silent e
    is supposed.
    """
    folded = fold_text(query or "").strip()
    finished = _BEGUN_ABD.sub(r"\1", _AMBIGUOUS_END.sub("", folded))
    words = name_words(finished) if finished.replace(" ", "") != "ou" else ()
    return tuple(word.key for word in words if word.key)


def exact_name_key(family: str | None, given: str | None = None, full: str | None = None) -> str:
    """All keys of a name sorted and joined by spaces: the same for every order of its words."""
    words = [*name_keys(family), *name_keys(given), *name_keys(full)]
    return " ".join(sorted(words))
