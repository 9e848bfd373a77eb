"""Pairs of names as Moroccan lists write them: the same name, or names that only look alike."""

from __future__ import annotations

import csv
from pathlib import Path

TABLE = Path(__file__).with_name("name_pairs.csv")


def read_pairs() -> list[tuple[str, str, bool, str]]:
    """One name, the other, whether they are one name, and what makes the pair hard."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return [
            (one, other, same == "yes", hard)
            for one, other, same, hard in [*csv.reader(stream)][1:]
        ]


NAME_PAIRS = read_pairs()
