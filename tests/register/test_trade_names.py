"""A trade is called by the gender of who works."""

from __future__ import annotations

import csv

import pytest

from qafila.register.recognition import DATA
from qafila.register.trade_names import trade_name


@pytest.mark.parametrize(
    ("arabic", "french", "sex", "wanted"),
    [
        ("صانعة الزرابي", "Tisseuse de tapis", "M", ("صانع الزرابي", "Tisseur de tapis")),
        ("الخياط التقليدي", "Tailleur traditionnel", "F",
         ("الخياطة التقليدية", "Tailleuse traditionnelle")),
        ("نقاش الخشب", "Sculpteur sur bois", "F", ("نقاشة الخشب", "Sculptrice sur bois")),
        ("صانع الورق التقليدي", "Potier", "F", ("صانعة الورق التقليدي", "Potière")),
        ("حياكة التريكو", "Four traditionnel", "F", ("حياكة التريكو", "Four traditionnel")),
        ("صانعة الزرابي", "Tisseuse de tapis", "", ("صانعة الزرابي", "Tisseuse de tapis")),
    ],
)  # fmt: skip
def test_trades_in_both_genders(
    arabic: str, french: str, sex: str, wanted: tuple[str, str]
) -> None:
    told = tuple(trade_name(arabic, french, sex, language) for language in ("ar", "fr"))
    assert told == wanted


def test_saying_it_twice_changes_nothing_on_the_whole_list() -> None:
    with (DATA / "trades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 150
    for row in rows:
        for language, sex in (("fr", "F"), ("fr", "M"), ("ar", "F"), ("ar", "M")):
            once = trade_name(row["name_ar"], row["name_fr"], sex, language)
            assert trade_name(once, once, sex, language) == once


def test_the_other_name_serves_where_one_is_missing() -> None:
    assert trade_name("", "Potier", "F", "ar") == "Potière"
