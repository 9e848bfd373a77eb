"""Link the rows of many lists: one cluster per person, and a review queue for the rest."""

import gc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import polars as pl

from qafila.linkage.blocking import pairs_of_rows
from qafila.linkage.engines import Engine, levels_of_pairs, score_pairs
from qafila.linkage.entity_resolution import AUTOMATIC_FROM, REVIEW_FROM, gather
from qafila.linkage.evidence import EVIDENCE, shown_values, with_evidence
from qafila.linkage.features import ROW_ID, comparison_columns
from qafila.linkage.learning import learned_chances
from qafila.linkage.model import Chances, expected_prior, settings, with_rarity
from qafila.linkage.screening import screened_pairs
from qafila.linkage.two_people import compare_given_names

SIDES = tuple(f"{side}_{name}" for side in ("left", "right") for name in ROW_ID)
Explain = Literal["all", "review"]


@dataclass(frozen=True, slots=True)
class LinkageResult:
    """What was linked.

    `assignments`: file, sheet, row, person (cluster id such as "P000017"), probability (of the
    row's best link, or of standing alone), decision ("linked", "single", "review": stands alone
    but a pair of it waits for a human).

    `pairs`: left_file, left_sheet, left_row, right_file, right_sheet, right_row, probability,
    weight (bits), band ("automatic" or "review"), evidence (see `evidence`); best first. Every
    automatic pair is listed; of the review pairs the best one for each two persons.

    `chances` and `prior` are the model used, to score later rows with the same one.
    """

    assignments: pl.DataFrame
    pairs: pl.DataFrame
    chances: dict[str, tuple[float, float]]
    prior: float


def link_rows(
    rows: pl.DataFrame,
    *,
    engine: Engine = "duckdb",
    decisions: pl.DataFrame | None = None,
    explain: Explain = "all",
    chances: Chances | None = None,
    prior: float | None = None,
) -> LinkageResult:
    """Link canonical rows (file, sheet, row and the columns of the row contract).

    Deterministic and independent of the rows' order. `decisions` (left_file … right_row, same)
    by people are always obeyed; where they contradict each other, *apart* wins. Decisions on rows
    that are not there are ignored. `explain="review"` leaves the evidence of automatic pairs
    empty, for very long lists. `chances` and `prior` reuse the model of an earlier result instead
    of learning one: so are new rows linked to the few known rows that share a value with them,
    at a cost that follows the new rows.

    Raises ValueError, in a sentence, when an identifying column is missing or a row comes twice.
    """
    with _without_collecting():
        return _linked(_ordered(rows), engine, decisions, explain, chances, prior)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Names and persons are millions of small objects that stay: looking them through again and
    again for circles, of which they have none, took a quarter of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _linked(
    rows: pl.DataFrame,
    engine: Engine,
    decisions: pl.DataFrame | None,
    explain: Explain,
    chances: Chances | None,
    prior: float | None,
) -> LinkageResult:
    columns = with_rarity(comparison_columns(rows))
    with ThreadPoolExecutor(max_workers=1) as beside:
        paired = beside.submit(pairs_of_rows, columns)
        model = dict(chances) if chances is not None else learned_chances(columns)
        prior = expected_prior(columns) if prior is None else prior
        likely = screened_pairs(columns, paired.result(), model, prior, REVIEW_FROM)
        compared = beside.submit(compare_given_names, columns, likely)
        scored = score_pairs(columns, likely, settings(model, prior), REVIEW_FROM, engine)
        compared.result()
    decided = _decided_pairs(columns, decisions)
    clusters, edges = gather(columns, scored, decided)
    pairs = _pairs_frame(rows, columns, edges, model, explain)
    return LinkageResult(_assignments(columns, clusters, edges), pairs, model, prior)


def _ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows by file, sheet and row; raises ValueError as `link_rows` does."""
    missing = [name for name in ROW_ID if name not in rows.columns]
    if missing:
        raise ValueError(
            f"The rows to link lack the column {missing[0]}: every row needs its file, its sheet "
            "(empty for csv) and its row number."
        )
    rows = rows.sort(ROW_ID)
    same = (pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ROW_ID)
    twice = rows.with_row_index("_").filter(pl.all_horizontal(same), pl.col("_") > 0)
    if twice.height:
        file, sheet, row = twice.select(ROW_ID).row(0)
        raise ValueError(
            f"Row {row} of {file} (sheet {sheet or '-'}) comes twice: give each row once."
        )
    return rows


def _decided_pairs(
    columns: pl.DataFrame, decisions: pl.DataFrame | None
) -> list[tuple[int, int, bool]]:
    """Decisions by people as row numbers of the frame: left, right, same."""
    if decisions is None or decisions.is_empty():
        return []
    joined = decisions.select(*SIDES, "same")
    for side in ("left", "right"):
        named = columns.select(
            pl.col("uid").alias(f"uid_{side}"), *(pl.col(n).alias(f"{side}_{n}") for n in ROW_ID)
        )
        joined = joined.join(named, on=[f"{side}_{n}" for n in ROW_ID], how="inner")
    chosen = joined.select("uid_left", "uid_right", "same").unique().sort("uid_left", "uid_right")
    return [(left, right, same) for left, right, same in chosen.iter_rows() if left != right]


def _probability(weight: pl.Expr) -> pl.Expr:
    return (1 / (1 + (-weight).clip(-60, 60).mul(0.6931471805599453).exp())).round(6)


def _assignments(columns: pl.DataFrame, clusters: pl.Series, edges: pl.DataFrame) -> pl.DataFrame:
    frame = columns.select(*ROW_ID, "uid").with_columns(cluster=clusters)
    frame = frame.with_columns(
        size=pl.len().over("cluster"), first=pl.col("uid").min().over("cluster")
    )
    number = pl.col("first").rank("dense").cast(pl.String).str.zfill(6)
    best = _best_of_rows(edges)
    frame = frame.join(best, on="uid", how="left", maintain_order="left")
    linked = pl.col("size") > 1
    waits = pl.col("review").is_not_null()
    return frame.select(
        *ROW_ID,
        person=pl.lit("P") + number,
        probability=pl.when(linked)
        .then(_probability(pl.col("automatic").fill_null(AUTOMATIC_FROM)))
        .otherwise(1 - _probability(pl.col("review").fill_null(-60.0))),
        decision=pl.when(linked)
        .then(pl.lit("linked"))
        .when(waits)
        .then(pl.lit("review"))
        .otherwise(pl.lit("single")),
    )


def _best_of_rows(edges: pl.DataFrame) -> pl.DataFrame:
    """The strongest automatic and review weight of each row that has one."""
    sides = [edges.select("weight", "band", uid=side) for side in ("uid_l", "uid_r")]
    return (
        pl.concat(sides)
        .group_by("uid")
        .agg(
            automatic=pl.col("weight").filter(pl.col("band") == "automatic").max(),
            review=pl.col("weight").filter(pl.col("band") == "review").max(),
        )
    )


def _pairs_frame(
    rows: pl.DataFrame, columns: pl.DataFrame, edges: pl.DataFrame, model: Chances, explain: Explain
) -> pl.DataFrame:
    told = pl.col("note").is_not_null()
    asked = pl.lit(value=True) if explain == "all" else pl.col("band") == "review"
    explained = _explained(rows, columns, edges.filter(asked | told), asked, model)
    silent = edges.filter(~(asked | told)).with_columns(evidence=pl.lit([], EVIDENCE))
    frame = pl.concat([explained, silent]).sort(
        ["weight", "uid_l", "uid_r"], descending=[True, False, False]
    )
    ids = [
        columns[name].gather(frame[f"uid_{side}"]).alias(f"{which}_{name}")
        for side, which in (("l", "left"), ("r", "right"))
        for name in ROW_ID
    ]
    probability = _probability(pl.col("weight")).alias("probability")
    return frame.hstack(ids).select(*SIDES, probability, "weight", "band", "evidence")


def _explained(
    rows: pl.DataFrame, columns: pl.DataFrame, edges: pl.DataFrame, asked: pl.Expr, model: Chances
) -> pl.DataFrame:
    """Pairs with their evidence where it is asked for, and their note before it."""
    weighed = edges.filter(asked)
    levels = levels_of_pairs(columns, weighed)
    evidence = with_evidence(levels, shown_values(rows, columns), model)
    found = evidence.select("uid_l", "uid_r", "evidence")
    frame = edges.join(found, on=["uid_l", "uid_r"], how="left", maintain_order="left")
    return frame.with_columns(evidence=_with_note().cast(EVIDENCE))


def _with_note() -> pl.Expr:
    """The evidence, strongest first, led by the note on decisions or contradictions, if any."""
    nothing = pl.struct(
        left=pl.lit(None, pl.String), right=pl.lit(None, pl.String), shared=pl.lit(None, pl.Int64)
    )
    note = pl.struct(code=pl.col("note"), params=nothing, weight=pl.lit(None, pl.Float64))
    by_strength = pl.element().sort_by(pl.element().struct.field("weight").abs(), descending=True)
    sorted_pieces = pl.col("evidence").fill_null([]).list.eval(by_strength)
    lead = pl.concat_list([note])
    return (
        pl.when(pl.col("note").is_not_null())
        .then(lead.list.concat(sorted_pieces))
        .otherwise(sorted_pieces)
    )
