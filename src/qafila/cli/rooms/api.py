"""`qafila api …`: the API's description, and the programs that may use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from qafila.cli.django_setup import prepare_django

api_app = typer.Typer(help="The web API for partners' programs.", no_args_is_help=True)
client_app = typer.Typer(help="The programs that may use the API.", no_args_is_help=True)
api_app.add_typer(client_app, name="client")


@api_app.command()
def openapi(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when the file is not up to date.")
    ] = False,
) -> None:
    """Write the description of the API to docs/reference/openapi.json."""
    prepare_django()
    from django.conf import settings

    from qafila.api.description import described

    path = Path(settings.PROJECT) / "docs" / "reference" / "openapi.json"
    now = described()
    if not check:
        path.write_text(now, encoding="utf-8")
    elif not path.exists() or path.read_text(encoding="utf-8") != now:
        typer.echo(f"{path} is not up to date: run `qafila api openapi`.", err=True)
        raise typer.Exit(1)


@client_app.command()
def create(
    name: Annotated[str, typer.Argument(help="The hospital or pharmacy, as noted in the journal.")],
    checks_per_minute: Annotated[int, typer.Option(help="How many checks a minute.")] = 600,
    dependants: Annotated[
        bool, typer.Option("--dependants", help="May also ask about spouses and children.")
    ] = False,
    payments: Annotated[
        bool, typer.Option("--payments", help="May send payments it received and take them back.")
    ] = False,
) -> None:
    """Create an OAuth2 client for a partner. Its secret is shown once and kept only as a hash."""
    prepare_django()
    from qafila.care.coverage_check.registering import register_client
    from qafila.foundation.clock import now
    from qafila.foundation.trail import system_actor

    made = register_client(
        name=name,
        checks_per_minute=checks_per_minute,
        may_see_dependants=dependants,
        may_book_payments=payments,
        actor=system_actor("command line"),
        at=now(),
    )
    told = {"client_id": made.client_id, "client_secret": made.client_secret}
    typer.echo(json.dumps(told, indent=2))


@client_app.command()
def withdraw(
    client_id: Annotated[str, typer.Argument(help="The client, as `client list` shows it.")],
) -> None:
    """Take a partner's access away: its tokens and its secret hold nowhere from now on."""
    prepare_django()
    from qafila.care.coverage_check.registering import withdraw_client
    from qafila.foundation.clock import now
    from qafila.foundation.trail import system_actor

    withdraw_client(client_id=client_id, actor=system_actor("command line"), at=now())


@client_app.command("list")
def list_clients() -> None:
    """Show the partners, one a line as JSON: client, name, limits, since when withdrawn."""
    prepare_django()
    from dataclasses import asdict

    from qafila.care.coverage_check.partners import partners

    for partner in partners():
        typer.echo(json.dumps(asdict(partner), ensure_ascii=False, default=str))
