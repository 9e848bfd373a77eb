"""Whether a note of a list says that somebody is married: pure, in Arabic and in French.

A note is read clause by clause. A negation before the word, a word of the past beside it, or an
answer "no" after it takes it away; a name is left alone (Marie, Épouse X on a woman's card).
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = re.compile(r"[^\W\d_]+", re.UNICODE)
_CLAUSES = re.compile(r"[.;!?\n\r،؛,/|–—]| - ")
_ASIDE = re.compile(r"\([^)]*\)")
_MARKS = re.compile("[\u064b-\u0652\u0640\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_ACCENTED = re.compile(r"\bmari(?:é|É|e\u0301)", re.IGNORECASE)

_MARRIED = {"mariee", "maries", "mariees", "متزوج", "متزوجه", "متزوجا", "متزوجين"}
_SPOUSE = {"epoux", "epouse", "mari", "conjoint", "conjointe", "زوجه", "زوجته", "زوجها"}
"""Words that speak of a spouse who is there."""
_BARE = "marie"
_AFTER_BARE = {"avec", "et", "a", "depuis", "sans", "ayant", "pere", "mere", "oui", "non", "no"}
"""What may follow `marie` where it stands for marié: before any other word it is a name."""

_NO_BEFORE = {
    "non", "pas", "sans", "jamais", "aucun", "aucune", "ni", "no",
    "لا", "بدون", "بلا", "ليس", "ليست", "غير", "ما", "ماشي", "مازال", "مزال", "لم", "دون",
}  # fmt: skip
_NO_ALONE = {"non", "no", "لا", "faux"}
_PAST_BEFORE = {"ete", "etait", "كان", "كانت"}
_PAST = {
    "ex", "ancien", "ancienne", "anciennement", "jadis", "decede", "decedee", "feu", "feue",
    "defunt", "defunte", "سابقا", "سابق", "سابقه", "متوفي", "متوفيه", "متوفى", "متوفاه",
    "المرحوم", "المرحومه", "توفي", "توفيت",
}  # fmt: skip
_ENDED = {
    "divorce", "divorcee", "separe", "separee", "veuf", "veuve",
    "مطلق", "مطلقه", "طلاق", "ارمل", "ارمله",
}  # fmt: skip
_SINGLE = {"celibataire", "عازب", "عازبه", "اعزب", "عزباء"}
_TO_COME = {"fiance", "fiancee", "futur", "future", "bientot", "مخطوب", "مخطوبه", "خطيب", "قريبا"}
_SOMEBODY_ELSE = {"mme", "mr", "mlle", "voir", "chez", "par", "السيد", "السيده", "عند", "contact"}


def say_married(note: str) -> bool:
    """Whether the note says that the person is married today.

    Not that they were, will be or are not, nor that it may be; in doubt it says nothing.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFC", note))
    says = False
    for clause in _CLAUSES.split(plain):
        words = [_folded(word) for word in _LETTERS.findall(_ASIDE.sub(" ", clause))]
        if set(words) & (_SINGLE | _ENDED):
            return False
        if says and len(words) == 1 and words[0] in _NO_ALONE:
            return False
        told = _told(words, clause)
        if told is False:
            return False
        says = says or told is True
    return says


def _told(words: list[str], clause: str) -> bool | None:
    """True: the clause says married; False: the contrary; None: nothing."""
    places = [place for place in range(len(words)) if _speaks(words, place, clause)]
    if not places:
        return None
    before, after = set(words[: places[0]]), words[places[-1] + 1 :]
    if set(words) & (_PAST | _TO_COME) or before & (_NO_BEFORE | _PAST_BEFORE):
        return False
    if len(after) == 1 and after[0] in _NO_ALONE:
        return False
    return None if before & _SOMEBODY_ELSE else True


def _speaks(words: list[str], place: int, clause: str) -> bool:
    """Whether a word says married; `Marie` without its accent may be a name."""
    word = words[place]
    if word == _BARE:
        following = words[place + 1 : place + 2]
        written = "Marie" not in clause and (not following or following[0] in _AFTER_BARE)
        return bool(_ACCENTED.search(clause)) or written or _counted(clause)
    bare = word[1:] if word[:1] == "و" else word
    return bare.removeprefix("ال") in _MARRIED or bare in _SPOUSE


def _counted(clause: str) -> bool:
    """`MARIE 2 ENFANTS`: a number right after the word."""
    return re.search(r"\b(?:marie|MARIE)\b\W*\d", clause) is not None


def _folded(word: str) -> str:
    """Small, without accents; alef and teh marbuta in one shape."""
    flat = unicodedata.normalize("NFD", word.casefold())
    flat = "".join(letter for letter in flat if not unicodedata.combining(letter))
    for letter, plain in (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ة", "ه")):
        flat = flat.replace(letter, plain)
    return flat
