"""The catalogues are whole, and the check that says so finds what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from qafila.foundation.wording import catalogues

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_every_sentence_is_translated_in_three_languages() -> None:
    assert catalogues.faults() == []


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A room with one sentence and no catalogue yet."""
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "errors.py").write_text('text = _("%(count)s rows were read.")\n')
    monkeypatch.setattr(catalogues, "SOURCES", tmp_path)
    monkeypatch.setattr(catalogues, "LANGUAGES", ("fr",))
    return folder


def _translate(room: Path, body: str) -> list[str]:
    po = room / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_text(HEADER + body)
    return catalogues.faults()


def test_a_missing_translation_is_named_with_its_place(room: Path) -> None:
    (fault,) = catalogues.faults()
    assert "no translation" in fault
    assert "room/errors.py:1" in fault


def test_an_empty_or_fuzzy_translation_is_a_fault(room: Path) -> None:
    assert "no translation" in _translate(room, 'msgid "%(count)s rows were read."\nmsgstr ""\n')[0]
    fuzzy = '#, fuzzy\nmsgid "%(count)s rows were read."\nmsgstr "%(count)s lignes lues."\n'
    assert "fuzzy" in _translate(room, fuzzy)[0]


def test_other_placeholders_are_a_fault(room: Path) -> None:
    body = 'msgid "%(count)s rows were read."\nmsgstr "%(nombre)s lignes lues."\n'
    assert "other placeholders" in _translate(room, body)[0]


def test_an_unused_translation_is_a_fault(room: Path) -> None:
    good = 'msgid "%(count)s rows were read."\nmsgstr "%(count)s lignes lues."\n'
    assert _translate(room, good) == []
    assert "nothing uses it" in _translate(room, good + '\nmsgid "Old."\nmsgstr "Ancien."\n')[0]


def test_template_sentences_are_seen(room: Path) -> None:
    page = room / "templates" / "page.html"
    page.parent.mkdir()
    page.write_text("{% load i18n %}{% translate 'Welcome.' %}")
    assert any("Welcome." in fault for fault in catalogues.faults())
