"""Generated documents say what the code does."""

from __future__ import annotations

from django.utils import translation
from typer.main import get_command

from qafila.cli.house import generated_docs
from qafila.cli.main import command_line


def test_generated_documents_are_up_to_date() -> None:
    with translation.override(None):
        stale = [
            path.name
            for path, text in generated_docs.documents(get_command(command_line())).items()
            if not path.exists() or path.read_text() != text
        ]
    assert not stale, f"Run `qafila docs generate` and commit {stale}."


def test_documents_tell_states_and_verbs() -> None:
    with translation.override(None):
        texts = {
            path.name: text
            for path, text in generated_docs.documents(get_command(command_line())).items()
        }
    assert "| `accept_application` | submitted | accepted |" in texts["states.md"]
    assert "`qafila demo`" in texts["commands.md"]
