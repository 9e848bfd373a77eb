"""`qafila doctor`: the faults that an installation holds, and what to do about each."""

from __future__ import annotations

import sys

import typer
from rich.console import Console
from rich.table import Table

from qafila.cli.django_setup import prepare_django

doctor_app = typer.Typer(help="Find what is wrong in the data.", no_args_is_help=True)


@doctor_app.callback()
def doctor() -> None:
    """Find what is wrong in the data."""


@doctor_app.command("people")
def people() -> None:
    """Hold the rows of every room against the proofs about people; exit 1 if one is not kept."""
    prepare_django()
    from qafila.people.proofs import prove_people

    found = prove_people()
    table = Table("Proof", "Found", "What was found", "What to do", "Files: rows")
    for one in found:
        ids = " ".join(f"{person}:{row}" for person, row in one.ids)
        remedy, told = (str(one.remedy), str(one.told)) if one.count else ("", "")
        table.add_row(one.code, f"{one.count}", told, remedy, ids)
    Console(width=200).print(table)
    faults = sum(one.count for one in found)
    typer.echo(f"{len(found)} proofs, {faults} faults.")
    sys.exit(1 if faults else 0)
