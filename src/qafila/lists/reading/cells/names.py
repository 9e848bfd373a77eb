"""Names as written, without what a spreadsheet program or an export left in their place."""

from __future__ import annotations

import polars as pl

from qafila.lists.reading.cells.told import Told
from qafila.lists.reading.cells.values import clean_text

LOST = (
    r"^(?:#\s?(?:REF|N/A|NA|NAME|NOM|NOM\?|VALUE|VALEUR|DIV/0|NUL|NULL|NUM|NOMBRE|CHAMP|SPILL|CALC"
    r"|GETTING_DATA)\s?[!?]?|N/A|n/a|NULL|\(?null\)?|NaN|nan|None|undefined|#+|[?\x{fffd} .]*"
    r"[?\x{fffd}][?\x{fffd} .]*)$"
)
"""What is written where a name was lost before the list reached us."""


def read_names(values: pl.Series) -> Told:
    """The name in each cell; null and a code where it was lost."""
    cleaned = clean_text(values)
    lost = cleaned.str.contains(LOST)
    codes = pl.select(pl.when(lost).then(pl.lit("name_part_lost"))).to_series()
    if not lost.any():
        return Told(cleaned, codes)
    return Told(cleaned.set(lost.fill_null(value=False), None), codes)
