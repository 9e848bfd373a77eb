"""What a column holds, told from its content when its heading does not say."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import polars as pl

from qafila.linkage.values.dates import parse_date
from qafila.linkage.values.identifiers import normalise_card_number
from qafila.linkage.values.phones import normalise_phone
from qafila.lists.reading.cells.given_names import given_names
from qafila.lists.reading.cells.vocabulary import CATEGORIES, SEXES
from qafila.places.gazetteer import find_candidates, find_province
from qafila.tables.folding import fold
from qafila.tables.limits import CONTENT_SAMPLE_ROWS

_MOST = 0.7
_AE_NUMBER = re.compile(r"AE[ -]?\d{4,}", re.I)
_LETTERS_ONLY = re.compile(r"[^\W\d_]+(?:[\s'’.-]+[^\W\d_]+)*[.]?")
_CARD = re.compile(r"[A-Za-z]{1,2}[ -]?\d[\dOoIl]{3,6}")
_FIRST_BIRTH_YEAR, _LAST_BIRTH_YEAR = 1915, 2012


def sample_of(cells: pl.DataFrame, column: str) -> list[str]:
    """Up to :data:`CONTENT_SAMPLE_ROWS` filled cells of a column."""
    values = cells.get_column(column).drop_nulls().head(CONTENT_SAMPLE_ROWS)
    return [str(value) for value in values.to_list()]


def field_by_content(values: list[str]) -> str | None:
    """The field whose look at least seven cells in ten have, or None. Names are not told here."""
    if len(values) < 2:
        return None
    for field, look in _LOOKS:
        if sum(map(look, values)) >= _MOST * len(values):
            return field
    return None


def counts_up(values: list[str]) -> bool:
    """Whether the cells are order numbers: each one more than the one before, but for gaps."""
    numbers = [int(v) for v in values if v.isdecimal() and len(v) < 8]
    steps = sum(later == earlier + 1 for earlier, later in itertools.pairwise(numbers))
    return len(numbers) > 1 and steps >= _MOST * (len(values) - 1)


def looks_like(field: str, value: str) -> bool:
    """Whether a cell could be of a field that has a look of its own."""
    return any(name == field and look(value) for name, look in _LOOKS)


def name_columns_by_content(samples: dict[str, list[str]]) -> dict[str, str]:
    """Which of the unknown columns hold names: one full name, or family and given name."""
    shares = {c: name_share(values) for c, values in samples.items() if len(values) >= 2}
    likely = [c for c, share in shares.items() if share >= _MOST and _varied(samples[c])]
    given = {c: given_share(samples[c]) for c in likely}
    full = [c for c in likely if given[c] > 0.3 and _several_words(samples[c]) > 0.8]
    if full:
        return {max(full, key=lambda c: given[c]): "full_name"}
    first = max(likely, key=lambda c: given[c], default=None)
    if first is None or given[first] < 0.2:
        return {}
    others = [c for c in likely if c != first and _beside(c, first)]
    if not others:
        return {first: "full_name"}
    return {first: "given_name", min(others, key=lambda c: given[c]): "family_name"}


def _beside(left: str, right: str) -> bool:
    return abs(int(left) - int(right)) == 1


def name_share(values: list[str]) -> float:
    """Which part of the cells is made of letters as names are."""
    return sum(bool(_LETTERS_ONLY.fullmatch(v)) and len(v) < 60 for v in values) / len(values)


def _varied(values: list[str]) -> bool:
    return len(set(values)) >= min(3, len(values))


def _several_words(values: list[str]) -> float:
    return sum(len(v.split()) >= 2 for v in values) / len(values)


def given_share(values: list[str]) -> float:
    """Which part of the cells holds a common given name."""
    known = given_names()
    return sum(any(w in known for w in fold(v).split()) for v in values) / len(values)


def _is_birth_date(value: str) -> bool:
    found = parse_date(value) if len(value) >= 4 else None
    return found is not None and _FIRST_BIRTH_YEAR <= found.date.year <= _LAST_BIRTH_YEAR


def _is_fund_number(value: str) -> bool:
    return len(value) == 9 and value.isdigit() and value[0] in "1234"


def _is_card(value: str) -> bool:
    return bool(_CARD.fullmatch(value)) and normalise_card_number(value) is not None


def _is_phone(value: str) -> bool:
    return normalise_phone(value) is not None


def _is_province(value: str) -> bool:
    return find_province(value) is not None


def _is_commune(value: str) -> bool:
    return bool(find_candidates(value))


def _is_ae_number(value: str) -> bool:
    return bool(_AE_NUMBER.fullmatch(value))


_LOOKS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("ae_number", _is_ae_number),
    ("card_number", _is_card),
    ("phone", _is_phone),
    ("birth_date", _is_birth_date),
    ("fund_number", _is_fund_number),
    ("sex", lambda value: fold(value) in SEXES and not value.isdigit()),
    ("category", lambda value: fold(value) in CATEGORIES),
    ("province_text", _is_province),
    ("place_text", _is_commune),
)
