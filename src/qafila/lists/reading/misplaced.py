"""Values that stand in a cell that is not theirs."""

from __future__ import annotations

import polars as pl

from qafila.lists.reading.births import Columns
from qafila.lists.reading.cells.numbers import read_cards
from qafila.lists.reading.remarks import Remarks

_NAMES = ("family_name", "given_name", "full_name")
_CARD = r"(?:^|[^\pL\d])([A-Za-z]{1,2}[ -]?\d{4,7})(?:$|[^\pL\d])"


def take_cards_from_names(raw: Columns, columns: Columns, remarks: Remarks) -> None:
    """Where a row has no card, the one that stands behind the name, with a remark."""
    for name in _NAMES:
        if name not in raw:
            continue
        written = raw[name].str.extract(_CARD)
        cards = columns.get("card_number")
        free = written.is_not_null() if cards is None else written.is_not_null() & cards.is_null()
        if not free.any():
            continue
        found = read_cards(written.set(~free, None)).values
        codes = pl.select(pl.when(found.is_not_null()).then(pl.lit("card_in_name"))).to_series()
        remarks.add(name, codes, raw[name], found)
        columns["card_number"] = found if cards is None else cards.zip_with(~free, found)
