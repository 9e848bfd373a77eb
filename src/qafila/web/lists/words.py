"""Words for the kinds of lists and for what a column holds."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

_SOURCES: dict[str, Promise] = {
    "register": pgettext_lazy("list", "Export of the craft register"),
    "chamber": pgettext_lazy("list", "List of a chamber of crafts"),
    "tax_cpu": pgettext_lazy("list", "Tax list (CPU)"),
    "auto_entrepreneur": pgettext_lazy("list", "Auto-entrepreneur register"),
    "fund": pgettext_lazy("list", "List of the fund (CNSS)"),
    "field_sheet": pgettext_lazy("list", "Field sheet of a caravan"),
    "other": pgettext_lazy("list", "Other list"),
}
_FIELDS: dict[str, Promise] = {
    "family_name": pgettext_lazy("column", "Family name"),
    "given_name": pgettext_lazy("column", "Given name"),
    "full_name": pgettext_lazy("column", "Full name"),
    "name": pgettext_lazy("column", "Name"),
    "sex": pgettext_lazy("column", "Sex"),
    "birth_date": pgettext_lazy("column", "Date of birth"),
    "birth_year": pgettext_lazy("column", "Year of birth"),
    "card_number": pgettext_lazy("column", "Card number (CIN)"),
    "phone": pgettext_lazy("column", "Phone"),
    "fund_number": pgettext_lazy("column", "Fund number"),
    "register_number": pgettext_lazy("column", "Register number"),
    "tax_number": pgettext_lazy("column", "Tax number"),
    "ae_number": pgettext_lazy("column", "Auto-entrepreneur number"),
    "place": pgettext_lazy("column", "Commune or town"),
    "place_text": pgettext_lazy("column", "Commune or town"),
    "province": pgettext_lazy("column", "Province"),
    "province_text": pgettext_lazy("column", "Province"),
    "trade": pgettext_lazy("column", "Trade"),
    "trade_text": pgettext_lazy("column", "Trade"),
    "category": pgettext_lazy("column", "Category"),
    "annual_tax": pgettext_lazy("column", "Annual tax"),
    "effect_date": pgettext_lazy("column", "Effect date"),
    "months_unpaid": pgettext_lazy("column", "Months unpaid"),
    "struck_off": pgettext_lazy("column", "Struck off"),
    "notes": pgettext_lazy("column", "Notes"),
    "ordinal": pgettext_lazy("column", "Line number"),
    "serial": pgettext_lazy("column", "Line number"),
    "age": pgettext_lazy("column", "Age"),
    "region_text": pgettext_lazy("column", "Region"),
    "ignored": pgettext_lazy("column", "Not used"),
}


def source_word(source: str) -> str:
    """The kind of list in words; a dash while it is not known."""
    return str(_SOURCES.get(source, "—"))


def field_word(field: str) -> str:
    """What a column holds, in words; the field's own name when there is no word for it."""
    return str(_FIELDS.get(field, field))


_DATE_ORDERS: dict[str, Promise] = {
    "day_first": pgettext_lazy("dates", "day first"),
    "month_first": pgettext_lazy("dates", "month first"),
    "mixed": pgettext_lazy("dates", "some day first, some month first"),
    "not_proven": pgettext_lazy("dates", "day taken first, not proven by the list"),
}


def date_order_word(order: str) -> str:
    """Whether the day or the month was read first in a column of dates."""
    return str(_DATE_ORDERS.get(order, ""))
