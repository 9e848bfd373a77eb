"""Cells that a spreadsheet program would run as formulas, made harmless in every export."""

from __future__ import annotations

import re

import polars as pl

# The last four are the wide forms, which some versions of Excel take for the others.
_RUNS = r"^[\s]*[=+\-@\t\r" + "\uff1d\uff0b\uff0d\uff20]"
_NUMBER = r"^\s*[+-]?[0-9][0-9 .,]*$"


def neutral(text: str) -> str:
    """``=1+1`` becomes ``'=1+1``; plain numbers such as +212612345678 stay."""
    if re.match(_RUNS, text) and not re.match(_NUMBER, text):
        return f"'{text}"
    return text


def neutralised(frame: pl.DataFrame) -> pl.DataFrame:
    """All text columns of a frame, their cells made harmless."""
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(_RUNS) & ~pl.col(name).str.contains(_NUMBER))
        .then(pl.concat_str(pl.lit("'"), pl.col(name)))
        .otherwise(pl.col(name))
        .alias(name)
        for name, dtype in frame.schema.items()
        if dtype == pl.String
    )
