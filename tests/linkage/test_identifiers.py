"""Card numbers, fund numbers, phones and dates as spreadsheets mangle them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qafila.linkage.typing_errors import one_typing_error_apart
from qafila.linkage.values.dates import (
    PartialDate,
    day_and_month_exchanged,
    parse_date,
)
from qafila.linkage.values.identifiers import (
    normalise_card_number,
    normalise_fund_number,
)
from qafila.linkage.values.phones import normalise_phone


@pytest.mark.parametrize(
    ("written", "card"),
    [
        ("JE254533", "JE254533"),
        ("je 254533", "JE254533"),
        ("MC419O22", "MC419022"),
        ("m-694422", "M694422"),
        ("AB١٢٣", "AB123"),
        ("JI23456", "J123456"),
        ("BE 3649", "BE3649"),
    ],
)
def test_card_number_is_mended(written: str, card: str) -> None:
    assert str(normalise_card_number(written)) == card


@pytest.mark.parametrize("written", [None, "", "12345", "B12345678", "ABC123", "لا يتوفر"])
def test_no_card_number(written: str | None) -> None:
    assert normalise_card_number(written) is None


def test_fund_number() -> None:
    assert normalise_fund_number(154484150.0) == "154484150"
    assert normalise_fund_number("١٥٤٤٨٤١٥٠") == "154484150"
    assert normalise_fund_number("15448415") is None


@pytest.mark.parametrize(
    ("left", "right", "apart"),
    [
        ("JE254533", "JE254533", False),
        ("JE254533", "JE254534", True),
        ("JE254533", "JE25453", True),
        ("JE254533", "JE524533", True),
        ("JE254533", "JE354523", False),
        ("JE254533", "JE2545", False),
    ],
)
def test_one_typing_error(left: str, right: str, apart: bool) -> None:
    assert one_typing_error_apart(left, right) is apart
    assert one_typing_error_apart(right, left) is apart


@given(st.text("JE0123456789", min_size=3, max_size=8), st.data())
def test_any_single_error_is_recognised(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number) - 1))
    assert one_typing_error_apart(number, number[:place] + number[place + 1 :])
    assert one_typing_error_apart(number, number[:place] + "X" + number[place + 1 :])


@pytest.mark.parametrize(
    "written",
    [639741374.0, 639741374, "0639741374", "+212 639-741374", "00212 639 741374", "٠٦٣٩٧٤١٣٧٤"],
)
def test_phone(written: object) -> None:
    assert normalise_phone(written) == "+212639741374"


@pytest.mark.parametrize("written", [None, "", "123", "+33612345678", "0112345678"])
def test_no_phone(written: object) -> None:
    assert normalise_phone(written) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("18/06/1978", PartialDate(date(1978, 6, 18), "day")),
        ("01-09-1984", PartialDate(date(1984, 9, 1), "day")),
        ("21/05/58", PartialDate(date(1958, 5, 21), "day")),
        ("12/30/1980", PartialDate(date(1980, 12, 30), "day")),
        ("1984", PartialDate(date(1984, 1, 1), "year")),
        (1984.0, PartialDate(date(1984, 1, 1), "year")),
        (27273.0, PartialDate(date(1974, 9, 1), "day")),
        ("٠١/٠١/١٩٧١", PartialDate(date(1971, 1, 1), "day")),
        ("1982-01-09", PartialDate(date(1982, 1, 9), "day")),
        ("00/00/1970", PartialDate(date(1970, 1, 1), "year")),
        ("06/1980", PartialDate(date(1980, 6, 1), "month")),
        (datetime(1990, 5, 4, 10, 0, tzinfo=UTC), PartialDate(date(1990, 5, 4), "day")),
    ],
)
def test_date(written: object, expected: PartialDate) -> None:
    assert parse_date(written) == expected


@pytest.mark.parametrize("written", [None, "", "31/02/1980", "13/25/1980", "hier", 12.0, True])
def test_no_date(written: object) -> None:
    assert parse_date(written) is None


def test_exchanged_day_and_month() -> None:
    assert day_and_month_exchanged(date(1980, 3, 4), date(1980, 4, 3))
    assert not day_and_month_exchanged(date(1980, 3, 4), date(1980, 3, 4))
    assert not day_and_month_exchanged(date(1980, 3, 4), date(1981, 4, 3))
