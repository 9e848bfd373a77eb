"""Amounts and days inside sentences are written as each language writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import translation

from qafila.contributions.payments import problems
from qafila.foundation import journal
from qafila.foundation.errors import DomainError
from qafila.foundation.models import JournalEntry
from qafila.foundation.wording.told import day_told, dirhams_told, told
from qafila.people.errors import UnusableValue

DAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("language", "amount", "day"),
    [
        ("fr", "1\u00a0163,52", "22 novembre 2026"),
        ("ar", "1\u00a0163,52", "22 نونبر 2026"),
        ("zgh", "1\u00a0163,52", "22 ⵏⵓⵡⴰⵏⴱⵉⵔ 2026"),
        ("en", "1163.52", "2026-11-22"),
    ],
)
def test_kept_figures_become_peoples_writing(language: str, amount: str, day: str) -> None:
    with translation.override(language):
        assert told({"amount_dh": "1163.52", "day": "2026-11-22"}) == {
            "amount_dh": amount, "day": day,
        }  # fmt: skip
        assert (dirhams_told(116352), day_told(DAY)) == (amount, day)


@pytest.mark.parametrize(
    ("language", "month", "first"),
    [
        ("fr", "avril 2026", "1er avril 2026"),
        ("ar", "أبريل 2026", "1 أبريل 2026"),
        ("en", "2026-04", "2026-04-01"),
    ],
)
def test_months_and_the_first_of_a_month_in_sentences(
    language: str, month: str, first: str
) -> None:
    with translation.override(language):
        assert told({"month": "2026-04", "day": "2026-04-01"}) == {"month": month, "day": first}


def test_codes_kept_in_a_sentence_are_read_as_words() -> None:
    corrected = {"fields": "birth_date, card_number", "before": "—", "after": "1979"}
    held = {"name": "Karim", "held_from": "2026-04-01", "role": "fund_liaison", "territory": "06"}
    with translation.override("fr"):
        told_ = journal.sentence_for("people.person_corrected", corrected)
        assert "Date de naissance, N° de CIN." in told_.replace("\u00a0", " ")
        assert "Correspondant CNSS" in journal.sentence_for("institutions.post_held", held)
        refused = UnusableValue(field="card_number", value="12").sentence()
        assert "N° de CIN" in refused.replace("\u00a0", " ")


def test_what_somebody_wrote_stays_as_it_was_written() -> None:
    with translation.override("fr"):
        kept = {"reference": "2026-11-22", "reason": "163.52", "file": "2026-11", "calls": 3}
        assert told(kept) == kept
        assert told({"day": "2026-13-45"}) == {"day": "2026-13-45"}


def test_a_minus_stays_before_its_figures_in_arabic() -> None:
    with translation.override("ar"):
        assert dirhams_told(-500) == "\u2066-5,00\u2069"


def _sentences() -> dict[str, Callable[[dict[str, str]], str]]:
    """Every refusal, journal entry and problem of a payment, filled as it is when shown."""
    found: dict[str, Callable[[dict[str, str]], str]] = {}
    waiting = [DomainError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__init__ is DomainError.__init__ and kind.__module__.startswith("qafila"):
            found[kind.__qualname__] = lambda facts, kind=kind: kind(**facts).sentence()
    for verb in journal._types:
        entry = JournalEntry(verb=verb)
        found[verb] = lambda facts, entry=entry: _journalled(entry, facts)
    for code in problems.SENTENCES:
        found[code] = lambda facts, code=code: problems.problem_sentence(code, facts)
    return found


def _journalled(entry: JournalEntry, facts: dict[str, str]) -> str:
    entry.data = facts
    return journal.sentence_of(entry)


class _Any(dict[str, str]):
    """Whatever a sentence asks for: a number where one must be, else the figure given."""

    def __init__(self, figure: str) -> None:
        super().__init__(dict.fromkeys(_NAMES, figure))


_NAMES = (
    "day", "on", "until", "care_on", "paid_on", "found", "booked", "counted", "amount", "credit",
    "asked", "total_dh", "amount_dh", "arrears_dh", "erased_dh", "died", "since", "limit",
    "largest",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
@pytest.mark.parametrize("figure", ["2026-11-22", "1163.52"])
def test_no_sentence_shows_a_figure_as_programs_write_it(language: str, figure: str) -> None:
    shown, told_of = {}, 0
    with translation.override(language):
        for name, sentence in _sentences().items():
            try:
                text = sentence(_Any(figure))
            except (KeyError, TypeError, ValueError):
                continue  # it asks for something else than days and amounts
            told_of += 1
            if figure in text:
                shown[name] = text
    assert not shown
    assert told_of > 100
