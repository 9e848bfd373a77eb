"""Numbers, money and dates as Morocco writes them, in the language in force.

Digits are Latin in all three languages; months carry their Moroccan Arabic names.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, get_group_symbol
from django.utils import timezone, translation

_LOCALES = {"ar": Locale("ar", "MA"), "fr": Locale("fr", "MA"), "zgh": Locale("zgh")}
_DIRHAM = {"ar": "درهم", "fr": "DH", "zgh": "ⴷⵔⵀⵎ"}
_TIME_JOIN = {"ar": "d MMMM y، HH:mm", "fr": "d MMMM y à HH:mm", "zgh": "d MMMM y, HH:mm"}
_NO_BREAK = "\N{NO-BREAK SPACE}"


def _language() -> str:
    language = translation.get_language() or "ar"
    return language if language in _LOCALES else "fr"


def number_text(value: int | Decimal) -> str:
    """`1234567` as "1 234 567", in all three languages; the spaces do not break."""
    return _spaced(value, "#,##0.###")


def _spaced(value: int | Decimal, pattern: str) -> str:
    """Babel groups thousands with a point in Moroccan Arabic; the law's texts leave a space."""
    locale = _LOCALES[_language()]
    text = str(format_decimal(value, pattern, locale=locale))
    return text.replace(get_group_symbol(locale), _NO_BREAK)


def money_text(centimes: int) -> str:
    """Integer centimes as "163,52 درهم" or "163,52 DH"; the space does not break."""
    amount = _spaced(Decimal(centimes) / 100, "#,##0.00")
    return f"{amount}{_NO_BREAK}{_DIRHAM[_language()]}"


def percent_text(share: Decimal | int) -> str:
    """A share, `Decimal("0.163")`, as "16,3 %", with at most one decimal."""
    return f"{_spaced(Decimal(share) * 100, '#,##0.#')}{_NO_BREAK}%"


def day_text(day: dt.date) -> str:
    """A date as "22 نونبر 2026" or "1er novembre 2026"."""
    return _first_of_month(str(format_date(day, "d MMMM y", locale=_LOCALES[_language()])))


def month_text(month: dt.date) -> str:
    """The month of a date as "نونبر 2026" or "novembre 2026"."""
    return str(format_date(month, "LLLL y", locale=_LOCALES[_language()]))


def moment_text(moment: dt.datetime) -> str:
    """An aware moment in Moroccan time, as "22 نونبر 2026، 10:00"."""
    local = timezone.localtime(moment)
    text = str(format_datetime(local, _TIME_JOIN[_language()], locale=_LOCALES[_language()]))
    return _first_of_month(text)


def _first_of_month(text: str) -> str:
    """French writes the first day of a month as an ordinal: 1er novembre 2026."""
    return f"1er{text[1:]}" if text.startswith("1 ") and _language() == "fr" else text
