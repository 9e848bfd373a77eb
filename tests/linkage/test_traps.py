"""Traps that must not fool the linkage, each as a few rows among bystanders."""

from __future__ import annotations

from datetime import date

import polars as pl

from linkage.sample_rows import FATIMA, FATIMA_IN_FRENCH, bands, make_rows, persons
from qafila.linkage.linking import link_rows


def test_one_person_in_two_scripts_is_linked() -> None:
    result = link_rows(make_rows(FATIMA, FATIMA_IN_FRENCH))
    first, second = persons(result)
    assert first == second
    assert bands(result) == ["automatic"]


def test_without_card_birth_and_phone_suffice() -> None:
    nameless = {**FATIMA_IN_FRENCH, "card_number": None}
    first, second = persons(link_rows(make_rows(FATIMA, nameless)))
    assert first == second


def test_bystanders_stand_alone() -> None:
    assignments = link_rows(make_rows(FATIMA)).assignments
    assert assignments["person"].n_unique() == assignments.height
    assert set(assignments["decision"]) == {"single"}


def test_household_stays_apart() -> None:
    """Sisters share family name, phone, craft and place."""
    sister = {**FATIMA, "given_name": "خديجة", "card_number": None, "birth_date": date(1984, 3, 2)}
    first, second = persons(link_rows(make_rows(FATIMA, sister)))
    assert first != second


def test_cooperative_with_one_phone_stays_apart() -> None:
    women = [
        {
            "family_name": family,
            "given_name": given,
            "phone": "+212512345678",
            "commune_code": "9",
            "trade_text": "زرابي",
            "birth_date": date(1970 + number, 4, 5 + number),
        }
        for number, (family, given) in enumerate(
            [("أوحدو", "تودة"), ("Amziane", "Rkia"), ("بوستة", "يمنة"), ("Chaker", "Zahra")]
        )
    ]
    found = persons(link_rows(make_rows(*women)))
    assert len(set(found)) == len(women)


def test_twins_stay_apart() -> None:
    twin = {**FATIMA, "given_name": "لطيفة", "card_number": "JE254587"}
    first, second = persons(link_rows(make_rows(FATIMA, twin)))
    assert first != second


def test_twins_of_alike_names_are_not_linked_automatically() -> None:
    hassan = {**FATIMA, "given_name": "الحسن", "card_number": "JE100001"}
    hussein = {**hassan, "given_name": "الحسين", "card_number": "JE200002"}
    first, second = persons(link_rows(make_rows(hassan, hussein)))
    assert first != second


def test_father_and_son_of_one_name_stay_apart() -> None:
    father = {**FATIMA, "given_name": "محمد", "card_number": None, "birth_date": date(1955, 6, 3)}
    son = {**father, "birth_date": date(1983, 2, 11), "file": "b.csv"}
    result = link_rows(make_rows(father, son))
    first, second = persons(result)
    assert first != second
    assert bands(result) in ([], ["review"])


def test_row_that_fits_father_and_son_is_left_to_a_human() -> None:
    father = {**FATIMA, "given_name": "محمد", "card_number": "JE11", "birth_date": date(1955, 6, 3)}
    son = {**father, "birth_date": date(1983, 2, 11), "card_number": "JE990"}
    bare = {
        "family_name": "Abbassi",
        "given_name": "Mohamed",
        "file": "b.csv",
        "phone": "+212612345678",
        "commune_code": "06.141",
        "trade_text": "Tissage",
    }
    result = link_rows(make_rows(father, son, bare))
    assert len(set(persons(result))) == 3
    assert "review" in bands(result)


def test_first_january_is_weak() -> None:
    one = {
        "family_name": "Alami",
        "given_name": "Mohamed",
        "birth_date": date(1970, 1, 1),
        "commune_code": "1",
    }
    other = {**one, "commune_code": "2", "file": "b.csv"}
    exact = [{**row, "birth_date": date(1970, 5, 23)} for row in (one, other)]
    weak = link_rows(make_rows(one, other)).pairs["weight"].to_list()
    strong = link_rows(make_rows(*exact)).pairs["weight"].to_list()
    assert max(weak, default=-5.0) < max(strong) - 3


def test_mistyped_card_of_another_person_does_not_link() -> None:
    """Someone's mistyped number equals Fatima's: everything else differs."""
    other = {
        "family_name": "Zeroual",
        "given_name": "Hamid",
        "card_number": "JE254533",
        "birth_date": date(1961, 11, 30),
        "phone": "+212699999999",
        "commune_code": "77",
        "sex": "M",
        "trade_text": "Potier",
        "file": "b.csv",
    }
    result = link_rows(make_rows({**FATIMA, "sex": "F"}, other))
    first, second = persons(result)
    assert first != second


def test_card_one_error_apart_is_linked() -> None:
    mistyped = {**FATIMA_IN_FRENCH, "card_number": "JE254538"}
    first, second = persons(link_rows(make_rows(FATIMA, mistyped)))
    assert first == second


def test_two_valid_cards_are_never_one_person() -> None:
    other_card = {**FATIMA_IN_FRENCH, "card_number": "BK901177"}
    result = link_rows(make_rows(FATIMA, other_card))
    first, second = persons(result)
    assert first != second
    assert bands(result) == ["review"]
    evidence = result.pairs.filter(pl.col("band") == "review")["evidence"].to_list()[0]
    assert evidence[0]["code"] == "contradiction_card_differs"


def test_third_row_does_not_join_two_cards() -> None:
    """A row without a card fits two people with different cards: they stay two."""
    other_card = {**FATIMA, "card_number": "BK901177", "file": "b.csv"}
    without = {**FATIMA_IN_FRENCH, "card_number": None, "file": "c.csv"}
    found = persons(link_rows(make_rows(FATIMA, other_card, without)))
    assert found[0] != found[1]


def test_same_name_in_one_commune_stays_apart() -> None:
    one = {
        "family_name": "Alami",
        "given_name": "Mohamed",
        "commune_code": "5",
        "birth_date": date(1960, 3, 4),
        "trade_text": "Potier",
    }
    other = {**one, "birth_date": date(1979, 9, 9), "trade_text": "Coiffeur", "file": "b.csv"}
    first, second = persons(link_rows(make_rows(one, other)))
    assert first != second


def test_day_and_month_exchanged_is_one_person() -> None:
    turned = {**FATIMA_IN_FRENCH, "card_number": None, "birth_date": date(1984, 2, 9)}
    right = {**FATIMA, "birth_date": date(1984, 9, 2)}
    first, second = persons(link_rows(make_rows(right, turned)))
    assert first == second
