"""How sentences for people are written; each test is a rule of docs/reference/words.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import qafila_law
from qafila.foundation.wording.catalogues import catalogue_files

ARABIC = [po for po in catalogue_files() if po.parts[-3] == "ar"]
LAW = Path(qafila_law.__path__[0]) / "texts" / "ar.yaml"
# After an Arabic letter a browser turns figures round a hyphen: law 41-23 is read 23-41.
_TURNED_ROUND = re.compile(r"\d-\d")
_ISOLATED = re.compile("\u2066[^\u2069]*\u2069")
_ARABIC_LETTER = re.compile("[\u0621-\u064a]")


def _sentences(po: Path) -> list[str]:
    with po.open("rb") as file:
        strings = [message.string for message in read_po(file, abort_invalid=True) if message.id]
    return [text for one in strings for text in ([one] if isinstance(one, str) else one)]


def _turned_round(text: str) -> bool:
    return bool(_ARABIC_LETTER.search(text) and _TURNED_ROUND.search(_ISOLATED.sub("", text)))


@pytest.mark.parametrize("po", ARABIC, ids=lambda po: po.parts[-5])
def test_arabic_holds_no_figures_that_turn_round(po: Path) -> None:
    wrong = [text for text in _sentences(po) if _turned_round(text)]
    assert not wrong, f"Write القانون رقم 41.23, or isolate the figures (U+2066, U+2069): {wrong}"


def test_the_law_in_arabic_holds_no_figures_that_turn_round() -> None:
    lines = [line for line in LAW.read_text().splitlines() if not line.lstrip().startswith("#")]
    wrong = [line for line in lines if _turned_round(line)]
    assert not wrong, f"Write القانون رقم 41.23, or isolate the figures (U+2066, U+2069): {wrong}"


def test_the_rule_bites() -> None:
    assert _turned_round("القانون 41-23")
    assert not _turned_round("القانون رقم 41.23")
    assert not _turned_round("مثل \u20662026-11-22\u2069")
