"""The Fellegi-Sunter model: settings for Splink, and chances learned without labels.

Every level starts from a published chance (see `comparisons`). The chances among rows of two
persons (u) are counted over all pairs of a sample; those among rows of one person (m) are learned
by expectation-maximisation on pairs with one card number. Both are then mixed with the published
ones, which count as `PRIOR_PAIRS` pairs, so that short lists change little and rare levels never
get a chance of zero.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import Comparison, Level
from qafila.linkage.engines import count_levels, learn_by_em

PRIOR_PAIRS = 150
_U_PRIOR_PAIRS = 20_000
_FEWEST_PAIRS = 100
_SAMPLE_ROWS = 600
_TRAINING_ROWS = 20_000
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
        "max_iterations": 6,
        "em_convergence": 0.001,
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
    pairs = _pairs_within(frame, ["card_number"]) / 0.75
    covered = frame["card_number"].count() / max(1, frame.height)
    by_birth = _pairs_within(frame, ["birth_exact", "name_key"]) / 0.6
    expected = max(pairs / max(covered, 0.2), by_birth, 0.05 * frame.height, 1.0)
    possible = frame.height * (frame.height - 1) / 2
    return min(0.2, expected / max(possible, 1.0))


def _pairs_within(frame: pl.DataFrame, columns: list[str]) -> float:
    hashed = (pl.col(name).hash(_SEED) for name in columns)
    values = frame.drop_nulls(columns).select(value=pl.sum_horizontal(hashed))
    sizes = values.group_by("value").len()["len"].cast(pl.Float64)
    return float((sizes * (sizes - 1) / 2).sum())


def learned_chances(frame: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Chances learned from the rows themselves; the published ones where they are too few.

    Deterministic: samples are taken by a hash of the values, and results are rounded.
    """
    published = published_chances()
    training = _training_rows(frame)
    pairs = _pairs_within(training, ["card_number"])
    if pairs < _FEWEST_PAIRS:
        return published
    chances = _with_counted_u(frame, published)
    learned = learn_by_em(training, settings(chances, 0.9), "card_number")
    return {
        code: (_mixed_m(code, chances[code][0], learned, pairs), chances[code][1])
        for code in chances
    }


def _training_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with a card number another row has, at most `_TRAINING_ROWS`, whole numbers kept."""
    known = frame.select("uid", "card_number").drop_nulls()
    shared = known.filter(pl.col("card_number").hash(_SEED).is_duplicated())
    carded = frame.join(shared, on="uid", how="semi", maintain_order="left")
    if carded.height <= _TRAINING_ROWS:
        return carded
    share = carded.height // _TRAINING_ROWS + 1
    return carded.filter(pl.col("card_number").hash(seed=7) % share == 0)


def _with_counted_u(frame: pl.DataFrame, chances: Chances) -> dict[str, tuple[float, float]]:
    """Replace u by the counted share of each level among all pairs of a sample of rows."""
    order = frame.select(pl.struct("file", "sheet", "row").hash(seed=11).arg_sort()).to_series()
    sample = frame[order.head(_SAMPLE_ROWS)]
    counted = count_levels(sample)
    result = dict(chances)
    for comparison in (one for one in COMPARISONS if one.trained):
        counts = [counted.get((comparison.name, v), 0) for v in comparison.vector_values]
        total = sum(counts) + _U_PRIOR_PAIRS
        for level, count in zip(comparison.levels, counts, strict=True):
            m, u = chances[level.code]
            result[level.code] = (m, _rounded((count + _U_PRIOR_PAIRS * u) / total))
    return result


def _mixed_m(code: str, published: float, learned: Mapping[str, float], pairs: float) -> float:
    if code not in learned:
        return published
    return _rounded((pairs * learned[code] + PRIOR_PAIRS * published) / (pairs + PRIOR_PAIRS))


def _rounded(chance: float) -> float:
    return float(f"{chance:.4g}")
