"""No person ever has two valid cards, whatever the households and the errors in their lists."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qafila.linkage.clustering import same_card
from qafila.linkage.features import ROW_ID
from qafila.linkage.linking import link_rows

_BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def _benchmarks_on_path() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(_BENCHMARKS))
        yield


def cards_of_persons(rows: pl.DataFrame) -> list[list[str]]:
    """The different card numbers of each person that has more than one."""
    found = link_rows(rows, explain="review").assignments.select(*ROW_ID, "person")
    cards = found.join(rows, on=ROW_ID).drop_nulls("card_number").group_by("person")
    numbers = cards.agg(pl.col("card_number").unique())["card_number"]
    return [one for one in numbers.to_list() if len(one) > 1]


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10_000), shared=st.booleans())
def test_generated_households_never_hold_two_cards(seed: int, *, shared: bool) -> None:
    """With `shared`, everyone of a household also has one telephone and one birth date."""
    from generator.lists import make_lists
    from generator.people import make_people

    rows = make_lists(make_people(250, seed=seed), seed=seed + 1).drop("person")
    if shared:
        first = pl.col("birth_date", "phone").first().over("commune_code", "family_name")
        rows = rows.with_columns(first)
    for cards in cards_of_persons(rows):
        assert all(same_card(one, other) for one, other in itertools.combinations(cards, 2))
