"""`qafila places …`: the territory."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qafila.cli.django_setup import prepare_django

if TYPE_CHECKING:
    from qafila.foundation.errors import DomainError

places_app = typer.Typer(help="Regions, provinces and communes.", no_args_is_help=True)


@places_app.command("import-points")
def import_points(
    file: Annotated[Path, typer.Argument(help="CSV file with the columns code, lat, lon.")],
) -> None:
    """Give communes the points of a CSV file; other columns are ignored."""
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor
    from qafila.places import actions, errors

    try:
        result = actions.import_points(file, actor=system_actor("command line"), at=clock.now())
    except errors.UnusablePointsFile as refusal:
        _tell([refusal, *refusal.faults])
        raise typer.Exit(2) from None
    _tell(result.faults)
    typer.echo(result.sentence())


def _tell(faults: Sequence[DomainError]) -> None:
    for fault in faults:
        typer.echo(fault.sentence(), err=True)
