"""`qafila audit …`: unusual reading, searched and shown."""

from __future__ import annotations

from typing import Annotated

import typer

from qafila.cli.django_setup import prepare_django
from qafila.cli.rooms.acting import day_of, tell

audit_app = typer.Typer(help="Traces of reading: search a day for what is unusual.")


@audit_app.command("search")
def search(day: Annotated[str, typer.Argument(help="A day that is over: 2026-11-28.")]) -> None:
    """Search the reading of a day that no night did, such as when the server was off."""
    prepare_django()
    from qafila.audit.unusual import find_unusual_reading
    from qafila.foundation import clock
    from qafila.foundation.trail import system_actor

    actor = system_actor("command line")
    tell(find_unusual_reading(day_of(day), actor=actor, at=clock.now()))


@audit_app.command("cases")
def list_cases() -> None:
    """Show the cases that wait for an auditor: day, kind, account and how many people."""
    prepare_django()
    from qafila.audit.cases import cases
    from qafila.foundation.actors import WHOLE_COUNTRY

    for one in cases(scope=WHOLE_COUNTRY):
        typer.echo(f"{one.day}\t{one.kind}\t{one.account_id}\t{one.people}")
