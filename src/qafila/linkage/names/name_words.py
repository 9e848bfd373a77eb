"""A written name cut into its words: particles joined, honorifics and articles put aside."""

import re
from functools import lru_cache
from typing import NamedTuple

from qafila.linkage.names.transliteration import fold_text, has_arabic, sounded, vowels_once

_SEPARATORS = re.compile(r"[^\w'’ʼ`´]+|_+|\d+")
_APOSTROPHES = re.compile(r"['’ʼ`´]")
_DOTTED_INITIALS = re.compile(r"\bf\s*\.?\s*z\b\.?", re.IGNORECASE)
_SHORT_FATIMA = re.compile(r"\bf(?:at)?(?:\s*\.\s*|\s+|-)(?=(?:e?z+)?[zs]?[ao]hra)")
_SHORT_ABD = re.compile(
    r"\ba(?:bd)?\s*\.\s*(?=(?:kader|krim|karim|aziz|rahim|rahman|ilah|illah|hak|haq|latif|majid|jalil"
    r"|ghani|malek|razz?ak|samad|fatt?ah|salam|slam|ouahed|wahed|nabi|hamid|hakim|kabir|hafid)\w*)"
)
_CHAT_LETTERS = re.compile(
    r"(?<=[a-z])[3579](?=[a-z])|(?<![a-z\d])[3579](?=[a-z])|(?<=[a-z])[37](?![a-z\d])"
)
_MAY_BE_SHORT = re.compile(r"[3579.]|\bf(?:at)?[ .-]|\bfz\b|\bf *z")
_CHAT = {"3": "", "5": "kh", "7": "h", "9": "k"}

_ARTICLES = frozenset({"el", "al", "l", "ul", "il", "ال"})
_SUN_ARTICLES = {"et": "t", "at": "t", "er": "r", "ar": "r", "en": "n", "an": "n", "es": "s",
                 "as": "s", "ez": "z", "az": "z", "ed": "d", "ad": "d", "ech": "c", "ach": "c",
                 "esh": "s", "ash": "s"}  # fmt: skip
_PARTICLES = frozenset(
    {"ben", "bin", "bn", "ibn", "bni", "beni", "bani", "bent", "bint", "bou", "bu", "abou", "abu",
     "aba", "ait", "ayt", "ou", "u", "ould", "wld", "oulad", "oum", "om", "um", "bel",
     "بن", "ابن", "بني", "بنت", "بو", "ابو", "ابا", "ايت", "او", "ولد", "اولاد", "ام", "بل"}
)  # fmt: skip
_SAME_PARTICLE = {"bin": "ben", "bn": "ben", "ibn": "ben", "ابن": "بن", "beni": "bni",
                  "bani": "bni", "bint": "bent", "bu": "bou", "abu": "abou", "ayt": "ait",
                  "u": "ou", "ould": "weld", "wld": "weld", "oulad": "awlad", "om": "oum",
                  "um": "oum"}  # fmt: skip
_ABD = re.compile(r"^(?:(?:ben)?abd[eaou]?(?:l|s|r|n|z|d|t|ch)?|(?:بن)?عبد(?:ال)?)$")
_NOT_ABD = frozenset({"abdo", "abdou", "abda"})
_EDDINE = frozenset({"eddine", "eddin", "ddine", "ddin", "addine", "addin", "dine", "din", "uddin",
                     "الدين", "دين", "لدين"})  # fmt: skip
_HONORIFICS = frozenset(
    {"sidi", "si", "sid", "lalla", "lala", "hadj", "haj", "hajj", "hajja", "haja", "hadja",
     "hach", "lhaj", "lhadj",
     "moulay", "mr", "mme", "mlle", "سيدي", "سي", "السي", "للا", "لاله", "لالا", "الحاج", "حاج",
     "الحاجه", "حاجه", "مولاي", "السيد", "السيده"}
)  # fmt: skip
_ABBREVIATIONS = {
    "med": "mohamed", "mohd": "mohamed", "mhd": "mohamed", "md": "mohamed", "moh": "mohamed",
    "mohammad": "mohamed", "mly": "moulay", "my": "moulay", "fz": "fatimazahra",
    "driss": "idriss", "dris": "idriss", "drissi": "idrissi", "دريس": "ادريس",
    "brahim": "ibrahim", "براهيم": "ابراهيم",
    "soraya": "touria", "thoraya": "touria",
    "ezzeddine": "azzeddine", "ezzedine": "azzeddine", "ezzeddin": "azzeddine",
    "layadi": "elayadi", "lamrani": "elamrani", "lalami": "elalami",
    "larbi": "elarbi", "laarbi": "elarbi", "lhoussaine": "elhoussaine",
    "lhoussine": "elhoussine", "lahoucine": "elhoussine", "lahoussine": "elhoussine",
    "lahoussaine": "elhoussaine", "lhoucine": "elhoussine", "lahbib": "elhabib",
    "lhabib": "elhabib", "lekbir": "elkabir", "lkbir": "elkabir", "lakbir": "elkabir",
    "layachi": "elayachi", "layazid": "elyazid", "lyazid": "elyazid", "lmokhtar": "elmokhtar",
    "lbachir": "elbachir", "lhassan": "lahcen", "lhcen": "lahcen", "lhssen": "lahcen",
    "lhaj": "elhaj", "lhadj": "elhadj", "م": "محمد",
}  # fmt: skip
_HUSBAND_FOLLOWS = frozenset(
    {"ep", "epse", "epouse", "vve", "veuve", "زوجه", "حرم", "ارمله"}
)  # fmt: skip
_BIRTH_NAME_FOLLOWS = frozenset({"nee", "المولوده"})
_NO_ARTICLE = frozenset(
    {"الياس", "الهام", "اليس", "الين", "elias", "eliass", "elyas", "elyass", "elies", "elyes",
     "elham", "elissa", "elisa", "elodie", "elmas", "elsa"}
)  # fmt: skip
_JOINED_ARTICLE = re.compile(
    r"^(?:el(?=[bcdfghjkmnpqrstvwxyz]\w{2})|el(?=[aeiou]\w{3})|e(?=(tt|ss|rr|nn|zz|dd|cch|ch|ll)\w))"
)
_JOINED_PARTICLE = re.compile(
    r"^(?:(ait|ben)-?el(?=[bcdfghjkmnpqrstvwxyz]\w{2})|(ايت|بن)-?ال(?=\w{3}))"
)
_JOINED_EDDINE = re.compile(r"(?<=\w\w)الدين$")
_ABD_ARTICLE = re.compile(r"^ABD[aeiu]*L+(?=[aeiu]*[A-Z])")
_ABDALLAH = re.compile(r"^ABD[aeiu]?L+[ae]H?$")


class NameWord(NamedTuple):
    """One word of a name: as folded, its sounded form, its key, and its script.

    `written` still has the article and a hyphen between the parts of a compound: `read_word` gives
    the same word from it.
    """

    text: str
    sound: str
    key: str
    arabic: bool
    article: bool = False
    written: str = ""


@lru_cache(maxsize=400_000)
def name_words(text: str) -> tuple[NameWord, ...]:
    """The words of a name in the order written, compounds joined; empty for no letters.

    Compounds: عبد الـ + word, Ben / Aït / Ou / Bou + word, word + الدين, Fatima + Zahra.
    Articles are dropped, abbreviations (Med, Mly, Fz) written out, and honorifics (Sidi, Lalla,
    Hadj, Moulay) dropped when another word is left. A husband's name after *épouse* is dropped.
    """
    tokens = _tokens(text)
    if len(tokens) == 1:
        return () if tokens[0] in _ARTICLES else (read_word(tokens[0]),)
    words = _join_compounds(tokens)
    kept = [word for word in words if word not in _HONORIFICS] or words
    return _join_fatima_zahra([*map(read_word, kept)])


def _tokens(text: str) -> list[str]:
    folded = fold_text(text)
    if folded.isalpha() and "ʼ" not in folded:  # one word, as most names are
        return [] if folded in _BIRTH_NAME_FOLLOWS else [_ABBREVIATIONS.get(folded, folded)]
    folded = _APOSTROPHES.sub("", _written_out(folded))
    tokens = [token for token in _SEPARATORS.split(folded) if token]
    for place, token in enumerate(tokens):
        if token in _HUSBAND_FOLLOWS and place:
            tokens = tokens[:place]
            break
    return [
        _ABBREVIATIONS.get(token, token) for token in tokens if token not in _BIRTH_NAME_FOLLOWS
    ]


def _written_out(folded: str) -> str:
    """Initials of usual compounds and digits typed for Arabic letters, as letters."""
    if has_arabic(folded) or not _MAY_BE_SHORT.search(folded):
        return folded
    letters = _CHAT_LETTERS.sub(_chat_letter, folded)
    fatima = _SHORT_FATIMA.sub("fatima ", _DOTTED_INITIALS.sub("fz", letters))
    return _SHORT_ABD.sub("abdel", fatima)


def _chat_letter(match: re.Match[str]) -> str:
    """3 is ع, which Latin spellings pass over or write a between consonants."""
    if match[0] != "3":
        return _CHAT[match[0]]
    around = match.string[max(0, match.start() - 1) : match.end() + 1]
    return "" if any(letter in "aeiouy" for letter in around) else "a"


def _join_compounds(tokens: list[str]) -> list[str]:
    """Join particles with the word they belong to; parts are kept apart by a hyphen."""
    words: list[str] = []
    rest = tokens
    while rest:
        size = _compound_size(rest)
        words.extend(_joined(rest[:size], words))
        rest = rest[size:]
    return words


def _compound_size(tokens: list[str]) -> int:
    """How many of the first tokens make one word."""
    first = tokens[0]
    if len(tokens) == 1:
        return 1
    if _is_abd(first):
        return min(len(tokens), 3 if tokens[1] in _ARTICLES else 2)
    if first in _PARTICLES:
        return min(len(tokens), 1 + (2 if _is_article(tokens[1:]) else 1))
    return 2 if _is_article(tokens) else 1


def _is_abd(token: str) -> bool:
    """Whether a token is Abd, with or without its article: what follows belongs to it."""
    begun = token.startswith(("abd", "عبد", "benabd", "بنعبد"))
    return begun and _ABD.match(token) is not None and token not in _NOT_ABD


def _is_article(tokens: list[str]) -> bool:
    if len(tokens) < 2:
        return False
    return tokens[0] in _ARTICLES or _SUN_ARTICLES.get(tokens[0]) == tokens[1][0]


def _joined(tokens: list[str], before: list[str]) -> list[str]:
    first = tokens[0]
    if _is_abd(first) and len(tokens) > 1:
        link = "e" if first == "abd" and tokens[1] not in _ARTICLES else ""
        return [first + link + "".join(tokens[1:])]
    if first in _PARTICLES and len(tokens) > 1:
        return [_SAME_PARTICLE.get(first, first) + "-" + without_article(tokens[-1])]
    if tokens[-1] in _EDDINE and before:
        before[-1] += "-" + ("الدين" if has_arabic(tokens[-1]) else "eddine")
        return []
    if len(tokens) == 1 and first in _ARTICLES:
        return []
    joined = first + tokens[-1]
    return [joined if without_article(joined) == tokens[-1] else tokens[-1]]


def without_article(word: str) -> str:
    """The word without its article: العبادي → عبادي, Elidrissi → idrissi, Ettouzani → touzani."""
    if word in _NO_ARTICLE:
        return word
    if word.startswith("ال") and len(word) >= 4:
        return word[2:]
    return _JOINED_ARTICLE.sub("", word) if word[:1] == "e" and len(word) >= 5 else word


@lru_cache(maxsize=400_000)
def read_word(word: str) -> NameWord:
    """Sound and key of one folded word; parts of a compound are separated by hyphens."""
    parts = _parts(word)
    sound = _open_joints(parts)
    if sound.startswith("ABD"):
        sound = "ABDLa" if _ABDALLAH.match(sound) else _ABD_ARTICLE.sub("ABD", sound)
    if sound.endswith("H"):
        sound = _without_final_h(sound, parts[-1])
    text = "".join(parts)
    article = text != word.replace("-", "")
    return NameWord(text, sound, key_of_sound(sound), has_arabic(word), article, word)


def _parts(word: str) -> list[str]:
    """The parts of a compound, each without its article; most words are one part."""
    if word.startswith(("ait", "ben", "ايت", "بن")):
        word = _JOINED_PARTICLE.sub(lambda found: f"{found[1] or found[2]}-", word)
    if word.endswith("الدين"):
        word = _JOINED_EDDINE.sub("-الدين", word)
    if "-" not in word:
        return [without_article(word)]
    return [without_article(part) for part in word.split("-")]


@lru_cache(maxsize=100_000)
def read_with_article(word: str) -> NameWord:
    """The word with what looks like an article as part of it: ألفونسو is Alfonso."""
    sound = _open_joints(word.split("-"))
    return NameWord(
        word.replace("-", ""), sound, key_of_sound(sound), has_arabic(word), False, word
    )


@lru_cache(maxsize=100_000)
def spanish_reading(word: NameWord) -> NameWord | None:
    """The word as read in the northern zone: Jadiya is Khadija, Yilali Jilali, Xauen Chaouen."""
    if word.arabic or not _SPANISH.search(word.text):
        return None
    text = _SPANISH_Y.sub("\0", word.text).replace("j", "kh").replace("x", "ch")
    return read_word(text.replace("\0", "dj"))


_SPANISH = re.compile(r"[jx]|y(?=[aeiou])")
_SPANISH_Y = re.compile(r"(?<![a-z])y(?=[aiou])|(?<=[aeiou])y(?=[aeiou])")


def _open_joints(parts: list[str]) -> str:
    """Sound of a compound: marks of beginning inside it are read as vowels again."""
    if len(parts) == 1 and parts[0]:
        return sounded(parts[0])
    sounds = [sounded(part) for part in parts if part]
    inner = [sound.replace("A", "a").replace("W", "u").replace("Y", "i") for sound in sounds[1:]]
    return vowels_once("".join(sounds[:1] + inner))


def _without_final_h(sound: str, word: str) -> str:
    """The sound, which ends in H, without that H where it is only written."""
    letters = sum(letter.isupper() for letter in sound)
    spoken = letters < 3 and not sound.endswith("iaH")
    if spoken or not word.endswith(("h", "ه", "ح")):
        return sound
    return sound[:-1]


def key_of_sound(sound: str) -> str:
    """The consonants of a sounded form, neighbours joined only where already written once."""
    return sound.translate(_WITHOUT_VOWELS)


_WITHOUT_VOWELS = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyz-")


def _join_fatima_zahra(words: list[NameWord]) -> tuple[NameWord, ...]:
    for place in range(len(words) - 1):
        first, second = words[place], words[place + 1]
        if first.key == "FTM" and second.key == "ZHR":
            both = read_word(first.text + "-" + second.text)
            return (*words[:place], both, *words[place + 2 :])
    return tuple(words)
