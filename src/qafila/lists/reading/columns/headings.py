"""What a heading of a list means: :file:`headings.yaml` gives each field its headings."""

from __future__ import annotations

from functools import cache
from importlib import resources

from qafila.tables.synonyms import IGNORED, HeadingMatch, Synonyms, parse_synonyms

FIELDS = (
    "serial",
    "family_name",
    "given_name",
    "name",
    "full_name",
    "sex",
    "birth_date",
    "birth_year",
    "age",
    "card_number",
    "phone",
    "fund_number",
    "register_number",
    "tax_number",
    "ae_number",
    "place_text",
    "province_text",
    "region_text",
    "trade_text",
    "category",
    "annual_tax",
    "effect_date",
    "months_unpaid",
    "struck_off",
    "notes",
)
"""What a column can be mapped to; ``ignored`` is allowed as well."""

NAME_FIELDS = frozenset(("family_name", "given_name", "name", "full_name"))


@cache
def list_synonyms() -> Synonyms:
    """The headings that the fields of lists go by."""
    text = resources.files(__package__).joinpath("headings.yaml").read_text(encoding="utf-8")
    return parse_synonyms(text, fields=(*FIELDS, IGNORED))


def meaning_of(heading: str) -> HeadingMatch | None:
    """The field ``heading`` names, or None. Arabic, French and English, any spelling."""
    return list_synonyms().meaning_of(heading)
