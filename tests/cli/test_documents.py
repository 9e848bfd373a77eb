"""Generated documents say what the code does."""

from __future__ import annotations

from django.utils import translation

from qafila.cli.house import generated_docs


def test_generated_documents_are_up_to_date() -> None:
    with translation.override(None):
        stale = [
            path.name
            for path, text in generated_docs.documents().items()
            if not path.exists() or path.read_text() != text
        ]
    assert not stale, f"Run `qafila docs generate` and commit {stale}."


def test_documents_tell_states_and_verbs() -> None:
    with translation.override(None):
        texts = {path.name: text for path, text in generated_docs.documents().items()}
    assert "| `accept_application` | submitted | accepted |" in texts["states.md"]
    assert "`qafila demo`" in texts["commands.md"]
