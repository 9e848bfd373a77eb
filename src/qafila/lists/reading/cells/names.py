"""Names as written, without what a spreadsheet program or an export left in their place."""

from __future__ import annotations

import re

import polars as pl

from qafila.lists.reading.cells.told import Told, folded_words
from qafila.lists.reading.cells.values import clean_text, read_each
from qafila.tables.folding import fold

LOST = (
    r"^(?:#\s?(?:REF|N/A|NA|NAME|NOM|NOM\?|VALUE|VALEUR|DIV/0|NUL|NULL|NUM|NOMBRE|CHAMP|SPILL|CALC"
    r"|GETTING_DATA)\s?[!?]?|N/A|n/a|(?i:true|false|vrai|faux)|NULL|\(?null\)?"
    r"|NaN|nan|None|undefined|#+|[?\x{fffd} .]*"
    r"[?\x{fffd}][?\x{fffd} .]*)$"
)
"""What is written where a name was lost before the list reached us."""
_NAMELESS = folded_words(
    "néant|inconnu|inconnue|aucun|aucune|sans|sans nom|sans prénom|sans nom patronymique|snp|vide"
    "|rien|anonyme|non renseigné|non communiqué|لا يوجد|لا توجد|غير معروف|غير معروفة|بدون|بدون اسم"
    "|مجهول|مجهولة"
)
_NAMELESS_BEGINS = (
    r"^(?i:n[ée]ant|inconnu|aucun|sans|snp|vide|rien|anonyme|non |لا |غير|بدون|مجهول)"
)
_LONGEST_NAMELESS = 24
_CROSSES = r"^[xX×]{1,6}$"
_ENUMERATED = r"^\d{1,5}\s*[-.)/]\s*[^\d]+$"
_EDGES = r"^[\"'«“‘`]|[\"'»”’`]$"
_PAIRS = ("''", '""', "«»", "“”", "‘’", "``", "”“", "’’")


def read_names(values: pl.Series) -> Told:
    """The name in each cell; null and a code where it was lost or is said not to be known."""
    cleaned = _without_quotes(clean_text(values))
    lost = cleaned.str.contains(LOST)
    suspects = cleaned.set(~cleaned.str.contains(_NAMELESS_BEGINS).fill_null(value=False), None)
    nameless = cleaned.str.contains(_CROSSES)
    nameless |= read_each(suspects, _says_nothing, pl.Boolean()).fill_null(value=False)
    codes = pl.select(
        pl.when(lost)
        .then(pl.lit("name_part_lost"))
        .when(nameless)
        .then(pl.lit("name_says_nothing"))
    ).to_series()
    if codes.null_count() < len(codes):
        cleaned = cleaned.set(codes.is_not_null(), None)
    return _without_numbers(cleaned, codes)


def _without_numbers(names: pl.Series, codes: pl.Series) -> Told:
    """The words with digits out: an order number, a card or a phone typed behind the name."""
    digits = names.str.contains(r"\d").fill_null(value=False)
    if not digits.any():
        return Told(names, codes)
    bare = read_each(names.set(~digits, None), _letters_of, pl.String())
    changed = bare.is_not_null()
    remarked = changed & ~names.str.contains(_ENUMERATED).fill_null(value=False)
    said = pl.select(pl.when(remarked).then(pl.lit("name_with_number"))).to_series()
    return Told(bare.zip_with(changed, names), codes.zip_with(codes.is_not_null(), said))


def _letters_of(name: str) -> str | None:
    name = re.sub(r"^\d{1,5}\s*[-.)/]\s*", "", name)
    kept = [word for word in name.split() if not any(c.isdigit() for c in word)]
    bare = " ".join(kept).strip(" -–—/.,:;()")
    return bare if any(c.isalpha() for c in bare) else None


def _says_nothing(name: str) -> bool:
    return len(name) < _LONGEST_NAMELESS and fold(name) in _NAMELESS


def _without_quotes(values: pl.Series) -> pl.Series:
    """Quotation marks around a whole cell, or one left over at its edge, are of no name."""
    quoted = values.filter(values.str.contains(_EDGES).fill_null(value=False)).unique()
    if quoted.is_empty():
        return values
    return values.replace(quoted, pl.Series([_unquoted(name) for name in quoted], dtype=pl.String))


def _unquoted(name: str) -> str | None:
    if len(name) > 1 and name[0] + name[-1] in _PAIRS:
        name = name[1:-1].strip()
    elif name.count('"') == 1:
        name = name.strip('"').strip()
    return name or None
