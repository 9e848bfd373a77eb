"""Rows that are paired with one another, directly or through others, are one group."""

from __future__ import annotations

import random
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from qafila.linkage.entity_resolution import _groups

_ROWS = st.integers(0, 25)
_PAIRS = st.lists(st.tuples(_ROWS, _ROWS).filter(lambda pair: pair[0] != pair[1]), max_size=40)
_SCHEMA = {"uid_l": pl.Int64, "uid_r": pl.Int64}


def groups_of(pairs: list[tuple[int, int]]) -> dict[int, int]:
    frame = pl.DataFrame(pairs, schema=_SCHEMA, orient="row")
    return dict(_groups(frame).iter_rows())


@given(_PAIRS)
def test_a_group_is_all_that_is_reached(
    pairs: list[tuple[int, int]],
) -> None:
    reached = {row: {row} for pair in pairs for row in pair}
    for left, right in pairs:
        together = reached[left] | reached[right]
        for row in together:
            reached[row] = together
    assert groups_of(pairs) == {row: min(together) for row, together in reached.items()}


def test_a_long_chain_in_any_order_is_one_group() -> None:
    rows = random.Random(3).sample(range(50_000), 20_000)
    assert set(groups_of(list(pairwise(rows))).values()) == {min(rows)}
