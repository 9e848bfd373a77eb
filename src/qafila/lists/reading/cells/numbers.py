"""Numbers people are known by: cards, phones, numbers at institutions.

A number of zeros only is no number, and neither is one that a spreadsheet program rounded.
"""

from __future__ import annotations

import re

import polars as pl

from qafila.linkage.values.identifiers import normalise_card_number, normalise_fund_number
from qafila.linkage.values.phones import normalise_phone
from qafila.lists.reading.cells.told import Read, Told, says_nothing, told
from qafila.lists.reading.cells.values import tidy
from qafila.tables.folding import western_digits

_LATIN_OF_CYRILLIC = str.maketrans("АВЕКМНОРСТУХавекмнорстух", "ABEKMHOPCTYXabekmhopctyx")
_CARD_LABEL = re.compile(
    r"^(?:c\.?\s?[in]\.?\s?[in]\.?(?:\s?e\.?)?(?=[\s:.])|n\s?[°ºo]|num(?:[ée]ro)?|carte(?:\s+nationale)?"
    r"|رقم|البطاقة|ب\.\s?و|:)[\s:.]*",
    re.I,
)
_CARD_THEN_TEXT = re.compile(r"([A-Za-z]{1,2})[\s.\-]*((?:\d[\s.\-]*){3,7})(?:[^\d\s].*)?$")
_CARD_REVERSED = re.compile(r"(\d{3,7})[\s.\-]*([A-Za-z]{1,2})")
_PARTS = re.compile(r"\s*(?:[/;,|\n]|\s-\s|\bou\b|\bet\b|\bأو\b|\bو\b)\s*")
_PHONE_INSIDE = re.compile(
    r"(?<!\d)(?:(?:\+|00)?212[\s.\-]*(?:\(0\)[\s.\-]*)?|0)?[5-8](?:[\s.\-]*\d){8}(?!\d)"
)
_ZEROS = re.compile(r"[A-Za-z]{0,2}0+")
_PLACEHOLDER_PHONE = r"^\+212[5-8]0{8}$"
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?\s*[eE]\s*\+?\d+")
_ERROR = re.compile(r"#[^\s]+[!?]?|#N/A")


def read_cards(values: pl.Series) -> Told:
    """National card numbers by :func:`normalise_card_number`."""
    compact = values.str.replace_all(r"[ .\-]", "").str.to_uppercase()
    plain = compact.str.extract(r"^([A-Z][A-HJ-NPR-Z]?[0-9]{1,7})$")
    return told(values, plain.set(plain.str.contains("^[A-Z]+0+$"), None), _card)


def _card(text: str) -> Read:
    text = (tidy(western_digits(text)) or "").translate(_LATIN_OF_CYRILLIC)
    if says_nothing(text):
        return None, None
    if _ZEROS.fullmatch(re.sub(r"[\s.\-]", "", text)):
        return None, "card_placeholder"
    whole = normalise_card_number(text)
    if whole:
        return (None, "card_placeholder") if not whole.digits.strip("0") else (str(whole), None)
    return _card_inside(text)


def _card_inside(text: str) -> Read:
    bare = text
    while (shorter := _CARD_LABEL.sub("", bare)) != bare:
        bare = shorter
    if bare != text and (found := normalise_card_number(bare)):
        return str(found), None
    parts = [str(card) for part in _PARTS.split(bare) if (card := normalise_card_number(part))]
    if parts:
        return parts[0], "card_first_of_several" if len(set(parts)) > 1 else "card_part_read"
    if turned := _CARD_REVERSED.fullmatch(bare):
        return _checked_card(turned[2] + turned[1], "card_reversed")
    if begun := _CARD_THEN_TEXT.match(bare):
        return _checked_card(begun[1] + re.sub(r"\D", "", begun[2]), "card_part_read")
    return None, "card_unreadable"


def _checked_card(text: str, code: str) -> Read:
    card = normalise_card_number(text)
    return (str(card), code) if card and card.digits.strip("0") else (None, "card_unreadable")


def read_phones(values: pl.Series) -> Told:
    """Moroccan numbers in E.164; of several in one cell the first, and that is said."""
    compact = values.str.replace_all(r"[ .\-]", "")
    local = compact.str.extract(r"^(?:\+212|00212|0)?([5-7][0-9]{8})$")
    regular = pl.select("+212" + local).to_series()
    return told(values, regular.set(regular.str.contains(_PLACEHOLDER_PHONE), None), _phone)


def _phone(text: str) -> Read:
    text = western_digits(text)
    if says_nothing(text):
        return None, None
    if _ROUNDED.fullmatch(text.strip()):
        return None, "number_rounded"
    found = normalise_phone(text)
    if found:
        return _checked_phone(found, None)
    inside = [phone for one in _PHONE_INSIDE.findall(text) if (phone := normalise_phone(one))]
    if inside:
        several = len(set(inside)) > 1
        return _checked_phone(inside[0], "phone_first_of_several" if several else None)
    first = next((p for part in _PARTS.split(text) if (p := normalise_phone(part))), None)
    if first:
        return _checked_phone(first, "phone_first_of_several")
    return None, "phone_placeholder" if set(re.sub(r"\D", "", text)) == {
        "0"
    } else "phone_unreadable"


def _checked_phone(phone: str, code: str | None) -> Read:
    return (None, "phone_placeholder") if re.match(_PLACEHOLDER_PHONE, phone) else (phone, code)


def read_fund_numbers(values: pl.Series) -> Told:
    """Fund numbers of nine digits."""
    return told(values, values.str.extract("^([1-9][0-9]{8})$"), _fund_number)


def _fund_number(text: str) -> Read:
    if says_nothing(text):
        return None, None
    if _ROUNDED.fullmatch(text.strip()):
        return None, "number_rounded"
    found = normalise_fund_number(text)
    return found, None if found else "fund_number_unreadable"


def read_numbers_as_text(values: pl.Series) -> Told:
    """Register, tax and auto-entrepreneur numbers: cleaned, ``.0`` of Excel dropped, upper case."""
    plain = values.set(~values.str.contains(r"^[0-9A-Z]*[1-9A-Z][0-9A-Z]*$"), None)
    return told(values, plain, _number_as_text)


def _number_as_text(text: str) -> Read:
    bare = western_digits(tidy(text) or "").upper()
    if not bare or says_nothing(bare):
        return None, None
    if _ROUNDED.fullmatch(bare):
        return None, "number_rounded"
    if _ERROR.fullmatch(bare):
        return None, "number_unreadable"
    bare = re.sub(r"\.0+$", "", bare)
    return (bare, None) if bare.strip("0 .-/") else (None, "number_placeholder")
