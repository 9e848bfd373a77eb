"""Nobody becomes somebody else by machine: twins, siblings, namesakes and mistaken cards."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from linkage.sample_rows import FATIMA, FATIMA_IN_FRENCH, bands, make_rows, persons
from qafila.linkage.clustering import Persons, RowFacts
from qafila.linkage.linking import LinkageResult, link_rows

HASSAN: dict[str, Any] = {
    **FATIMA,
    "family_name": "Lamrani",
    "given_name": "Hassan",
    "card_number": "K111222",
    "birth_date": date(1994, 9, 9),
}
TWINS = [
    ("Hassan", "Houcine"), ("Hassan", "Hussein"), ("Ali", "Alia"), ("Omar", "Latifa"),
    ("حسن", "حسين"), ("Hassan", "حسين"), ("Said", "سعيدة"), ("Amine", "Amina"),
]  # fmt: skip


def twin_of(row: dict[str, Any], given: str, **other: Any) -> dict[str, Any]:
    return {**row, "given_name": given, **other}


def codes(result: LinkageResult) -> set[str]:
    """The codes of the evidence of pairs between rows that are not bystanders."""
    own = (pl.col("left_file") != "others.csv") & (pl.col("right_file") != "others.csv")
    pieces = result.pairs.filter(own)["evidence"].explode().struct.field("code")
    return set(pieces.drop_nulls().to_list())


@pytest.mark.parametrize(("one", "other"), TWINS)
@pytest.mark.parametrize("file", ["a.csv", "b.csv"])
def test_siblings_of_consecutive_cards_are_two_people(one: str, other: str, file: str) -> None:
    first = twin_of(HASSAN, one)
    second = twin_of(HASSAN, other, card_number="K111223", file=file)
    result = link_rows(make_rows(first, second))
    assert len(set(persons(result))) == 2
    assert bands(result) == [], "two numbers and two given names: nobody need be asked"


@pytest.mark.parametrize(("one", "other"), TWINS)
@pytest.mark.parametrize("file", ["a.csv", "b.csv"])
def test_twins_without_a_card_are_two_people(one: str, other: str, file: str) -> None:
    first = twin_of(HASSAN, one, card_number=None)
    second = twin_of(HASSAN, other, card_number=None, file=file)
    result = link_rows(make_rows(first, second))
    assert len(set(persons(result))) == 2
    assert "automatic" not in bands(result)


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_alike_given_names_are_two_people_where_one_has_a_card(one: str, other: str) -> None:
    second = twin_of(HASSAN, other, card_number=None, file="b.csv")
    result = link_rows(make_rows(twin_of(HASSAN, one), second))
    assert len(set(persons(result))) == 2


def test_alike_given_names_are_two_people() -> None:
    """Hassan and Houcine are never called one given name, in no sentence."""
    second = twin_of(HASSAN, "Houcine", file="b.csv", birth_date=None)
    result = link_rows(make_rows({**HASSAN, "birth_date": None}, second))
    assert len(set(persons(result))) == 2
    assert {"given_differs", "two_given_names"} <= codes(result)
    assert not codes(result) & {"given_same", "given_close", "given_same_other_script"}


def test_typing_error_within_one_list_is_not_believed() -> None:
    """One list, one name, two complete numbers: cousins, or a number to check by hand."""
    result = link_rows(make_rows(HASSAN, {**HASSAN, "card_number": "K111722"}))
    assert len(set(persons(result))) == 2
    assert bands(result) == ["review"]
    assert "contradiction_card_differs" in codes(result)


def test_typing_error_with_two_birth_dates_is_not_believed() -> None:
    other = {**FATIMA_IN_FRENCH, "card_number": "JE254538", "birth_date": date(1980, 5, 16)}
    result = link_rows(make_rows(FATIMA, other))
    assert len(set(persons(result))) == 2


@pytest.mark.parametrize("day", [None, date(1994, 2, 1)])
def test_cousins_of_one_name_and_neighbouring_cards_are_two_people(day: date | None) -> None:
    """Two sons named after one grandfather, whose mothers went to the office together."""
    cousin = {**HASSAN, "card_number": "K111223", "birth_date": day, "file": "b.csv"}
    result = link_rows(make_rows(HASSAN, cousin))
    assert len(set(persons(result))) == 2


def test_card_of_two_people_goes_to_a_human() -> None:
    man = {
        "family_name": "Zeroual",
        "given_name": "Hamid",
        "card_number": FATIMA["card_number"],
        "birth_date": date(1961, 11, 30),
        "phone": "+212699999999",
        "commune_code": "77",
        "trade_text": "Potier",
        "file": "b.csv",
    }
    result = link_rows(make_rows(FATIMA, man))
    assert len(set(persons(result))) == 2
    assert bands(result) == ["review"]
    assert "card_of_two" in codes(result)


def test_equal_card_and_two_given_names_goes_to_a_human() -> None:
    """A clerk wrote one twin's number on both lines."""
    result = link_rows(make_rows(HASSAN, twin_of(HASSAN, "Houcine")))
    assert len(set(persons(result))) == 2
    assert bands(result) == ["review"]


def test_equal_card_outweighs_a_mistyped_given_name() -> None:
    mistyped = twin_of(HASSAN, "Hassnn", file="b.csv", birth_date=None, phone=None)
    assert len(set(persons(link_rows(make_rows(HASSAN, mistyped))))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Mohamed", "Mohamed Amine"), ("خديجة", "Khaddouj"), ("Hassan", "H."), ("H.", "H.")],
)
def test_part_of_a_name_is_weak(one: str, other: str) -> None:
    """Believed between two lists with the day of birth, never within one list."""
    first = twin_of(HASSAN, one)
    second = twin_of(HASSAN, other, card_number=None)
    within = link_rows(make_rows(first, second))
    assert len(set(persons(within))) == 2
    between = link_rows(make_rows(first, {**second, "file": "b.csv"}))
    assert len(set(persons(between))) == 1
    dayless = link_rows(make_rows(first, {**second, "file": "b.csv", "birth_date": None}))
    assert "automatic" not in bands(dayless)


def test_third_row_does_not_join_twins() -> None:
    """A row with an initial fits both twins: they stay two."""
    hassan = {**HASSAN, "card_number": None}
    houcine = twin_of(hassan, "Houcine", file="b.csv")
    initial = twin_of(hassan, "H.", file="c.csv")
    found = persons(link_rows(make_rows(hassan, houcine, initial)))
    assert len(set(found)) == 3


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ([RowFacts(card="K1", file="a"), RowFacts(card="K2", file="a")], "card_differs"),
        (
            [
                RowFacts(card="K1", birth=date(1990, 5, 6), file="a"),
                RowFacts(card="K1", birth=date(1991, 5, 6), file="a"),
            ],
            "birth_differs",
        ),
        ([RowFacts(name=("hassan", "x")), RowFacts(name=("houcine", "x"))], "given_differs"),
    ],
)
def test_person_holds_no_two_rows_that_contradict(facts: list[RowFacts], why: str) -> None:
    """Not even through a third row that contradicts neither."""
    gathered = Persons([*facts, RowFacts()])
    assert gathered.join(0, 2)
    assert gathered.contradiction(1, 2) == why
    assert not gathered.join(1, 2)


def test_evidence_quotes_only_the_part_compared() -> None:
    """Of a name in one column, the given name is set beside a given name."""
    whole = {
        **FATIMA,
        "family_name": None,
        "given_name": None,
        "full_name": "El Abbassi Fatima Zahra",
        "file": "b.csv",
    }
    result = link_rows(make_rows(FATIMA, whole))
    pieces = result.pairs["evidence"].explode().struct.unnest()
    shown = {
        code: (params["left"], params["right"])
        for code, params in pieces.select("code", "params").iter_rows()
    }
    assert shown["given_same_other_script"] == ("فاطمة الزهراء", "Fatima Zahra")
    assert shown["family_same_other_script"] == ("العباسي", "El Abbassi")
