"""Every value of the law has its date, unit, reference, source, check date and doubt."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qafila_law import LawError, parameters_without_reference
from qafila_law.parameter_tree import all_parameters, get_parameter, read_parameters, value_at
from qafila_law.wording.sentences import error_sentence

GOOD = """
description: A rate.
metadata: {unit: /1, last_checked_on: "2026-11-22"}
values:
  2020-01-01:
    value: 0.1
    metadata: {reference: Loi 1-20, source: anam.ma, confidence: A}
"""


def folder_with(tmp_path: Path, text: str) -> Path:
    (tmp_path / "rate.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_no_parameter_lacks_its_reference() -> None:
    assert parameters_without_reference() == ()
    assert len(all_parameters()) > 80


def test_a_whole_parameter_is_accepted(tmp_path: Path) -> None:
    assert parameters_without_reference(folder_with(tmp_path, GOOD)) == ()


@pytest.mark.parametrize(
    ("take_out", "fault"),
    [
        ("unit: /1, ", "unit"),
        (', last_checked_on: "2026-11-22"', "last_checked_on"),
        ("reference: Loi 1-20, ", "reference"),
        (", source: anam.ma", "source"),
        (", confidence: A", "confidence"),
    ],
)
def test_a_parameter_without_one_of_them_is_refused(
    tmp_path: Path, take_out: str, fault: str
) -> None:
    assert take_out in GOOD
    faults = parameters_without_reference(folder_with(tmp_path, GOOD.replace(take_out, "")))
    assert faults == (f"rate from 2020-01-01: no {fault}",)


@pytest.mark.parametrize("confidence", ["C", "D"])
def test_a_doubtful_value_must_tell_its_doubt(tmp_path: Path, confidence: str) -> None:
    doubtful = GOOD.replace("confidence: A", f"confidence: {confidence}")
    faults = parameters_without_reference(folder_with(tmp_path, doubtful))
    assert faults == ("rate from 2020-01-01: no documentation",)
    told = "documentation: Not found in the sources.\n" + doubtful.lstrip()
    assert parameters_without_reference(folder_with(tmp_path, told)) == ()


def test_a_value_without_a_value_or_with_a_wrong_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no value"):
        read_parameters(folder_with(tmp_path, GOOD.replace("value: 0.1", "note: 1")))
    with pytest.raises(ValueError, match="2020-13-01"):
        read_parameters(folder_with(tmp_path, GOOD.replace("2020-01-01", "2020-13-01")))


def test_numbers_are_exact_decimals() -> None:
    rate = value_at("contribution.rate", date(2026, 1, 1)).number
    assert rate == Decimal("0.0637")
    with pytest.raises(TypeError):
        _ = value_at("contribution.first_month.cpu", date(2026, 1, 1)).number


def test_values_change_on_their_day() -> None:
    path = "contribution.minimum_wage.hourly"
    assert value_at(path, date(2025, 12, 31)).number == Decimal("17.10")
    assert value_at(path, date(2026, 1, 1)).number == Decimal("17.92")


def test_unknown_parameters_and_days_before_the_first_are_refused() -> None:
    with pytest.raises(LawError) as unknown:
        get_parameter("contribution.nothing")
    assert unknown.value.code == "unknown_parameter"
    with pytest.raises(LawError) as early:
        value_at("contribution.rate", date(2000, 1, 1))
    assert early.value.code == "no_rule_yet"
    assert "2018" in error_sentence(early.value, "fr")


def test_all_values_were_checked_on_a_real_day() -> None:
    for parameter in all_parameters().values():
        for value in parameter.values:
            assert date.fromisoformat(value.last_checked_on) >= value.since.min
            assert value.last_checked_on in ("2026-11-22", "2026-11-29"), value.path
