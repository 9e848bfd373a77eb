"""Chances of the model, learned from the lists themselves without labels.

The chances among rows of two persons (u) are counted over all pairs of a sample; those among rows
of one person (m) are learned by expectation-maximisation on pairs with one card number. Both are
then mixed with the published ones, which count as `PRIOR_PAIRS` pairs, so that short lists change
little and rare levels never get a chance of zero.

Which levels a pair falls into is counted once. The rounds of expectation and maximisation then take
only the few hundred combinations there are, so that they cost next to nothing
(docs/decisions/0010-chances-are-learned-from-counted-combinations.md).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from qafila.linkage.comparisons import COMPARISONS
from qafila.linkage.comparisons.level import Comparison
from qafila.linkage.engines import count_patterns
from qafila.linkage.model import Chances, pairs_within, published_chances

PRIOR_PAIRS = 150
_U_PRIOR_PAIRS = 20_000
_FEWEST_PAIRS = 100
_SAMPLE_ROWS = 600
_TRAINING_ROWS = 20_000
_SEED = 3
_ONE_PERSON = 0.9
"""How likely two random rows are held to be one person, before their one card number is seen."""

_MOST_ROUNDS = 6
_CONVERGED = 0.001
_LEAST = 1e-300
"""A chance below this is none: floats end a little further down."""

_Numbers = np.ndarray[Any, np.dtype[np.float64]]
_Levels = np.ndarray[Any, np.dtype[np.int64]]


def learned_chances(frame: pl.DataFrame) -> dict[str, tuple[float, float]]:
    """Chances learned from the rows themselves; the published ones where they are too few.

    Deterministic: samples are taken by a hash of the values, and results are rounded.
    """
    published = published_chances()
    training = _training_rows(frame)
    pairs = pairs_within(training, ["card_number"])
    if pairs < _FEWEST_PAIRS:
        return published
    chances = _with_counted_u(frame, published)
    learned = learn_by_em(count_patterns(training, "card_number"), chances, "card")
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
    counted = count_patterns(sample)
    result = dict(chances)
    for comparison in (one for one in COMPARISONS if one.trained):
        counts = _counts(counted, comparison)
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


def _counts(patterns: pl.DataFrame, comparison: Comparison) -> list[int]:
    """How many pairs fall into each level of a comparison, in the order of its levels."""
    found = dict(patterns.group_by(comparison.name).agg(pl.col("pairs").sum()).iter_rows())
    return [int(found.get(number, 0)) for number in comparison.vector_values]


def learn_by_em(patterns: pl.DataFrame, chances: Chances, given: str) -> dict[str, float]:
    """m of every trained level seen, by EM on counted `patterns` whose pairs agree in `given`.

    What Splink learns (`estimate_parameters_using_expectation_maximisation`, without frequencies of
    values) from the same start: u stays as it is. Empty where nothing can be learned: a level that
    only strangers fall into loses its chance from round to round until no float can hold it.
    """
    compared = [one for one in COMPARISONS if one.name != given]
    levels = [patterns[one.name].to_numpy() + 1 for one in compared]
    m, u = ([_start(one, chances, which) for one in compared] for which in (0, 1))
    pairs = patterns["pairs"].to_numpy().astype(np.float64)
    one_person = _once_equal(chances, given)
    for _ in range(_MOST_ROUNDS):
        before = [*m, np.array([one_person])]
        same = pairs * _likely(levels, m, u, one_person)
        m = [_shares(*one, same) for one in zip(levels, m, strict=True)]
        one_person = float(same.sum() / pairs.sum())
        if min(float(chance[one].min()) for chance, one in zip(m, levels, strict=True)) < _LEAST:
            return {}
        if _farthest(before, [*m, np.array([one_person])]) < _CONVERGED:
            break
    return {
        level.code: float(chance[number + 1])
        for one, chance, seen in zip(compared, m, levels, strict=True)
        if one.trained
        for number, level in one.vector_values.items()
        if number + 1 in seen
    }


def _start(comparison: Comparison, chances: Chances, which: int) -> _Numbers:
    """m (0) or u (1) of the levels of a comparison by their numbers, after that of absence: 1."""
    numbered = [chances[level.code][which] for level in reversed(comparison.levels)]
    return np.array([1.0, *numbered])


def _once_equal(chances: Chances, given: str) -> float:
    """The chance that two rows are one person once the values of `given` are seen to be equal."""
    equal = next(one for one in COMPARISONS if one.name == given).levels[0]
    m, u = chances[equal.code]
    odds = _ONE_PERSON / (1 - _ONE_PERSON) * m / u
    return odds / (1 + odds)


def _likely(
    levels: list[_Levels], m: list[_Numbers], u: list[_Numbers], one_person: float
) -> _Numbers:
    """The chance of each pattern to be of one person; certain where no float holds the doubt."""
    with np.errstate(divide="ignore"):
        odds = np.full(len(levels[0]), np.float64(one_person) / (1 - one_person))
        for level, one, other in zip(levels, m, u, strict=True):
            odds *= (one / other)[level]
        return np.asarray(1 / (1 + 1 / odds))


def _shares(levels: _Levels, before: _Numbers, weights: _Numbers) -> _Numbers:
    """The share of the weights in each level, absence apart; as before where nothing is known."""
    sums = np.bincount(levels, weights, minlength=len(before))
    total = float(sums[1:].sum())
    return np.array([1.0, *(sums[1:] / total)]) if total else before


def _farthest(before: list[_Numbers], after: list[_Numbers]) -> float:
    """By how much the chance that changed most did so."""
    pairs = zip(before, after, strict=True)
    return max(float(np.abs(one - other).max()) for one, other in pairs)
