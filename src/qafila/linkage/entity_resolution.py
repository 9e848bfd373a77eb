"""From scored pairs to persons: what is plain at once, what is contested pair by pair.

Most rows joined by strong pairs say nothing that contradicts another of them, so that the order of
joining does not matter: they are persons at once. Only groups with two cards, sexes, birth dates or
given names, with a row that fits two persons, or with a decision by people are joined pair by pair,
the strongest first.

The traps, the rule against each (`two_people` for pairs, `clustering` for persons), and its test in
`tests/linkage/test_traps.py` or `test_two_people.py`:

- siblings whose cards follow one another → two complete numbers that differ weigh against; a typing
  error is believed only with the same given name, no two birth dates, never within one list →
  `test_siblings_of_consecutive_cards_are_two_people`
- twins, with all but the given name in common → without an equal number, different given names bar
  the link → `test_twins_without_a_card_are_two_people`
- twins of names alike (Hassan, Houcine) → what `compare_names` calls two names is never one given
  name → `test_alike_given_names_are_two_people`
- a man and a woman under one card number → card equal, all else different, goes to a human →
  `test_card_of_two_people_goes_to_a_human`
- father and son, cousins of one name → two birth dates →
  `test_father_and_son_of_one_name_stay_apart`,
  `test_cousins_of_one_name_and_neighbouring_cards_are_two_people`
- brothers, one named within the other's name (Mohamed, Mohamed Amine); initials; familiar forms →
  weak: believed with the day of birth, never within one list → `test_part_of_a_name_is_weak`
- two persons joined by a third row that fits both → a person holds no two numbers or birth dates of
  one list, no two given names → `test_third_row_does_not_join_twins`,
  `test_third_row_does_not_join_two_cards`
- a cooperative's telephone → `test_cooperative_with_one_phone_stays_apart`
- 1 January for a day not known → `test_first_january_is_weak`
"""

from collections.abc import Iterable
from datetime import date

import polars as pl

from qafila.linkage.clustering import Persons, RowFacts, contradict
from qafila.linkage.names.given_names import given_verdicts
from qafila.linkage.two_people import SETTLED, TWO_GIVEN_NAMES, with_bars

AUTOMATIC_FROM = 5.0
"""Bits from which a pair is linked without a human: odds of 32 to 1."""

REVIEW_FROM = -5.0
"""Bits from which a pair is worth a human's look."""

_AMBIGUITY_MARGIN = 4.0
"""A row that fits two contradicting persons within this many bits is left to a human."""

BARRED_WEIGHT = 0.0
"""Bits shown for a pair that weighs enough but is barred: the machine does not know."""

_DECIDED_WEIGHT = 99.0
_MOST_ROWS_OF_A_CARD = 6
_TWINS_ASKED_FROM = 15.0
_SLIP_FROM = 3.0
"""Bits, the number left out, from which a typing error in a card number is believed."""
_SEED = 7
_SINGLE = ("card_number", "sex", "birth_exact", "birth_year")
_FACTS = (*_SINGLE, "file", "given_words", "family_words")
_EDGES = {
    "uid_l": pl.Int64,
    "uid_r": pl.Int64,
    "weight": pl.Float64,
    "band": pl.String,
    "note": pl.String,
}

Decided = list[tuple[int, int, bool]]
_Edge = tuple[int, int, float, str, str | None]
_Waiting = tuple[int, int, float, str | None]

_ASKED_ANYWAY = ("card_of_two", "two_given_names", "given_names_unsure")
"""Notes of pairs that a human sees although their two persons contradict each other."""


def gather(
    columns: pl.DataFrame, scored: pl.DataFrame, decided: Decided
) -> tuple[pl.Series, pl.DataFrame]:
    """The person of every row (named by one of its rows), and the pairs worth keeping.

    `scored` is that of `engines.score_pairs`; `decided` lists left, right and same by people. The
    pairs have the columns uid_l, uid_r, weight (bits), band ("automatic" or "review") and note.
    """
    pairs = _weighed(columns, scored)
    unsure = _ambiguous_rows(columns, _without_decided(pairs, decided))
    special = unsure.union(*((left, right) for left, right, _ in decided))
    strong = pairs.filter(pl.col("weight") >= AUTOMATIC_FROM, pl.col("bar").is_null())
    plain = _plain_groups(columns, strong, special)
    settled = strong.join(plain, left_on="uid_l", right_on="uid", how="semi", maintain_order="left")
    contested = pairs.join(settled, on=["uid_l", "uid_r"], how="anti", maintain_order="left")
    persons = _persons(columns, contested, plain, decided)
    edges = _join_contested(persons, contested, unsure, decided)
    settled = settled.select(
        "uid_l", "uid_r", "weight", band=pl.lit("automatic"), note=pl.lit(None, pl.String)
    )
    return (
        _clusters(columns, plain, persons),
        pl.concat([pl.DataFrame(edges, schema=_EDGES, orient="row"), settled]),
    )


def _weighed(columns: pl.DataFrame, scored: pl.DataFrame) -> pl.DataFrame:
    """uid_l, uid_r, weight and bar of the pairs, strongest first; with all of equal cards."""
    pairs = scored.select("uid_l", "uid_r", weight="match_weight")
    cards = columns.select("uid", "card_number").drop_nulls()
    cards = cards.filter(pl.len().over("card_number").is_between(2, _MOST_ROWS_OF_A_CARD))
    same = cards.join(cards, on="card_number", suffix="_r").filter(pl.col("uid") < pl.col("uid_r"))
    same = same.select("uid_r", uid_l="uid").join(pairs, on=["uid_l", "uid_r"], how="anti")
    added = same.select("uid_l", "uid_r", weight=pl.lit(REVIEW_FROM))
    pairs = pl.concat([pairs, added])
    weight = pl.col("weight")
    believed = pl.col("slip") & (weight >= _SLIP_FROM)
    pairs = with_bars(columns, pairs).with_columns(
        pl.when(believed).then(weight.clip(AUTOMATIC_FROM)).otherwise(weight).alias("weight")
    )
    return (
        pairs.with_columns(_settled())
        .drop("slip", "verdict")
        .sort(["weight", "uid_l", "uid_r"], descending=[True, False, False])
    )


def _settled() -> pl.Expr:
    """`bar`, where two given names leave no doubt: only a heavy pair may be one name mistyped."""
    plain = (pl.col("bar") == TWO_GIVEN_NAMES) & (pl.col("verdict") == "apart")
    light = plain & (pl.col("weight") < _TWINS_ASKED_FROM)
    return pl.when(light).then(pl.lit(SETTLED)).otherwise("bar").alias("bar")


def _without_decided(pairs: pl.DataFrame, decided: Decided) -> pl.DataFrame:
    """The pairs but those that people decided to be one person."""
    same = [sorted((left, right)) for left, right, is_same in decided if is_same]
    known = pl.DataFrame(same, schema={"uid_l": pl.Int64, "uid_r": pl.Int64}, orient="row")
    return pairs.join(known, on=["uid_l", "uid_r"], how="anti", maintain_order="left")


def _facts(columns: pl.DataFrame, rows: pl.Series) -> dict[int, RowFacts]:
    """What the given rows say that a person can have only once."""
    wanted = columns.select("uid", *_FACTS).join(rows.to_frame("uid"), on="uid", how="semi")
    return {
        uid: RowFacts(
            card,
            sex,
            None if birth is None else date.fromisoformat(birth),
            year,
            file,
            (given, family),
        )
        for uid, card, sex, birth, year, file, given, family in wanted.iter_rows()
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
    groups = _groups(strong)
    facts = columns.select("uid", *(_hash(name) for name in _SINGLE))
    said = groups.join(facts, on="uid", how="left").group_by("group")
    known = said.agg((pl.col(name).min() == pl.col(name).max()) for name in _SINGLE)
    single = known.filter(pl.all_horizontal(pl.col(name).fill_null(value=True) for name in _SINGLE))
    single = single.join(_of_two_names(columns, groups), on="group", how="anti")
    rows = pl.DataFrame({"uid": sorted(special)}, schema={"uid": pl.Int64})
    concerned = groups.join(rows, on="uid", how="semi")
    plain = groups.join(single, on="group", how="semi", maintain_order="left")
    return plain.join(concerned, on="group", how="anti", maintain_order="left")


def _of_two_names(columns: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The groups (`group`) of three rows or more that hold two given names."""
    large = groups.filter(pl.len().over("group") > 2)
    names = large.select(
        "group",
        *(columns[f"{one}_words"].gather(large["uid"]).alias(one) for one in ("given", "family")),
    )
    names = names.drop_nulls("given").unique()
    both = names.join(names, on="group", suffix="_r").rename(
        {"given": "given_l", "family": "family_l"}
    )
    both = both.filter(pl.col("given_l") < pl.col("given_r"))
    apart = given_verdicts(both).is_in(["apart", "unsure"])
    return both.filter(apart).select("group").unique()


def _hash(name: str) -> pl.Expr:
    return pl.when(pl.col(name).is_not_null()).then(pl.col(name).hash(_SEED)).alias(name)


def _groups(pairs: pl.DataFrame) -> pl.DataFrame:
    """uid and group of every row in a pair; a group is named by the first of its rows.

    Each round joins every group to the least one beside it, so few rounds are needed, however
    long a chain of rows is.
    """
    uid = pl.concat([pairs["uid_l"], pairs["uid_r"]]).unique().sort().alias("uid")
    groups = pl.DataFrame({"uid": uid, "group": uid})
    edges = _downwards(pairs.select(one="uid_l", other="uid_r"))
    while edges.height:
        below = _to_the_bottom(edges.group_by("group").agg(pl.col("least").min()))
        groups = groups.select("uid", group=_lowered(groups["group"], below))
        ends = (_lowered(edges[name], below) for name in ("group", "least"))
        edges = _downwards(pl.DataFrame(dict(zip(("one", "other"), ends, strict=True))))
    return groups


def _downwards(pairs: pl.DataFrame) -> pl.DataFrame:
    """`group` and the `least` it is beside, of pairs (one, other) of two groups; each once."""
    both = pl.col("one", "other")
    apart = pairs.filter(pl.col("one") != pl.col("other"))
    return apart.select(group=pl.max_horizontal(both), least=pl.min_horizontal(both)).unique()


def _to_the_bottom(below: pl.DataFrame) -> pl.DataFrame:
    """Each group with the least one that is reached from it."""
    while True:
        lower = below.select("group", least=_lowered(below["least"], below))
        if lower.equals(below):
            return below
        below = lower


def _lowered(groups: pl.Series, below: pl.DataFrame) -> pl.Series:
    asked = groups.to_frame("group")
    found = asked.join(below, on="group", how="left", maintain_order="left")
    return found.select(pl.coalesce("least", "group")).to_series()


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
    for left, right, weight, bar in contested.iter_rows():
        if frozenset((left, right)) in known:
            continue
        if weight < AUTOMATIC_FROM or bar is not None:
            waiting.append((left, right, weight, bar))
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
    for left, right, weight, bar in waiting:
        one, other = sorted((persons.person_of(left), persons.person_of(right)))
        if one == other or (one, other) in seen:
            continue
        seen.add((one, other))
        if bar == SETTLED:
            continue
        why = persons.contradiction(left, right)
        if why == "decided_apart":
            continue
        if why is not None and weight < AUTOMATIC_FROM and bar != "card_of_two":
            continue
        note = bar if bar in _ASKED_ANYWAY or why is None else f"contradiction_{why}"
        weight = weight if note in (None, "ambiguous") else min(weight, BARRED_WEIGHT)
        queued.append((left, right, weight, "review", note))
    return queued


def _clusters(columns: pl.DataFrame, plain: pl.DataFrame, persons: Persons) -> pl.Series:
    """The person of every row, in the rows' order: contested, plain, or standing alone."""
    schema = {"uid": pl.Int64, "contested": pl.Int64}
    contested = pl.DataFrame(persons.by_row(), schema=schema, orient="row")
    frame = columns.select("uid")
    for known in (plain, contested):
        frame = frame.join(known, on="uid", how="left", maintain_order="left")
    return frame.select(cluster=pl.coalesce("contested", "group", "uid"))["cluster"]
