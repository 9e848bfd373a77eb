"""Hundreds of hard pairs of names: which are one name, and which only look alike."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkage.name_pairs import NAME_PAIRS
from qafila.linkage.names.name_comparison import compare_names

LEAST_RIGHT = 0.98
LISTED = [same for _, _, same, _ in NAME_PAIRS]


def wrong(*, same: bool) -> list[str]:
    return [
        f"{hard}: {one} | {other}"
        for one, other, expected, hard in NAME_PAIRS
        if expected == same and compare_names(one, other).same != same
    ]


def test_there_are_pairs_of_both_kinds() -> None:
    assert len(NAME_PAIRS) >= 600
    assert min(LISTED.count(True), LISTED.count(False)) >= 250


def test_spellings_of_one_name_are_the_same() -> None:
    missed = wrong(same=True)
    assert len(missed) <= (1 - LEAST_RIGHT) * LISTED.count(True), missed


def test_names_that_look_alike_are_not_the_same() -> None:
    mistaken = wrong(same=False)
    assert len(mistaken) <= (1 - LEAST_RIGHT) * LISTED.count(False), mistaken


def test_order_of_the_two_does_not_matter() -> None:
    for one, other, _, _ in NAME_PAIRS:
        forth, back = compare_names(one, other), compare_names(other, one)
        assert (forth.same, round(forth.score, 3)) == (back.same, round(back.score, 3)), (
            one,
            other,
        )


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_two_texts_get_a_score(one: str, other: str) -> None:
    found = compare_names(one, other)
    assert 0.0 <= found.score <= 1.0
    assert found.why


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Hassan El Alami", "Houcine El Alami", "names_apart"),
        ("محمد العلوي", "امحمد العلوي", "names_apart"),
        ("Abbadi Ancha", "العبادي عائشة", "typing_error"),
        ("Jadiya Haddad", "Khadija Haddad", "same_spelling_variant"),
        ("Alaoui Mohamed", "محمد العلوي", "order_exchanged"),
        ("Mohamed Tazi", "Mohamed Amine Tazi", "word_missing"),
        ("محمد", "ⵎⵓⵃⵎⵎⴷ", "same_other_script"),
    ],
)
def test_reason_is_told(one: str, other: str, reason: str) -> None:
    assert reason in compare_names(one, other).why
