"""The name of a trade for a woman or a man: the list has each trade once, in one gender.

Only the word for who works changes (Tisserand, Tisserande; صانع، صانعة), and the adjective
“traditional” behind it. Words for a craft or a place (حياكة، Four) stay as they are.
"""

from __future__ import annotations

import re
from typing import Final

_TO_WOMAN: Final = (
    (r"(a|c|p)teur$", r"\1trice"),
    (r"eur$", "euse"),
    (r"ier$", "ière"),
    (r"er$", "ère"),
    (r"ien$", "ienne"),
    (r"(and|ant|ain)$", r"\1e"),
    (r"maçon$", "maçonne"),
)
_TO_MAN: Final = (
    (r"trice$", "teur"),
    (r"euse$", "eur"),
    (r"ière$", "ier"),
    (r"ienne$", "ien"),
    (r"ande$", "and"),
)
_NOT_PEOPLE: Final = frozenset(
    {
        "حياكة", "خياطة", "النقاشة", "النكافة", "الطيابة", "four", "confection", "henné", "travail",
        "tadelakt", "maréchal", "ferrant", "kessal", "tayaba", "neggafa",
    }
)  # fmt: skip
_FRENCH_PAIRS: Final = {
    "traditionnel": "traditionnelle", "public": "publique", "doreur": "doreuse",
    "enlumineur": "enlumineuse", "réparateur": "réparatrice", "boisselier": "boisselière",
}  # fmt: skip
_ARABIC_PAIRS: Final = {
    "التقليدي": "التقليدية", "الفني": "الفنية", "العصري": "العصرية", "الصحي": "الصحية",
    "العمومي": "العمومية", "والمذهب": "والمذهبة", "والمزخرف": "والمزخرفة",
}  # fmt: skip
_BESIDE_FR: Final = {"F": _FRENCH_PAIRS, "M": {two: one for one, two in _FRENCH_PAIRS.items()}}
_BESIDE_AR: Final = {"F": _ARABIC_PAIRS, "M": {two: one for one, two in _ARABIC_PAIRS.items()}}
_ARABIC = re.compile("[ء-ي]")


def trade_name(name_ar: str, name_fr: str, sex: str, language: str) -> str:
    """The trade in the reader's language, for a person of `sex` ("F", "M" or not known)."""
    first, second = (name_ar, name_fr) if language == "ar" else (name_fr, name_ar)
    name = first or second
    if sex not in ("F", "M") or not name:
        return name
    return _arabic(name, sex) if _ARABIC.match(name) else _french(name, sex)


def _french(name: str, sex: str) -> str:
    who, *rest = name.split(" ")
    parts = [_worker(part, sex) for part in who.split("-")]
    if parts != who.split("-"):
        rest = [_BESIDE_FR[sex].get(word, word) for word in rest]
    return " ".join(["-".join(parts), *rest])


def _worker(word: str, sex: str) -> str:
    if word.lower() in _NOT_PEOPLE:
        return word
    for pattern, ending in _TO_WOMAN if sex == "F" else _TO_MAN:
        changed, count = re.subn(pattern, ending, word, flags=re.IGNORECASE)
        if count:
            return changed[:1].upper() + changed[1:] if word[:1].isupper() else changed
    return word


def _arabic(name: str, sex: str) -> str:
    who, *rest = name.split(" ")
    if who in _NOT_PEOPLE or who.endswith("ة") == (sex == "F"):
        return name
    changed = f"{who}ة" if sex == "F" else who[:-1]
    # Only behind a definite worker is the adjective the worker's: صانع الورق التقليدي is of paper.
    if who.startswith("ال"):
        rest = [_BESIDE_AR[sex].get(word, word) for word in rest]
    return " ".join([changed, *rest])
