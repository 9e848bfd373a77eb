"""`qafila translations`: every room's catalogues, compiled and checked without gettext tools."""

from __future__ import annotations

import sys

import typer

from qafila.cli.django_setup import prepare_django

translations_app = typer.Typer(
    help="Catalogues in Arabic, French and Amazigh.", no_args_is_help=True
)


@translations_app.command("compile")
def compile_catalogues() -> None:
    """Compile every catalogue that changed, so that pages and messages speak its language."""
    from qafila.foundation.wording.catalogues import compile_all

    count = compile_all()
    typer.echo(f"{count} catalogues compiled.")


@translations_app.command("check")
def check() -> None:
    """Exit 1 and list what is missing, fuzzy, unused or forbidden in a catalogue."""
    prepare_django()
    from qafila.foundation.wording.catalogues import faults
    from qafila.foundation.wording.writing_rules import writing_faults

    found = [*faults(), *writing_faults()]
    for fault in found:
        typer.echo(fault)
    typer.echo(f"{len(found)} faults in the catalogues.")
    sys.exit(1 if found else 0)
