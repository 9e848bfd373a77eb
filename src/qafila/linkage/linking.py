"""Link the rows of many lists: one cluster per person, and a review queue for the rest."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from qafila.linkage.clustering import Persons, RowFacts, contradict
from qafila.linkage.columns import ROW_ID, comparison_columns
from qafila.linkage.engines import Engine, levels_of_pairs, score_pairs
from qafila.linkage.evidence import EVIDENCE, shown_values, with_evidence
from qafila.linkage.model import (
    Chances,
    expected_prior,
    learned_chances,
    settings,
    with_rarity,
)

AUTOMATIC_FROM = 6.0
"""Bits from which a pair is linked without a human: odds of 64 to 1."""

REVIEW_FROM = -4.0
"""Bits from which a pair is worth a human's look."""

_AMBIGUITY_MARGIN = 4.0
"""A row that fits two contradicting persons within this many bits is left to a human."""

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


@dataclass(frozen=True, slots=True)
class _Edge:
    left: int
    right: int
    weight: float
    band: str
    note: str | None = None


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
    _check(rows)
    rows = rows.sort(ROW_ID)
    columns = with_rarity(comparison_columns(rows))
    model = dict(chances) if chances is not None else learned_chances(columns)
    prior = expected_prior(columns) if prior is None else prior
    scored = score_pairs(columns, settings(model, prior), REVIEW_FROM, engine)
    decided = _decided_pairs(columns, decisions)
    persons, edges = _gather(columns, scored, decided)
    pairs = _pairs_frame(rows, columns, edges, model, explain)
    return LinkageResult(_assignments(columns, persons, edges), pairs, model, prior)


def _check(rows: pl.DataFrame) -> None:
    missing = [name for name in ROW_ID if name not in rows.columns]
    if missing:
        raise ValueError(
            f"The rows to link lack the column {missing[0]}: every row needs its file, its sheet "
            "(empty for csv) and its row number."
        )
    twice = rows.group_by(ROW_ID).len().filter(pl.col("len") > 1).sort(ROW_ID)
    if twice.height:
        file, sheet, row, _ = twice.row(0)
        raise ValueError(
            f"Row {row} of {file} (sheet {sheet or '-'}) comes twice: give each row once."
        )


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


def _gather(
    columns: pl.DataFrame, scored: pl.DataFrame, decided: list[tuple[int, int, bool]]
) -> tuple[Persons, list[_Edge]]:
    """Persons after decisions and automatic links, and the edges worth keeping, best first."""
    facts = _facts(columns)
    apart = [(left, right) for left, right, same in decided if not same]
    persons = Persons(facts, apart)
    edges = [
        _Edge(left, right, 99.0, "automatic", "decided_same")
        for left, right, same in decided
        if same and persons.join_by_decision(left, right)
    ]
    ordered = scored.sort(["match_weight", "uid_l", "uid_r"], descending=[True, False, False])
    found = list(ordered.select("uid_l", "uid_r", "match_weight").iter_rows())
    known = {frozenset((edge.left, edge.right)) for edge in edges}
    candidates = [edge for edge in found if frozenset(edge[:2]) not in known]
    unsure = _ambiguous_rows(facts, candidates)
    waiting = _link_automatically(persons, candidates, unsure, edges)
    edges.extend(_queue(persons, waiting))
    return persons, edges


def _facts(columns: pl.DataFrame) -> list[RowFacts]:
    wanted = columns.select("card_number", "sex", "birth_exact", "birth_year")
    return [
        RowFacts(card, sex, None if birth is None else date.fromisoformat(birth), year)
        for card, sex, birth, year in wanted.iter_rows()
    ]


_Scored = tuple[int, int, float]


def _ambiguous_rows(facts: list[RowFacts], edges: list[_Scored]) -> set[int]:
    """Rows without a card that fit two rows of contradicting persons almost equally well."""
    best: dict[int, tuple[int, float]] = {}
    unsure: set[int] = set()
    for left, right, weight in edges:
        for row, other in ((left, right), (right, left)):
            if facts[row].card is not None:
                continue
            first = best.setdefault(row, (other, weight))
            near = first[1] - weight < _AMBIGUITY_MARGIN
            if near and first[0] != other and contradict(facts[first[0]], facts[other]):
                unsure.add(row)
    return unsure


def _link_automatically(
    persons: Persons, scored: Iterable[_Scored], unsure: set[int], edges: list[_Edge]
) -> list[tuple[int, int, float, str | None]]:
    """Join persons from the strongest pair down; returns the pairs left to a human, with why."""
    waiting: list[tuple[int, int, float, str | None]] = []
    accepted: list[_Scored] = []
    for left, right, weight in scored:
        if weight < AUTOMATIC_FROM:
            waiting.append((left, right, weight, None))
        elif left in unsure or right in unsure:
            waiting.append((left, right, weight, "ambiguous"))
        elif persons.join(left, right):
            accepted.append((left, right, weight))
        else:
            why = persons.contradiction(left, right)
            waiting.append((left, right, weight, f"contradiction_{why}"))
    edges.extend(_Edge(left, right, weight, "automatic") for left, right, weight in accepted)
    return waiting


def _queue(persons: Persons, waiting: Iterable[tuple[int, int, float, str | None]]) -> list[_Edge]:
    """The best waiting pair for each two persons; contradictions only where strong."""
    queued: list[_Edge] = []
    seen: set[tuple[int, int]] = set()
    for left, right, weight, note in waiting:
        one, other = sorted((persons.person_of(left), persons.person_of(right)))
        if one == other or (one, other) in seen:
            continue
        seen.add((one, other))
        why = persons.contradiction(left, right)
        if why == "decided_apart" or (why is not None and weight < AUTOMATIC_FROM):
            continue
        queued.append(_Edge(left, right, weight, "review", f"contradiction_{why}" if why else note))
    return queued


def _probability(weight: pl.Expr) -> pl.Expr:
    return (1 / (1 + (-weight).clip(-60, 60).mul(0.6931471805599453).exp())).round(6)


def _assignments(columns: pl.DataFrame, persons: Persons, edges: list[_Edge]) -> pl.DataFrame:
    clusters = [persons.person_of(row) for row in range(columns.height)]
    frame = columns.select(*ROW_ID, "uid").with_columns(cluster=pl.Series(clusters, dtype=pl.Int64))
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
        decision=pl.when(linked).then(pl.lit("linked"))
        .when(waits).then(pl.lit("review")).otherwise(pl.lit("single")),
    )  # fmt: skip


def _best_of_rows(edges: list[_Edge]) -> pl.DataFrame:
    """The strongest automatic and review weight of each row that has one."""
    records = [(row, e.weight, e.band) for e in edges for row in (e.left, e.right)]
    schema = {"uid": pl.Int64, "weight": pl.Float64, "band": pl.String}
    frame = pl.DataFrame(records, schema=schema, orient="row")
    return frame.group_by("uid").agg(
        automatic=pl.col("weight").filter(pl.col("band") == "automatic").max(),
        review=pl.col("weight").filter(pl.col("band") == "review").max(),
    )


def _pairs_frame(
    rows: pl.DataFrame, columns: pl.DataFrame, edges: list[_Edge], model: Chances, explain: Explain
) -> pl.DataFrame:
    frame = pl.DataFrame(
        [(e.left, e.right, e.weight, e.band, e.note) for e in edges],
        schema={"uid_l": pl.Int64, "uid_r": pl.Int64, "weight": pl.Float64, "band": pl.String,
                "note": pl.String},
        orient="row",
    )  # fmt: skip
    explained = frame if explain == "all" else frame.filter(pl.col("band") == "review")
    shown = shown_values(rows, columns)
    levels = levels_of_pairs(columns, explained)
    evidence = with_evidence(levels, shown, model).select("uid_l", "uid_r", "evidence")
    frame = frame.join(evidence, on=["uid_l", "uid_r"], how="left", maintain_order="left")
    frame = frame.with_columns(evidence=_with_note().cast(EVIDENCE))
    for side, name in (("l", "left"), ("r", "right")):
        ids = columns.select(
            pl.col("uid").alias(f"uid_{side}"), *(pl.col(n).alias(f"{name}_{n}") for n in ROW_ID)
        )
        frame = frame.join(ids, on=f"uid_{side}", how="left", maintain_order="left")
    ordered = frame.sort(["weight", "uid_l", "uid_r"], descending=[True, False, False])
    return ordered.select(
        *SIDES, _probability(pl.col("weight")).alias("probability"), "weight", "band", "evidence"
    )


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
