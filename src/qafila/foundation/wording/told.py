"""Amounts, days and months inside sentences, as the language in force writes them.

What is kept beside a sentence (a journal's data, an error's parameters) is kept as programs write
it: 163.52, 2026-11-30 and 2026-11. It becomes people's writing only when the sentence is shown.
English, the language of programs and of the command line, leaves it as it is.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from babel import Locale
from babel.dates import format_date
from django.utils.translation import get_language

_LOCALES: Final = {"ar": Locale("ar", "MA"), "fr": Locale("fr", "MA"), "zgh": Locale("zgh")}
_AMOUNT = re.compile(r"(-?)(\d{1,15})\.(\d{2})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_NO_BREAK = "\N{NO-BREAK SPACE}"
AS_WRITTEN: Final = frozenset(
    {"reference", "reason", "name", "file", "typed", "document", "text", "place", "client"}
)
"""What somebody wrote is shown as it was written, whatever it looks like."""


def told(params: Mapping[str, Any]) -> dict[str, Any]:
    """The blanks of a sentence: amounts, days and months as the language in force writes them."""
    return {
        name: value if name in AS_WRITTEN else figure_told(value) for name, value in params.items()
    }


def figure_told(value: Any) -> Any:
    """An amount ("163.52"), a day or a month ("2026-11") in the language in force, else as is."""
    language = get_language() or ""
    if language not in _LOCALES:
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return day_told(value)
    if not isinstance(value, str):
        return value
    if amount := _AMOUNT.fullmatch(value):
        sign, whole, cents = amount.groups()
        figures = f"{sign}{int(whole):,}".replace(",", _NO_BREAK) + f",{cents}"
        # From right to left a minus would be drawn behind its figures: it is held before them.
        return f"\u2066{figures}\u2069" if sign and language == "ar" else figures
    if _DAY.fullmatch(value):
        return _day_of_text(value)
    if _MONTH.fullmatch(value):
        return month_told(dt.date.fromisoformat(f"{value}-01"))
    return value


def day_told(day: dt.date) -> str:
    """A day as "22 نونبر 2026" or "1er novembre 2026"; as programs write it in English."""
    locale = _LOCALES.get(get_language() or "")
    if locale is None:
        return day.isoformat()
    text = str(format_date(day, "d MMMM y", locale=locale))
    return f"1er{text[1:]}" if locale.language == "fr" and day.day == 1 else text


def month_told(month: dt.date) -> str:
    """The month of a day as "نونبر 2026" or "novembre 2026"; as programs write it in English."""
    locale = _LOCALES.get(get_language() or "")
    return str(format_date(month, "LLLL y", locale=locale)) if locale else f"{month:%Y-%m}"


def dirhams_told(centimes: int) -> str:
    """Centimes as "1 560,50"; as programs write it in English."""
    sign = "-" if centimes < 0 else ""
    whole, cents = divmod(abs(centimes), 100)
    return str(figure_told(f"{sign}{whole}.{cents:02d}"))


def _day_of_text(text: str) -> str:
    try:
        return day_told(dt.date.fromisoformat(text))
    except ValueError:
        return text
