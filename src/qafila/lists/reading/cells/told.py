"""A column of cells as understood, with a code for each cell of which something must be said."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from qafila.tables.folding import fold


def folded_words(words: str) -> frozenset[str]:
    """The words between the bars, folded."""
    return frozenset(fold(word) for word in words.split("|"))


_DASHES = re.compile(r"[\s\-–—_./*·:]+")
_NOTHING = folded_words(
    "0|néant|neant|sans|aucun|aucune|nul|nulle|rien|vide|pas de|sans cin|sans carte"
    "|sans numéro|n/a|n.a|na|nd|non renseigné|non communiqué|inconnu|inconnue|none|null|nan"
    "|لا يوجد|لا توجد|بدون|لا شيء|غير متوفر|غير متوفرة|غير معروف|ليس له|ليس لها"
)


class Told(NamedTuple):
    """``values``: null where nothing usable; ``codes``: null where nothing must be said."""

    values: pl.Series
    codes: pl.Series


Read = tuple[str | None, str | None]


def says_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing to say: a dash, “néant”, “لا يوجد”."""
    return fold(text) in _NOTHING or bool(_DASHES.fullmatch(text))


def told(values: pl.Series, regular: pl.Series, read: Callable[[str], Read]) -> Told:
    """``regular`` where it is filled; every other distinct cell read once by itself."""
    codes = pl.Series("code", [None], dtype=pl.String).new_from_index(0, len(values))
    left = values.set(regular.is_not_null(), None)
    if left.null_count() == len(left):
        return Told(regular, codes)
    distinct = left.drop_nulls().unique()
    found = [read(text) for text in distinct]
    results = pl.Series([one for one, _ in found], dtype=pl.String)
    reasons = pl.Series([code for _, code in found], dtype=pl.String)
    read_values = _replaced(left, distinct, results)
    return Told(
        regular.zip_with(regular.is_not_null(), read_values), _replaced(left, distinct, reasons)
    )


def _replaced(values: pl.Series, old: pl.Series, new: pl.Series) -> pl.Series:
    return values.replace_strict(old, new, default=None, return_dtype=pl.String)
