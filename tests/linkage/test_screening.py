"""Screening puts aside no pair that the full weighing would keep."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from linkage.sample_rows import FATIMA, FATIMA_IN_FRENCH, make_rows
from qafila.linkage.blocking import pairs_of_rows
from qafila.linkage.engines import score_pairs
from qafila.linkage.entity_resolution import REVIEW_FROM
from qafila.linkage.features import comparison_columns
from qafila.linkage.model import expected_prior, published_chances, settings, with_rarity
from qafila.linkage.screening import screened_pairs

_EVERY_PAIR = -1e6


def screened_and_kept(
    columns: pl.DataFrame, pairs: pl.DataFrame
) -> tuple[set[object], set[object]]:
    """The pairs screening leaves, and those whose full weight is worth a human's look."""
    chances, prior = published_chances(), expected_prior(columns)
    left = screened_pairs(columns, pairs, chances, prior, REVIEW_FROM)
    scored = score_pairs(columns, pairs, settings(chances, prior), _EVERY_PAIR)
    assert scored.height == pairs.height
    kept = scored.filter(pl.col("match_weight") >= REVIEW_FROM).select("uid_l", "uid_r")
    return set(left.iter_rows()), set(kept.iter_rows())


def test_no_pair_of_lists_in_two_scripts_is_lost_and_most_are_put_aside(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    from generator.lists import TWO_LARGE_LISTS, make_lists
    from generator.people import make_people

    rows = make_lists(make_people(900), TWO_LARGE_LISTS).drop("person")
    columns = with_rarity(comparison_columns(rows.sort("file", "sheet", "row")))
    # Not only the pairs of blocks: rows side by side in the order of each value as well.
    orders = [
        columns.sort(name, maintain_order=True)["uid"]
        for name in ("card_number", "phone", "family_key", "given_key", "birth_day", "place")
    ]
    beside = [
        pl.DataFrame({"one": order.slice(0, order.len() - apart), "other": order.slice(apart)})
        for order in orders
        for apart in (1, 2, 3)
    ]
    ordered = pl.concat(beside).select(
        uid_l=pl.min_horizontal("one", "other"), uid_r=pl.max_horizontal("one", "other")
    )
    pairs = pl.concat([pairs_of_rows(columns), ordered]).unique().sort("uid_l", "uid_r")
    left, kept = screened_and_kept(columns, pairs)
    assert len(kept) > 300
    assert kept <= left
    assert len(left) < len(kept) + 0.1 * pairs.height


@pytest.mark.parametrize(
    "changed",
    [
        {"card_number": "EJ254533"},
        {"card_number": "JE254538"},
        {"card_number": "JE25453"},
        {"phone": "+212612345670"},
        {"family_name": "Alaouii"},
        {"commune_code": None, "place_text": "Marrakesh"},
        {"birth_date": None},
    ],
)
def test_a_row_with_one_value_wrong_is_left(changed: dict[str, object]) -> None:
    rows = make_rows(FATIMA, {**FATIMA_IN_FRENCH, **changed})
    columns = with_rarity(comparison_columns(rows.sort("file", "sheet", "row")))
    left, kept = screened_and_kept(columns, pairs_of_rows(columns))
    assert kept <= left
