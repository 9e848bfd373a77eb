"""Blocks bring alike rows together, and stay small however many rows share a value."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from linkage.sample_rows import FATIMA, FATIMA_IN_FRENCH, make_rows, persons
from qafila.linkage.blocking import BLOCKING, pairs_of_rows
from qafila.linkage.features import comparison_columns
from qafila.linkage.linking import link_rows


def compared_pairs(rows: pl.DataFrame) -> set[tuple[int, int]]:
    """The pairs of row numbers that are compared."""
    return set(pairs_of_rows(comparison_columns(rows)).iter_rows())


def namesakes(number: int, **values: Any) -> list[dict[str, Any]]:
    """People of one name, each with his own birth date and commune, and what is given."""
    return [
        {
            "family_name": "العلوي",
            "given_name": "محمد",
            "birth_date": date(1940 + n % 60, 1 + n % 12, 2 + n % 27),
            "commune_code": f"{n % 50:02d}.001",
            **values,
        }
        for n in range(number)
    ]


def test_rows_in_two_scripts_are_compared() -> None:
    rows = make_rows(FATIMA, {**FATIMA_IN_FRENCH, "card_number": None, "phone": None})
    assert (0, 1) in compared_pairs(rows)


def test_rows_with_nothing_in_common_are_not_compared() -> None:
    other = {"family_name": "Zeroual", "given_name": "Hamid", "card_number": "AB12"}
    assert compared_pairs(make_rows(FATIMA, other, bystanders=0)) == set()


def test_rows_that_lack_a_value_do_not_agree_in_it() -> None:
    nameless: dict[str, Any] = {"commune_code": "06.141"}
    assert compared_pairs(make_rows(nameless, nameless, bystanders=0)) == set()


def test_few_namesakes_are_all_compared() -> None:
    rows = make_rows(*namesakes(5), bystanders=0)
    assert len(compared_pairs(rows)) == 10


def test_many_namesakes_are_compared_where_more_agrees() -> None:
    people = namesakes(400)
    pairs = compared_pairs(make_rows(*people, bystanders=0))
    agreeing = {
        (left, right)
        for left in range(400)
        for right in range(left + 1, 400)
        if left % 60 == right % 60 or left % 50 == right % 50
    }
    assert pairs == agreeing


def test_pairs_of_a_phone_grow_with_its_rows() -> None:
    """A cooperative's telephone on hundreds of rows, with few given names."""
    numbers = {
        size: len(compared_pairs(make_rows(*cooperative(size), bystanders=0)))
        for size in (300, 1200)
    }
    assert 0 < numbers[1200] < 6 * numbers[300]


def cooperative(size: int) -> list[dict[str, Any]]:
    """Women of one village and craft with one telephone."""
    given = ["Fatima", "Khadija", "Rkia", "Aicha", "Zahra"]
    families = ["Ouhaddou", "Amziane", "Boucetta", "Chaker", "Oubella", "Idder", "Azenkoud"]
    return [
        {
            "given_name": given[n % 5],
            "family_name": families[n % 7],
            "phone": "+212512345678",
            "commune_code": "9",
            "trade_text": "زرابي",
            "birth_date": date(1950 + n % 41, 1 + n % 12, 2 + n % 26),
        }
        for n in range(size)
    ]


def test_one_number_on_hundreds_of_rows_is_bounded() -> None:
    """A placeholder written as everyone's card number."""
    people = namesakes(900, card_number="A100000")
    assert len(compared_pairs(make_rows(*people, bystanders=0))) < 60 * 900


def test_hundreds_of_copies_become_one_person() -> None:
    copies = [{**FATIMA, "file": f"{number}.csv"} for number in range(300)]
    pairs = compared_pairs(make_rows(*copies, bystanders=0))
    assert len(pairs) < 60 * 300
    assert len(set(persons(link_rows(make_rows(*copies))))) == 1


def test_copies_without_any_number_become_one_person() -> None:
    known = {name: value for name, value in FATIMA.items() if name != "card_number"}
    copies = [{**known, "file": f"{number}.csv"} for number in range(60)]
    assert len(set(persons(link_rows(make_rows(*copies))))) == 1


def test_order_of_rows_does_not_matter() -> None:
    rows = make_rows(*namesakes(60), FATIMA, FATIMA_IN_FRENCH)
    columns = comparison_columns(rows)
    mixed = columns.sample(fraction=1.0, shuffle=True, seed=5).sort("uid")
    assert pairs_of_rows(mixed).equals(pairs_of_rows(columns))


def test_rules_name_compared_columns() -> None:
    columns = comparison_columns(make_rows(FATIMA, bystanders=0)).columns
    assert all(name in columns for rule in BLOCKING for name in rule.columns)
