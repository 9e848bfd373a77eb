"""National card numbers and fund numbers as lists write them."""

import re
from dataclasses import dataclass

from qafila.linkage.names.transliteration import ARABIC_DIGITS, fold_text

_CARD = re.compile(r"^([A-Z]{1,2})([0-9OILQSB]{1,7})$")
_TO_DIGITS = str.maketrans("OQILSB", "001158")
_PREFIXES_IN_O_OR_I = frozenset({"DO", "GI"})
"""Issued prefixes whose second letter is O or I; in any other, that letter is a digit."""
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_NOT_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class CardNumber:
    """A national card number (CIN): one or two letters, then one to seven digits."""

    letters: str
    digits: str

    def __str__(self) -> str:
        return self.letters + self.digits


def normalise_card_number(text: object) -> CardNumber | None:
    """The card number in a cell, or None when it holds none.

    Spaces, dots and dashes go, Arabic-Indic digits become ASCII, and letters typed for digits
    (O, Q, I, L, S, B) are mended in the digit part. Leading zeros are kept.
    """
    compact = "" if text is None else _NOT_ALPHANUMERIC.sub("", fold_text(str(text))).upper()
    match = _CARD.match(compact)
    if match is None or not any(letter.isdigit() for letter in compact):
        return None
    letters, digits = match.groups()
    if letters[1:] in ("O", "I") and letters not in _PREFIXES_IN_O_OR_I:
        letters, digits = letters[0], letters[1] + digits
    return CardNumber(letters, digits.translate(_TO_DIGITS)) if len(digits) <= 7 else None


def normalise_fund_number(value: object) -> str | None:
    """The nine digits of a fund registration number, or None. Excel floats are read."""
    digits = digits_of(value)
    return digits if len(digits) == 9 and digits[0] != "0" else None


def digits_of(value: object) -> str:
    """The digits of a cell; a whole float such as 639741374.0 is read as a whole number."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value).translate(ARABIC_DIGITS)
    return _NOT_DIGITS.sub("", re.sub(r"\.0+$", "", text.strip()))
