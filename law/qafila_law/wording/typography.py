"""No-break spaces, put in when texts are read or compiled: writers type ordinary spaces.

French sets a space before : ; ? ! and inside « », which must not begin a line; a figure keeps its
unit, save in English, the language of programs. A message by telephone is made of plain signs again
by `plain_signs`.
"""

from __future__ import annotations

import re

NO_BREAK = "\N{NO-BREAK SPACE}"
_UNITS = r"(?:DH\b|درهم|ⴷⵔⵀⵎ|%(?!\()|Mo\b|MB\b)"
_FIGURE = r"(?:\d|%\(\w+\)[sd]|\{\w+\})"
_BEFORE_UNIT = re.compile(rf"(?P<figure>{_FIGURE}) (?={_UNITS})")
_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_BEFORE_MARKS = re.compile(r"(?<=\S) (?=[:;?!»])")
_AFTER_MARKS = re.compile(r"(?<=«) |(?<=\b[nN]°) ")
_APOSTROPHE = re.compile(r"(?<=[A-Za-zÀ-ÿ])'(?=[A-Za-zÀ-ÿ«])")
_PLAIN = str.maketrans({NO_BREAK: " ", "\N{NARROW NO-BREAK SPACE}": " ", "’": "'"})


def set_spaces(text: str, language: str) -> str:
    """`text` with the no-break spaces (and the French apostrophes) its language asks for."""
    if language == "en":
        return text
    text = _BEFORE_UNIT.sub(rf"\g<figure>{NO_BREAK}", text)
    if language != "fr":
        return text
    for place in (_BEFORE_MARKS, _AFTER_MARKS, _THOUSANDS):
        text = place.sub(NO_BREAK, text)
    return _APOSTROPHE.sub("’", text)


def plain_signs(text: str) -> str:
    """`text` as a message by telephone writes it: ordinary spaces and straight apostrophes."""
    return text.translate(_PLAIN)
