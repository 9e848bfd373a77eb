"""Each reason has a sentence to the person, and one about the person for staff."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import translation

from qafila.rights.reasons import SENTENCES, STAFF_SENTENCES, why_to_staff

DAY = dt.date(2026, 11, 22)
TO_THE_PERSON = {
    "fr": re.compile(r"\b[Vv](?:ous|os|otre)\b"),
    "ar": re.compile(r"(?:كم|تم)(?![ء-ي])(?<!يتم)(?<!تتم)(?<! تم)(?<!^تم)|أنتم"),
}


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_staff_read_of_the_person_never_you(language: str) -> None:
    assert set(STAFF_SENTENCES) == set(SENTENCES)
    with translation.override(language):
        for reason in STAFF_SENTENCES:
            told = why_to_staff(reason, (DAY, DAY))
            assert not TO_THE_PERSON[language].search(told), told


def test_another_day_is_said() -> None:
    with translation.override("fr"):
        told = why_to_staff("paid_up", (DAY, None), on=DAY, today=DAY + dt.timedelta(days=9))
    assert told.startswith("Situation au 22 novembre 2026")
