"""What people type is kept in one form, whichever door it came by."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qafila.foundation import typed_text
from qafila.foundation.typed_text import NameWithoutLetters, TextTooLong
from qafila.lists.reading.cells.values import tidy

SOURCES = Path(__file__).resolve().parents[2] / "src" / "qafila"
AS_TYPED = [
    ("  Aït\tLahcen  ", "Aït Lahcen"),
    ("Ai\u0308t", "Aït"),  # two characters for one letter
    ("\u202eFatima\u202c", "Fatima"),  # turned round
    ("\u2067فاطمة\u2069\u200f", "فاطمة"),
    ("\u061cفاطمة", "فاطمة"),
    ("Fa\u0000ti\u0007ma\u007f", "Fatima"),
    ("Fa\u200bti\u00adma\ufeff", "Fatima"),
    ("Fatima\ud800", "Fatima"),  # half a character, as JSON can send it
    ("Fatima\U000e0041", "Fatima"),
    ("Fatima\u2028Zahra", "Fatima Zahra"),
]


@pytest.mark.parametrize(("typed", "kept"), AS_TYPED)
def test_pages_and_lists_keep_a_name_alike(typed: str, kept: str) -> None:
    assert typed_text.line(typed) == kept
    assert typed_text.name(typed) == kept
    assert tidy(typed) == kept


def test_a_note_keeps_its_lines() -> None:
    assert typed_text.note(" first \r\n\u202e second\n\n") == "first\nsecond"


@pytest.mark.parametrize("text", ["123", "-", "\u202e", "…", "١٢٣"])
def test_a_name_needs_letters(text: str) -> None:
    with pytest.raises(NameWithoutLetters):
        typed_text.name(text)


def test_no_name_is_no_wrong_name() -> None:
    assert typed_text.name("  ") == ""


@pytest.mark.parametrize("door", [typed_text.line, typed_text.note, typed_text.name])
def test_a_megabyte_is_refused_by_a_sentence(door: object) -> None:
    with pytest.raises(TextTooLong) as refusal:
        door("x" * 1_000_000)  # type: ignore[operator]
    assert "1000000 characters long" in refusal.value.sentence()


def test_rooms_take_reasons_through_the_door() -> None:
    """Also where a page hands a reason on without a form, and on the command line."""
    by_hand = re.compile(
        r"\b(?:reason|note|document|reference|place|name)\.strip\(\)|reason\.split"
    )
    rooms = [path for path in SOURCES.rglob("*.py") if path.parts[-2] != "reading"]
    ours = [path for path in rooms if not {"tables", "linkage", "lists", "cli"} & set(path.parts)]
    found = [str(path) for path in sorted(ours) if by_hand.search(path.read_text())]
    assert not found, f"{found}: take it through foundation.typed_text."
