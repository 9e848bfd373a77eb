"""`qafila database`: the server and its schema."""

from __future__ import annotations

from pathlib import Path

import typer
from rich.console import Console

from qafila.cli.django_setup import prepare_django
from qafila.cli.house.serve import tell_old_keys
from qafila.foundation.database.embedded_postgres import EmbeddedPostgres
from qafila.foundation.database.schema import schema_sentence

database_app = typer.Typer(help="The database: state, schema, stop.", no_args_is_help=True)
console = Console()


@database_app.command("migrate")
def migrate() -> None:
    """Bring the schema up to date and guard every table against anonymous writes."""
    prepare_django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    console.print("The schema is up to date.")
    tell_old_keys()


@database_app.command("status")
def status() -> None:
    """Say whether the embedded server runs, where its data is, and whether the schema is of now."""
    prepare_django()
    server = _embedded_server()
    if server is None:
        console.print("DATABASE_URL names a server of its own; the embedded one is not used.")
    elif server.is_running():
        console.print(f"The embedded PostgreSQL server in {server.folder} runs.")
    else:
        console.print(f"The embedded PostgreSQL server in {server.folder} is stopped.")
        return
    console.print(schema_sentence() or "The schema is up to date.")


@database_app.command("stop")
def stop() -> None:
    """Stop the embedded server, even if in use."""
    prepare_django()
    server = _embedded_server()
    if server is not None and server.is_running():
        server.stop()
    console.print("The embedded PostgreSQL server is stopped.")


def _embedded_server() -> EmbeddedPostgres | None:
    from django.conf import settings

    folder = settings.DATABASES["default"].get("EMBEDDED_FOLDER")
    return EmbeddedPostgres(Path(str(folder))) if folder else None
