"""Which encoding a text file is in: marks first, then UTF-8, then what reads like words."""

from __future__ import annotations

import codecs
import re
from functools import cache

from qafila.tables.limits import TEXT_SAMPLE_BYTES
from qafila.tables.notices import Notice
from qafila.tables.synonyms import NO_SYNONYMS, Synonyms

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ONE_BYTE = (
    "cp1252",
    "cp1256",
    "iso8859_6",
    "mac_arabic",
    "cp720",
    "cp850",
    "mac_roman",
    "iso8859_15",
    "cp864",
)
_WORD = re.compile(rb"[^\x00-\x40\x5b-\x60\x7b-\x7f]*[\x80-\xff][^\x00-\x40\x5b-\x60\x7b-\x7f]*")
_FRENCH = frozenset("éèêëàâçîïôùûüœÉÈÊËÀÂÇÎÏÔÙÛÜŒ°ñÑáíóúäö’'«»")
# Frequencies of letters in Moroccan Arabic names and headings, per thousand (own count on
# commune names and common given names); letters not listed count as 1.
_ARABIC = dict(
    zip(
        "اليمدعبرنتحسوهةفزشقجخصطكضغأإآىءئؤظثذ",
        (
            150,
            110,
            80,
            60,
            55,
            50,
            50,
            45,
            45,
            30,
            30,
            28,
            35,
            20,
            25,
            20,
            15,
            14,
            14,
            13,
            11,
            10,
            9,
            14,
            6,
            5,
            15,
            5,
            3,
            4,
            3,
            3,
            1,
            3,
            3,
            3,
        ),
        strict=True,
    )
)


def as_utf8(data: bytes, synonyms: Synonyms = NO_SYNONYMS) -> tuple[bytes, list[Notice]]:
    """``data`` in UTF-8, lines ending in ``\\n`` or ``\\r\\n``, and what had to be mended.

    Never fails: bytes that mean nothing in the encoding found become U+FFFD.
    """
    utf8, problems = _as_utf8(data, synonyms)
    nuls = utf8.count(b"\x00")
    if nuls:
        utf8 = utf8.replace(b"\x00", b"")
        problems.append(Notice("nul_bytes", {"count": nuls}))
    utf8 = utf8.removeprefix(codecs.BOM_UTF8)
    if utf8.count(b"\r") != utf8.count(b"\r\n"):
        utf8 = utf8.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return utf8, problems


def _as_utf8(data: bytes, synonyms: Synonyms) -> tuple[bytes, list[Notice]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], encoding, synonyms)
    return _forgiving(data, unmarked_utf16(data) or "utf-8", synonyms)


def _forgiving(data: bytes, encoding: str, synonyms: Synonyms) -> tuple[bytes, list[Notice]]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return _mended(data, encoding, synonyms)
    return (data if encoding == "utf-8" else text.encode()), []


def _mended(data: bytes, encoding: str, synonyms: Synonyms) -> tuple[bytes, list[Notice]]:
    if encoding != "utf-8":
        text = data.decode(encoding, errors="replace")
        return text.encode(errors="replace"), [Notice("mixed_encodings", {"rows": 1, "row": 1})]
    if _mostly_utf8(data):
        return _line_by_line(data, synonyms)
    return data.decode(find_one_byte_encoding(data, synonyms), errors="replace").encode(), []


def unmarked_utf16(data: bytes) -> str | None:
    """``utf-16-le`` or ``utf-16-be`` when the bytes look like it without a mark, else None."""
    sample = data[:20_000]
    if len(sample) < 4:
        return None
    even, odd = sample[::2], sample[1::2]
    # Separators, digits and line ends have a NUL half; Arabic letters have 0x06 there.
    high = bytes((0, 6))
    if sum(odd.count(b) for b in high) > 0.8 * len(odd) and odd.count(0):
        return "utf-16-le"
    if sum(even.count(b) for b in high) > 0.8 * len(even) and even.count(0):
        return "utf-16-be"
    return None


def _mostly_utf8(data: bytes) -> bool:
    """Whether a third of the lines beyond ASCII are UTF-8: hardly one is by chance."""
    high = [line for line in data.split(b"\n") if not line.isascii()]
    good = sum(map(_is_utf8, high))
    return good > 0.3 * len(high)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_by_line(data: bytes, synonyms: Synonyms) -> tuple[bytes, list[Notice]]:
    lines = data.split(b"\n")
    bad = [i for i, line in enumerate(lines) if not _is_utf8(line)]
    other = find_one_byte_encoding(b"\n".join(lines[i] for i in bad), synonyms)
    wrong = set(bad)
    text = b"\n".join(
        line.decode(other, errors="replace").encode() if i in wrong else line
        for i, line in enumerate(lines)
    )
    return text, [Notice("mixed_encodings", {"rows": len(bad), "row": bad[0] + 1})]


def find_one_byte_encoding(data: bytes, synonyms: Synonyms = NO_SYNONYMS) -> str:
    """The one-byte encoding under which the words with high bytes read like Arabic or French."""
    sample = data[:TEXT_SAMPLE_BYTES]
    words = _WORD.findall(sample)[:20_000]
    if not words:
        return "cp1252"
    scores = {
        name: _plausibility(words, name) + _heading_bonus(sample, name, synonyms)
        for name in _ONE_BYTE
    }
    return max(_ONE_BYTE, key=lambda name: scores[name])


def _plausibility(words: list[bytes], encoding: str) -> float:
    total = 0.0
    for word in words:
        total += _word_score(word.decode(encoding, errors="replace"))
    return total / len(words)


def _word_score(word: str) -> float:
    scores = [_letter_score(c) for c in word if ord(c) >= 128]
    if not scores:  # the other half of a sign that stands in ASCII too, as the slash of Mac Arabic
        return 0.0
    latin = any(c.isascii() and c.isalpha() for c in word)
    arabic = any("\u0600" <= c <= "\u06ff" or "\ufe70" <= c <= "\ufeff" for c in word)
    score = sum(scores) / len(scores)
    if latin and arabic:
        score -= 4
    if word.startswith("ال"):
        score += 1
    if _case_is_odd(word):
        score -= 3
    return score


def _letter_score(char: str) -> float:
    if char in _FRENCH:
        return 1.0
    frequency = _ARABIC.get(char)
    if frequency is not None:
        return min(frequency / 50, 2.0)
    if char.isalpha():
        return -1.0
    return -4.0 if char != "\ufffd" else -6.0


def _case_is_odd(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    inner = letters[1:]
    return any(c.isupper() for c in inner) and any(c.islower() for c in inner)


@cache
def _bonus_of(first_lines: bytes, encoding: str, synonyms: Synonyms) -> float:
    text = first_lines.decode(encoding, errors="replace")
    cells = re.split(r"[,;\t|\n\r\"~^]+", text)
    known = [c for c in cells if not c.isascii() and synonyms.surely(c)]
    return 0.5 * min(len(known), 8)


def _heading_bonus(sample: bytes, encoding: str, synonyms: Synonyms) -> float:
    return _bonus_of(b"\n".join(sample.split(b"\n")[:12])[:4000], encoding, synonyms)
