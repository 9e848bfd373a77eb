"""What a heading of a list means: :file:`headings.yaml` gives each field its headings."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from django.conf import settings

from qafila.tables.notices import CannotRead
from qafila.tables.synonyms import (
    IGNORED,
    HeadingMatch,
    Synonyms,
    SynonymsRefused,
    parse_synonyms,
)

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


def list_synonyms() -> Synonyms:
    """The headings that the fields of lists go by, with those of the setting LIST_HEADINGS.

    CannotRead when the file of the setting cannot be used.
    """
    return _with_more(settings.LIST_HEADINGS) if settings.LIST_HEADINGS else _built_in()


@cache
def _built_in() -> Synonyms:
    text = resources.files(__package__).joinpath("headings.yaml").read_text(encoding="utf-8")
    return parse_synonyms(text, fields=(*FIELDS, IGNORED))


@cache
def _with_more(path: str) -> Synonyms:
    """Read once in each process: another file of headings counts from the next start."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
        more = parse_synonyms(text, fields=(*FIELDS, IGNORED))
    except (OSError, UnicodeDecodeError, SynonymsRefused) as error:
        raise CannotRead("list_headings_unusable", named=Path(path).name) from error
    return _built_in().with_more(more)


def meaning_of(heading: str) -> HeadingMatch | None:
    """The field ``heading`` names, or None. Arabic, French and English, any spelling."""
    return list_synonyms().meaning_of(heading)
