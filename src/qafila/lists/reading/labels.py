"""The names of fields and kinds of list, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import pgettext_lazy

_FIELDS: Mapping[str, Any] = {
    "serial": pgettext_lazy("column", "Order number"),
    "family_name": pgettext_lazy("column", "Family name"),
    "given_name": pgettext_lazy("column", "Given name"),
    "full_name": pgettext_lazy("column", "Full name"),
    "sex": pgettext_lazy("column", "Sex"),
    "birth_date": pgettext_lazy("column", "Date of birth"),
    "birth_year": pgettext_lazy("column", "Year of birth"),
    "age": pgettext_lazy("column", "Age"),
    "card_number": pgettext_lazy("column", "Card number"),
    "phone": pgettext_lazy("column", "Phone"),
    "fund_number": pgettext_lazy("column", "Fund number"),
    "register_number": pgettext_lazy("column", "Register number"),
    "tax_number": pgettext_lazy("column", "Tax number"),
    "ae_number": pgettext_lazy("column", "Auto-entrepreneur number"),
    "place_text": pgettext_lazy("column", "Commune"),
    "province_text": pgettext_lazy("column", "Province"),
    "region_text": pgettext_lazy("column", "Region"),
    "trade_text": pgettext_lazy("column", "Trade"),
    "category": pgettext_lazy("column", "Category"),
    "annual_tax": pgettext_lazy("column", "Annual tax"),
    "effect_date": pgettext_lazy("column", "Date of effect"),
    "months_unpaid": pgettext_lazy("column", "Unpaid months"),
    "struck_off": pgettext_lazy("column", "Struck off"),
    "notes": pgettext_lazy("column", "Notes"),
    "ignored": pgettext_lazy("column", "Not used"),
}

_SOURCES: Mapping[str, Any] = {
    "register": pgettext_lazy("list", "National Register of Crafts"),
    "chamber": pgettext_lazy("list", "List of a chamber of crafts"),
    "tax_cpu": pgettext_lazy("list", "Tax office's list of the single professional contribution"),
    "auto_entrepreneur": pgettext_lazy("list", "List of auto-entrepreneurs"),
    "fund": pgettext_lazy("list", "Fund's list of registered persons"),
    "field_sheet": pgettext_lazy("list", "Field sheet"),
    "other": pgettext_lazy("list", "Other list"),
}


_OUTCOMES: Mapping[str, Any] = {
    "accepted": pgettext_lazy("row", "Accepted"),
    "rejected": pgettext_lazy("row", "Rejected"),
    "repeated": pgettext_lazy("row", "Repeated"),
    "skipped": pgettext_lazy("row", "Skipped"),
}


def outcome_heading() -> str:
    """The heading over what became of rows."""
    return str(pgettext_lazy("row", "Outcome"))


def outcome_word(outcome: str) -> str:
    """What became of a row, in a word."""
    return str(_OUTCOMES[outcome])


def field_label(field: str) -> str:
    """What a person calls a field; the field itself when it has no name."""
    return str(_FIELDS.get(field, field))


def source_label(source: str) -> str:
    """What a person calls a kind of list."""
    return str(_SOURCES[source])
