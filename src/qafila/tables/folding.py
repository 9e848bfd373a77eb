"""Folding of headings and short words, so that spelling differences do not matter."""

from __future__ import annotations

import re
import unicodedata

_ARABIC = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ة": "ه",
        "ى": "ي",
        "ؤ": "و",
        "ئ": "ي",
        "ء": None,
        "ـ": None,
        "ڭ": "ك",
        "گ": "ك",
        "ک": "ك",
        "ی": "ي",
        "ہ": "ه",
    }
)
_DIGITS = {ord(c): str(i) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩")} | {
    ord(c): str(i) for i, c in enumerate("۰۱۲۳۴۵۶۷۸۹")
}
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^\w]+|_+")
_HIDDEN = re.compile(
    r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f"
    r"\u061c\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_SPACES = re.compile(r"\s+")
_SHAPED = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")  # Arabic letters as drawn, not as written
_DECODED_TWICE = re.compile("[\u00c2-\u00c5\u00d8-\u00db\u00e2][\u0080-\u00bf\u0152-\u2122]")
_SMALL_WORDS = frozenset(
    (
        "de",
        "du",
        "des",
        "d",
        "la",
        "le",
        "les",
        "l",
        "the",
        "of",
        "au",
        "aux",
        "a",
        "en",
        "et",
        "ou",
        "par",
        "pour",
        "and",
        "or",
        "n",
        "no",
        "num",
        "numero",
        "nr",
        "francais",
        "arabe",
        "latin",
        "latins",
        "latine",
        "caracteres",
        "lettres",
        "langue",
        "french",
        "arabic",
    )
)
_ARABIC_SMALL_WORDS = frozenset(
    (
        "رقم",
        "ال",
        "و",
        "في",
        "او",
        "بالعربيه",
        "بالفرنسيه",
        "بالامازيغيه",
        "باللغه",
        "عربيه",
        "فرنسيه",
        "باللاتينيه",
        "بالاحرف",
        "لاتينيه",
    )
)


def western_digits(text: str) -> str:
    """Arabic-Indic, Persian and all other digits as 0-9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and c > "\u00ff" else c for c in text)


def without_hidden(text: str) -> str:
    """The text without control, zero-width, bidi and broken characters."""
    return _HIDDEN.sub("", text)


def tidied(text: str) -> str:
    """The text in NFC, with single spaces and nothing that does not show; empty if nothing is left.

    Spaces of every kind count before what is hidden is taken out, so that no words run together.
    """
    shown = without_hidden(_SPACES.sub(" ", text))
    shown = _SHAPED.sub(lambda drawn: unicodedata.normalize("NFKC", drawn[0]), shown)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", shown)).strip()


def decoded_once(text: str) -> str:
    """``AÃ¯t`` back to ``Aït``: UTF-8 that some program took for cp1252 and saved again."""
    if not _DECODED_TWICE.search(text):
        return text
    try:
        return b"".join(map(_byte_of, text)).decode("utf-8")
    except UnicodeError:
        return text


def _byte_of(char: str) -> bytes:
    return bytes((ord(char),)) if "\x7f" < char < "\xa0" else char.encode("cp1252")


def fold(text: str) -> str:
    """Lower case, no accents, Arabic letters by their bare form, western digits, single spaces."""
    text = unicodedata.normalize("NFKD", without_hidden(decoded_once(text)))
    text = "".join(c for c in text if not unicodedata.combining(c))
    text = text.translate(_ARABIC).translate(_DIGITS).casefold()
    return " ".join(_NOT_WORD.sub(" ", text).split())


def heading_words(text: str) -> tuple[str, ...]:
    """The words of a heading that carry meaning: ``"N° de Tél."`` gives ``("tel",)``."""
    words = fold(_CAMEL.sub(" ", text).replace("°", " ")).split()
    kept = [_without_article(w) for w in words if w not in _SMALL_WORDS]
    strong = tuple(w for w in kept if w and w not in _ARABIC_SMALL_WORDS)
    return strong or tuple(_without_article(w) for w in words)


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word
