"""Chances are learned as Splink learns them, from the lists alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.engines import compared_part, count_patterns, levels_of_pairs, open_duckdb
from qafila.linkage.features import comparison_columns
from qafila.linkage.learning import learn_by_em, learned_chances
from qafila.linkage.model import published_chances, settings, with_rarity

_CHANCES = published_chances()


@pytest.fixture
def columns(monkeypatch: pytest.MonkeyPatch) -> pl.DataFrame:
    """The compared columns of two lists in two scripts; one number in twelve is somebody else's."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    from generator.lists import TWO_LARGE_LISTS, make_lists
    from generator.people import make_people

    rows = make_lists(make_people(700, siblings=0.3), TWO_LARGE_LISTS).drop("person")
    wrong = pl.when(pl.col("row") % 12 == 0).then(pl.col("card_number").shift(1))
    rows = rows.with_columns(card_number=wrong.otherwise("card_number"))
    return with_rarity(comparison_columns(rows.sort("file", "sheet", "row")))


def learned_by_splink(columns: pl.DataFrame) -> dict[str, float]:
    from splink import DuckDBAPI, Linker, block_on

    model = settings(_CHANCES, 0.9) | {"max_iterations": 6, "em_convergence": 0.001}
    with open_duckdb(threads=1) as connection:
        table = DuckDBAPI(connection=connection).register(compared_part(columns).to_arrow())
        linker = Linker(table, model, log_level=None, validate_settings=False)
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on("card_number"), estimate_without_term_frequencies=True
        )
        levels: list[dict[str, Any]] = [
            level
            for comparison in linker.misc.save_model_to_json()["comparisons"]
            for level in comparison["comparison_levels"]
        ]
    return {level["label_for_charts"]: level.get("m_probability") for level in levels}


def test_what_is_learned_is_what_splink_learns(columns: pl.DataFrame) -> None:
    learned = learn_by_em(count_patterns(columns, "card_number"), _CHANCES, "card")
    theirs = learned_by_splink(columns)
    assert len(learned) > 15
    assert learned == pytest.approx({code: theirs[code] for code in learned}, rel=1e-6)
    assert learned["given_same"] != pytest.approx(_CHANCES["given_same"][0], rel=0.01)


def test_counted_levels_are_those_of_the_pairs(columns: pl.DataFrame) -> None:
    some = columns.head(60)
    every = some.select(uid_l="uid").join(some.select(uid_r="uid"), how="cross")
    levels = levels_of_pairs(some, every.filter(pl.col("uid_l") < pl.col("uid_r")))
    names = [one.name for one in COMPARISONS]
    counted = levels.group_by(names).len("pairs").sort(names)
    found = count_patterns(some).select(*names, "pairs").sort(names)
    assert found.rows() == counted.select(*names, "pairs").rows()


def test_pairs_that_agree_in_all_are_learned_without_a_doubt() -> None:
    first = {one.name: [len(one.levels) - 1] for one in COMPARISONS}
    patterns = pl.DataFrame({**first, "pairs": [100_000]})
    learned = learn_by_em(patterns, _CHANCES, "card")
    assert learned == {one.levels[0].code: 1.0 for one in COMPARISONS if one.trained}


def test_a_chance_no_float_holds_teaches_nothing() -> None:
    alike = {one.name: len(one.levels) - 1 for one in COMPARISONS}
    strangers = dict.fromkeys(alike, 0)
    patterns = pl.DataFrame([{**alike, "pairs": 1}, {**strangers, "pairs": 100_000}])
    rare = {
        code: (1e-60 if code.endswith("_differs") else m, u) for code, (m, u) in _CHANCES.items()
    }
    assert learn_by_em(patterns, rare, "card") == {}


def test_few_pairs_keep_the_published_chances(columns: pl.DataFrame) -> None:
    assert learned_chances(columns.head(100)) == _CHANCES
    assert learned_chances(columns) != _CHANCES
