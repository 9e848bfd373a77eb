"""Numbers, money and dates as Morocco writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from qafila.web.design import figures

NBSP = "\N{NO-BREAK SPACE}"
MONTHS = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "ماي",
    "يونيو",
    "يوليوز",
    "غشت",
    "شتنبر",
    "أكتوبر",
    "نونبر",
    "دجنبر",
]


@pytest.mark.parametrize(
    ("language", "told"),
    [("ar", f"163,52{NBSP}درهم"), ("fr", f"163,52{NBSP}DH"), ("zgh", f"163,52{NBSP}ⴷⵔⵀⵎ")],
)
def test_money_with_its_unit(language: str, told: str) -> None:
    with translation.override(language):
        assert figures.money_text(16352) == told


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_thousands_are_set_apart_by_a_space_that_does_not_break(language: str) -> None:
    with translation.override(language):
        assert figures.number_text(1234567) == f"1{NBSP}234{NBSP}567"
        assert figures.money_text(123456789).startswith(f"1{NBSP}234{NBSP}567,89")
        assert figures.percent_text(Decimal("0.163")) == f"16,3{NBSP}%"


def test_months_have_their_moroccan_names() -> None:
    with translation.override("ar"):
        told = [figures.month_text(dt.date(2026, month, 1)) for month in range(1, 13)]
    assert told == [f"{name} 2026" for name in MONTHS]


def test_days_in_french_and_amazigh() -> None:
    with translation.override("fr"):
        assert figures.day_text(dt.date(2026, 8, 9)) == "9 août 2026"
    with translation.override("zgh"):
        assert figures.day_text(dt.date(2026, 8, 9)) == "9 ⵖⵓⵛⵜ 2026"


def test_moments_are_told_in_moroccan_time() -> None:
    moment = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
    with translation.override("fr"):
        assert figures.moment_text(moment) == "22 novembre 2026 à 10:00"


@given(st.integers(min_value=-(10**13), max_value=10**13))
def test_no_centime_is_lost_in_writing(centimes: int) -> None:
    with translation.override("fr"):
        told = figures.money_text(centimes).removesuffix(f"{NBSP}DH")
    assert Decimal(told.replace(NBSP, "").replace(",", ".")) * 100 == centimes


def _rendered(source: str, **values: object) -> str:
    with translation.override("fr"):
        return Template("{% load moroccan %}" + source).render(Context(values))


@pytest.mark.parametrize(
    "name", ["money", "whole", "percent", "day", "month", "moment", "identifier"]
)
def test_what_is_missing_is_shown_as_nothing(name: str) -> None:
    assert _rendered("{{ value|" + name + " }}", value=None) == ""


def test_zero_is_not_missing() -> None:
    assert _rendered("{{ value|whole }} {{ value|percent }}", value=0) == f"0 0{NBSP}%"


def test_identifiers_run_left_to_right_and_are_escaped() -> None:
    told = _rendered("{{ value|identifier }}", value="JB<1>")
    assert told == '<bdi dir="ltr" class="identifier">JB&lt;1&gt;</bdi>'
