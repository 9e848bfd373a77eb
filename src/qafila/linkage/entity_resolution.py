"""From scored pairs to persons: what is plain at once, what is contested pair by pair.

Most rows joined by strong pairs say nothing that contradicts another of them, so that the order of
joining does not matter: they are persons at once. Only groups with two cards, sexes or birth dates,
with a row that fits two persons, or with a decision by people are joined pair by pair, the
strongest first.
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from qafila.linkage.clustering import Persons, RowFacts, contradict

AUTOMATIC_FROM = 6.0
"""Bits from which a pair is linked without a human: odds of 64 to 1."""

REVIEW_FROM = -4.0
"""Bits from which a pair is worth a human's look."""

_AMBIGUITY_MARGIN = 4.0
"""A row that fits two contradicting persons within this many bits is left to a human."""

_DECIDED_WEIGHT = 99.0
_SEED = 7
_FACTS = ("card_number", "sex", "birth_exact", "birth_year")
_EDGES = {"uid_l": pl.Int64, "uid_r": pl.Int64, "weight": pl.Float64, "band": pl.String,
          "note": pl.String}  # fmt: skip

Decided = list[tuple[int, int, bool]]
_Edge = tuple[int, int, float, str, str | None]
_Waiting = tuple[int, int, float, str | None]


def gather(
    columns: pl.DataFrame, scored: pl.DataFrame, decided: Decided
) -> tuple[pl.Series, pl.DataFrame]:
    """The person of every row (named by one of its rows), and the pairs worth keeping.

    `scored` is that of `engines.score_pairs`; `decided` lists left, right and same by people. The
    pairs have the columns uid_l, uid_r, weight (bits), band ("automatic" or "review") and note.
    """
    pairs = scored.sort(["match_weight", "uid_l", "uid_r"], descending=[True, False, False])
    pairs = pairs.select("uid_l", "uid_r", weight="match_weight")
    unsure = _ambiguous_rows(columns, _without_decided(pairs, decided))
    special = unsure.union(*((left, right) for left, right, _ in decided))
    strong = pairs.filter(pl.col("weight") >= AUTOMATIC_FROM)
    plain = _plain_groups(columns, strong, special)
    settled = strong.join(plain, left_on="uid_l", right_on="uid", how="semi", maintain_order="left")
    contested = pairs.join(settled, on=["uid_l", "uid_r"], how="anti", maintain_order="left")
    persons = _persons(columns, contested, plain, decided)
    edges = _join_contested(persons, contested, unsure, decided)
    settled = settled.with_columns(band=pl.lit("automatic"), note=pl.lit(None, pl.String))
    return (
        _clusters(columns, plain, persons),
        pl.concat([pl.DataFrame(edges, schema=_EDGES, orient="row"), settled]),
    )


def _without_decided(pairs: pl.DataFrame, decided: Decided) -> pl.DataFrame:
    """The pairs but those that people decided to be one person."""
    same = [sorted((left, right)) for left, right, is_same in decided if is_same]
    known = pl.DataFrame(same, schema={"uid_l": pl.Int64, "uid_r": pl.Int64}, orient="row")
    return pairs.join(known, on=["uid_l", "uid_r"], how="anti", maintain_order="left")


def _facts(columns: pl.DataFrame, rows: pl.Series) -> dict[int, RowFacts]:
    """What the given rows say that a person can have only once."""
    wanted = columns.select("uid", *_FACTS).join(rows.to_frame("uid"), on="uid", how="semi")
    return {
        uid: RowFacts(card, sex, None if birth is None else date.fromisoformat(birth), year)
        for uid, card, sex, birth, year in wanted.iter_rows()
    }


def _ambiguous_rows(columns: pl.DataFrame, pairs: pl.DataFrame) -> set[int]:
    """Rows without a card that fit two rows of contradicting persons almost equally well."""
    sides = (("uid_l", "uid_r"), ("uid_r", "uid_l"))
    numbered = pairs.with_row_index("place")
    seen = pl.concat(
        numbered.select("place", "weight", row=row, other=other) for row, other in sides
    )
    cardless = columns.filter(pl.col("card_number").is_null()).select(row="uid")
    seen = seen.join(cardless, on="row", how="semi").filter(pl.len().over("row") > 1)
    best = seen.group_by("row").agg(pl.col("other", "weight").sort_by("place").first())
    near = seen.join(best, on="row", suffix="_best").filter(
        pl.col("weight_best") - pl.col("weight") < _AMBIGUITY_MARGIN,
        pl.col("other") != pl.col("other_best"),
    )
    facts = _facts(columns, pl.concat([near["other"], near["other_best"]]))
    found = near.select("row", "other_best", "other").iter_rows()
    return {row for row, one, other in found if contradict(facts[one], facts[other])}


def _plain_groups(columns: pl.DataFrame, strong: pl.DataFrame, special: set[int]) -> pl.DataFrame:
    """uid and group of the rows in groups of strong pairs that hold no contradiction.

    Rows in `special` make their group contested.
    """
    groups = _groups(strong, columns.height)
    facts = columns.select("uid", *(_hash(name) for name in _FACTS))
    said = groups.join(facts, on="uid", how="left").group_by("group")
    known = said.agg((pl.col(name).min() == pl.col(name).max()) for name in _FACTS)
    single = known.filter(pl.all_horizontal(pl.col(name).fill_null(value=True) for name in _FACTS))
    rows = pl.DataFrame({"uid": sorted(special)}, schema={"uid": pl.Int64})
    concerned = groups.join(rows, on="uid", how="semi")
    plain = groups.join(single, on="group", how="semi", maintain_order="left")
    return plain.join(concerned, on="group", how="anti", maintain_order="left")


def _hash(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash(_SEED)).alias(name)


def _groups(pairs: pl.DataFrame, rows: int) -> pl.DataFrame:
    """uid and group of every row in a pair; a group is named by the first of its rows."""
    above = list(range(rows))
    for left, right in zip(pairs["uid_l"].to_list(), pairs["uid_r"].to_list(), strict=True):
        one, other = _root(above, left), _root(above, right)
        above[max(one, other)] = min(one, other)
    paired = pl.concat([pairs["uid_l"], pairs["uid_r"]]).unique().sort()
    roots = [_root(above, row) for row in paired.to_list()]
    return pl.DataFrame({"uid": paired, "group": pl.Series(roots, dtype=pl.Int64)})


def _root(above: list[int], row: int) -> int:
    while above[row] != row:
        above[row] = above[above[row]]
        row = above[row]
    return row


def _persons(
    columns: pl.DataFrame, contested: pl.DataFrame, plain: pl.DataFrame, decided: Decided
) -> Persons:
    """The rows of contested pairs and decisions, and the plain persons they belong to."""
    decided_rows = pl.Series([row for one in decided for row in one[:2]], dtype=pl.Int64)
    rows = pl.concat([contested["uid_l"], contested["uid_r"], decided_rows]).unique()
    concerned = plain.join(rows.to_frame("uid"), on="uid", how="semi")
    touched = plain.join(concerned, on="group", how="semi")
    members = touched.group_by("group").agg("uid")["uid"].to_list()
    facts = _facts(columns, pl.concat([rows, touched["uid"]]).unique())
    return Persons(facts, [(one, other) for one, other, same in decided if not same], members)


def _join_contested(
    persons: Persons, contested: pl.DataFrame, unsure: set[int], decided: Decided
) -> list[_Edge]:
    """Pairs people decided, then pairs joined from the strongest down, then pairs for a human."""
    edges: list[_Edge] = [
        (left, right, _DECIDED_WEIGHT, "automatic", "decided_same")
        for left, right, same in decided
        if same and persons.join_by_decision(left, right)
    ]
    known = {frozenset(edge[:2]) for edge in edges}
    waiting: list[_Waiting] = []
    for left, right, weight in contested.iter_rows():
        if frozenset((left, right)) in known:
            continue
        if weight < AUTOMATIC_FROM:
            waiting.append((left, right, weight, None))
        elif left in unsure or right in unsure:
            waiting.append((left, right, weight, "ambiguous"))
        elif persons.join(left, right):
            edges.append((left, right, weight, "automatic", None))
        else:
            why = persons.contradiction(left, right)
            waiting.append((left, right, weight, f"contradiction_{why}"))
    return edges + _queue(persons, waiting)


def _queue(persons: Persons, waiting: Iterable[_Waiting]) -> list[_Edge]:
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
        queued.append((left, right, weight, "review", f"contradiction_{why}" if why else note))
    return queued


def _clusters(columns: pl.DataFrame, plain: pl.DataFrame, persons: Persons) -> pl.Series:
    """The person of every row, in the rows' order: contested, plain, or standing alone."""
    schema = {"uid": pl.Int64, "contested": pl.Int64}
    contested = pl.DataFrame(persons.by_row(), schema=schema, orient="row")
    frame = columns.select("uid")
    for known in (plain, contested):
        frame = frame.join(known, on="uid", how="left", maintain_order="left")
    return frame.select(cluster=pl.coalesce("contested", "group", "uid"))["cluster"]
