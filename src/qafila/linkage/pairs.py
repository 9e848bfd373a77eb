"""Pairs of rows as every engine takes them."""

from __future__ import annotations

import polars as pl


def named_pairs(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs of rows (uid_l, uid_r) in the names Splink has for pairs of its own."""
    return pairs.select(match_key=pl.lit("0"), join_key_l="uid_l", join_key_r="uid_r")
