"""The table of reasons: complete, distinct, and told in every language."""

from __future__ import annotations

import pytest
from django.utils import translation

from qafila.accompaniment.reasons import (
    BY_CODE,
    CLOSED,
    REASONS,
    Remedy,
    Urgency,
    next_step_sentence,
    reason_sentence,
    urgency_of,
)
from qafila.accompaniment.steps import STEPS


def test_codes_are_distinct_and_the_last_reason_always_holds() -> None:
    assert len(BY_CODE) == len(REASONS)
    assert len({one.next_step for one in REASONS}) == len(REASONS)
    assert (REASONS[-1].code, REASONS[-1].when) == ("covered", "true")
    assert all(len(one.code) <= 40 and len(one.next_step) <= 40 for one in REASONS)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
@pytest.mark.parametrize("code", BY_CODE)
def test_each_reason_is_told_in_each_language(code: str, language: str) -> None:
    told = []
    for spoken in (language, "en"):
        with translation.override(spoken):
            told.append(
                (
                    reason_sentence(code, months=3, overdue_centimes=49056),
                    next_step_sentence(code),
                    str(BY_CODE[code].label),
                )
            )
    for own, english in zip(*told, strict=True):
        assert own.strip()
        assert own != english
        assert "%" not in own


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        (1, "شهر واحد غير مؤدى: 163,52\u00a0درهم."),
        (2, "شهران غير مؤديين: 163,52\u00a0درهم."),
        (5, "5 أشهر غير مؤداة: 163,52\u00a0درهم."),
        (14, "14 شهرا غير مؤدى: 163,52\u00a0درهم."),
    ],
)
def test_arabic_counts_months_as_arabic_does(months: int, sentence: str) -> None:
    with translation.override("ar"):
        told = reason_sentence("contributions_unpaid", months=months, overdue_centimes=16352)
    assert told.replace("\u200f", "") == sentence


def test_a_row_says_all_there_is_to_a_reason() -> None:
    """A reason is added in one place: what the row leaves out is left out on purpose."""
    for one in REASONS:
        assert one.station in ("", *STEPS), one.code
        at_rest = one.urgency in (Urgency.AT_REST, Urgency.NONE)
        assert bool(one.station) != at_rest, f"{one.code}: which step is held up?"
        assert not (one.closed and one.remedy), f"{one.code}: nothing is left to do, yet a remedy"
    assert {one.code for one in REASONS if one.closed} == CLOSED == {"covered", "deceased"}


def test_each_remedy_is_the_remedy_of_some_reason() -> None:
    assert {one.remedy for one in REASONS} == {None, *Remedy}


def test_a_person_without_a_reason_is_on_the_way() -> None:
    assert urgency_of("") is Urgency.ON_THE_WAY
    assert urgency_of("refused") is Urgency.HELD_UP
