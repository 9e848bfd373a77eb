"""Texts of one direction inside drawings of another: each keeps its own order."""

from __future__ import annotations

import unicodedata

from django.utils.translation import get_language

_RIGHT_TO_LEFT, _LEFT_TO_RIGHT, _END = "\u2067", "\u2066", "\u2069"


def isolated(text: str) -> str:
    """The text between marks of its first letter's direction; of the language in force without one.

    Drawing programs do not look for that letter themselves, as a browser does for `<bdi>`.
    """
    directions = (unicodedata.bidirectional(letter) for letter in text)
    own = next((one for one in directions if one in ("L", "R", "AL")), "")
    to_left = own in ("R", "AL") or (not own and get_language() == "ar")
    start = _RIGHT_TO_LEFT if to_left else _LEFT_TO_RIGHT
    return f"{start}{text}{_END}" if text else ""
