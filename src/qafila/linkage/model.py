"""The Fellegi-Sunter model: its settings for Splink, and what it starts from.

Every level starts from a published chance (see `comparisons`); `learning` fits them to the lists.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import Comparison, Level

_SEED = 3

Chances = Mapping[str, tuple[float, float]]
"""m and u of each level, by evidence code."""


def published_chances() -> dict[str, tuple[float, float]]:
    """The starting m and u of every level."""
    return {level.code: (level.m, level.u) for one in COMPARISONS for level in one.levels}


def settings(chances: Chances, prior: float) -> dict[str, Any]:
    """Splink settings with the given chances; `prior` is that of two random rows matching.

    Without rules of its own for pairs: those come from `blocking`.
    """
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "uid",
        "probability_two_random_records_match": prior,
        "comparisons": [_comparison_settings(one, chances) for one in COMPARISONS],
        "blocking_rules_to_generate_predictions": [],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison_settings(comparison: Comparison, chances: Chances) -> dict[str, Any]:
    absent = {"sql_condition": comparison.absent, "label_for_charts": "absent"}
    levels = [_level_settings(level, chances) for level in comparison.levels]
    return {
        "output_column_name": comparison.name,
        "comparison_levels": [{**absent, "is_null_level": True}, *levels],
    }


def _level_settings(level: Level, chances: Chances) -> dict[str, Any]:
    m, u = chances[level.code]
    described: dict[str, Any] = {
        "sql_condition": level.sql,
        "label_for_charts": level.code,
        "m_probability": m,
        "u_probability": u,
    }
    if level.rarity_column is not None:
        described |= {
            "tf_adjustment_column": level.rarity_column,
            "tf_minimum_u_value": level.rarity_floor,
            "disable_tf_exact_match_detection": True,
        }
    return described


def rarity_columns() -> tuple[str, ...]:
    """Columns whose frequency of each value the model weighs."""
    named = {level.rarity_column for one in COMPARISONS for level in one.levels}
    return tuple(sorted(name for name in named if name is not None))


def with_rarity(frame: pl.DataFrame) -> pl.DataFrame:
    """Add tf_* columns: the share of filled rows that hold the same value."""
    return frame.with_columns(
        pl.when(pl.col(name).is_not_null())
        .then(pl.len().over(name) / max(1, frame[name].count()))
        .alias(f"tf_{name}")
        for name in rarity_columns()
    )


def expected_prior(frame: pl.DataFrame) -> float:
    """The chance that two random rows are one person, from sure pairs and their usual share."""
    pairs = pairs_within(frame, ["card_number"]) / 0.75
    covered = frame["card_number"].count() / max(1, frame.height)
    by_birth = pairs_within(frame, ["birth_exact", "name_key"]) / 0.6
    expected = max(pairs / max(covered, 0.2), by_birth, 0.05 * frame.height, 1.0)
    possible = frame.height * (frame.height - 1) / 2
    return min(0.2, expected / max(possible, 1.0))


def pairs_within(frame: pl.DataFrame, columns: list[str]) -> float:
    """How many pairs of rows agree in all the columns."""
    hashed = (pl.col(name).hash(_SEED) for name in columns)
    values = frame.drop_nulls(columns).select(value=pl.sum_horizontal(hashed))
    sizes = values.group_by("value").len()["len"].cast(pl.Float64)
    return float((sizes * (sizes - 1) / 2).sum())
