"""Decisions, determinism, evidence and refusals of link_rows."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkage.sample_rows import FATIMA, FATIMA_IN_FRENCH, make_rows, persons
from qafila.linkage.clustering import Persons, RowFacts
from qafila.linkage.evidence import EVIDENCE_CODES
from qafila.linkage.linking import SIDES, link_rows


def decision(left: tuple[str, int], right: tuple[str, int], *, same: bool) -> pl.DataFrame:
    """One decision on rows given as file and row number."""
    values: list[Any] = [left[0], "", left[1], right[0], "", right[1], same]
    return pl.DataFrame([values], schema=[*SIDES, "same"], orient="row")


def test_decision_apart_is_obeyed() -> None:
    rows = make_rows(FATIMA, FATIMA_IN_FRENCH)
    decided = decision(("b.csv", 3), ("a.csv", 2), same=False)
    result = link_rows(rows, decisions=decided)
    first, second = persons(result)
    assert first != second
    assert result.pairs.filter(pl.col("band") == "review").is_empty()


def test_decision_same_is_obeyed_against_the_rows() -> None:
    other = {
        "family_name": "Zeroual",
        "given_name": "Hamid",
        "card_number": "AB12",
        "file": "b.csv",
    }
    rows = make_rows(FATIMA, other)
    result = link_rows(rows, decisions=decision(("a.csv", 2), ("b.csv", 3), same=True))
    first, second = persons(result)
    assert first == second
    pair = result.pairs.row(0, named=True)
    assert (pair["band"], pair["evidence"][0]["code"]) == ("automatic", "decided_same")


def test_decisions_on_absent_rows_are_ignored() -> None:
    rows = make_rows(FATIMA, FATIMA_IN_FRENCH)
    gone = decision(("a.csv", 2), ("gone.csv", 9), same=True)
    assert link_rows(rows, decisions=gone).assignments.equals(link_rows(rows).assignments)


def test_order_of_rows_changes_nothing() -> None:
    rows = make_rows(FATIMA, FATIMA_IN_FRENCH, {**FATIMA, "given_name": "خديجة"})
    straight, mixed = link_rows(rows), link_rows(rows.sample(fraction=1.0, shuffle=True, seed=3))
    assert straight.assignments.equals(mixed.assignments)
    assert straight.pairs.equals(mixed.pairs)


def test_evidence_names_every_agreement() -> None:
    result = link_rows(make_rows(FATIMA, FATIMA_IN_FRENCH))
    pieces = {one["code"]: one for one in result.pairs["evidence"].to_list()[0]}
    assert set(pieces) == {
        "card_same",
        "family_same_other_script",
        "given_same_other_script",
        "birth_same_day",
        "phone_same",
        "commune_same",
        "craft_same",
    }
    assert pieces["card_same"]["params"]["left"] == "JE254533"
    assert pieces["craft_same"]["params"]["right"] == "Tisserand"
    assert pieces["phone_same"]["params"]["shared"] == 2
    assert all(one["weight"] > 0 for one in pieces.values())


def test_evidence_comes_strongest_first() -> None:
    result = link_rows(make_rows(FATIMA, FATIMA_IN_FRENCH))
    weights = [one["weight"] for one in result.pairs["evidence"].to_list()[0]]
    assert weights == sorted(weights, reverse=True)


def test_all_evidence_codes_are_documented() -> None:
    pairs = link_rows(make_rows(FATIMA, FATIMA_IN_FRENCH, {**FATIMA, "given_name": "Aziz"})).pairs
    codes = pairs.explode("evidence")["evidence"].struct.field("code")
    assert set(codes.drop_nulls()) <= set(EVIDENCE_CODES)


def test_phone_of_many_is_named() -> None:
    shared = [
        {**FATIMA, "given_name": name, "card_number": f"A{n}00{n}", "trade_text": None}
        for n, name in enumerate(["خديجة", "لطيفة", "رقية", "زهرة", "نجاة", "سعاد"], 1)
    ]
    pairs = link_rows(make_rows(FATIMA, FATIMA_IN_FRENCH, *shared)).pairs
    assert "phone_shared_by_many" in {one["code"] for one in pairs["evidence"].to_list()[0]}


def test_review_only_evidence() -> None:
    result = link_rows(make_rows(FATIMA, FATIMA_IN_FRENCH), explain="review")
    assert result.pairs["evidence"].list.len().to_list() == [0]


def test_few_rows_and_missing_columns_are_enough() -> None:
    rows = pl.DataFrame(
        {
            "file": ["a", "b"],
            "sheet": ["", ""],
            "row": [1, 1],
            "full_name": ["محمد العلوي", "Alaoui Mohamed"],
            "card_number": ["A123456", "A123456"],
        }
    )
    assert link_rows(rows).assignments["person"].to_list() == ["P000001", "P000001"]


def test_no_rows() -> None:
    schema = {"file": pl.String, "sheet": pl.String, "row": pl.Int64}
    result = link_rows(pl.DataFrame(schema=schema))
    assert result.assignments.is_empty()
    assert result.pairs.is_empty()


def test_earlier_model_is_reused() -> None:
    rows = make_rows(FATIMA, FATIMA_IN_FRENCH)
    whole = link_rows(rows)
    few = rows.filter(pl.col("file") != "others.csv")
    again = link_rows(few, chances=whole.chances, prior=whole.prior)
    assert (again.chances, again.prior) == (whole.chances, whole.prior)
    assert again.assignments["person"].n_unique() == 1


def test_refusals_are_sentences() -> None:
    rows = make_rows(FATIMA, bystanders=1)
    with pytest.raises(ValueError, match="lack the column sheet"):
        link_rows(rows.drop("sheet"))
    with pytest.raises(ValueError, match=r"Row 2 of a\.csv .* comes twice"):
        link_rows(pl.concat([rows, rows]))


_CARDS = st.sampled_from([None, "A100000", "A100009", "A255555", "B777777"])
_FACTS = st.builds(RowFacts, card=_CARDS, sex=st.sampled_from([None, "F", "M"]))


@settings(max_examples=60)
@given(
    st.lists(_FACTS, min_size=2, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=25),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=3),
)
def test_no_person_ever_contradicts_himself(
    facts: list[RowFacts], joins: list[tuple[int, int]], apart: list[tuple[int, int]]
) -> None:
    known = [(a, b) for a, b in apart if a != b and max(a, b) < len(facts)]
    people = Persons(facts, known)
    for left, right in joins:
        if max(left, right) < len(facts):
            people.join(left, right)
    for left in range(len(facts)):
        for right in people.rows_of(left):
            cards = {facts[left].card, facts[right].card} - {None}
            assert len(cards) < 2 or cards == {"A100000", "A100009"}
            assert len({facts[left].sex, facts[right].sex} - {None}) < 2
            assert (left, right) not in known


def test_plain_persons_hold_their_rows_from_the_start() -> None:
    facts = {row: RowFacts(card="A100000") for row in (3, 5, 8)} | {9: RowFacts(card="B777777")}
    people = Persons(facts, settled=[[3, 5, 8]])
    assert sorted(people.rows_of(8)) == [3, 5, 8]
    assert people.contradiction(9, 5) == "card_differs"
    assert dict(people.by_row())[9] == 9
