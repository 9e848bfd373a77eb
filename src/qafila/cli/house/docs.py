"""`qafila docs`: the documents that are generated from the code, so that they cannot lie."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from qafila.cli.django_setup import prepare_django

docs_app = typer.Typer(help="Generated documents: write them, or check them.", no_args_is_help=True)


@docs_app.command("generate")
def generate(context: typer.Context) -> None:
    """Regenerate every generated document."""
    for path, text in _documents(context).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        typer.echo(f"{path} written.")


@docs_app.command("check")
def check(context: typer.Context) -> None:
    """Exit 1 and name the documents that no longer say what the code does."""
    stale = [
        path
        for path, text in _documents(context).items()
        if not path.exists() or path.read_text() != text
    ]
    for path in stale:
        typer.echo(f"{path} is out of date. Run `qafila docs generate` and commit it.")
    sys.exit(1 if stale else 0)


def _documents(context: typer.Context) -> dict[Path, str]:
    prepare_django()
    from django.utils import translation

    from qafila.cli.house import generated_docs

    with translation.override(None):
        return generated_docs.documents(context.find_root().command)
