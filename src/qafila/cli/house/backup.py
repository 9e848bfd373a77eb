"""`qafila backup …` and `qafila restore`: copies that can be brought back, and the proof of it."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qafila.cli.django_setup import prepare_django

if TYPE_CHECKING:
    from qafila.foundation.backup.making import Source

backup_app = typer.Typer(
    help="Backups, sealed to a public key: made, kept up with, tried.", no_args_is_help=True
)

Folder = Annotated[Path, typer.Argument(help="The folder of the backup.")]
Public = Annotated[str, typer.Option("--to", help="The public key, from `qafila backup key`.")]
Private = Annotated[
    Path, typer.Option("--key", help="A file with the private key.", exists=True, dir_okay=False)
]


@backup_app.command("key")
def key() -> None:
    """Create a pair of keys. Keep the private one away from this machine: without it, no backup."""
    from qafila.foundation.backup.sealed_streams import new_pair

    for one in new_pair():
        typer.echo(one)


@backup_app.command("now")
def now(
    folder: Folder,
    to: Public,
    earlier: Annotated[
        Path | None,
        typer.Option(help="The backup before this one: it gets the log until now.", exists=True),
    ] = None,
) -> None:
    """Back up the database, documents and keys into a new folder, each sealed by itself."""
    prepare_django()
    from qafila.foundation import clock
    from qafila.foundation.backup.making import back_up

    contents = back_up(_source(), folder, to, begun=clock.now().isoformat(), earlier=earlier)
    typer.echo(
        f"{folder}: {len(contents.after.rows)} tables, {sum(contents.after.rows.values())} "
        "rows. Run `qafila backup log` every minute to keep up."
    )


@backup_app.command("log")
def log(folder: Folder, to: Public) -> None:
    """Add what the database wrote since the last time. For a timer, every minute."""
    prepare_django()
    from qafila.foundation.backup.making import keep_log

    keep_log(_source(), folder, to)


@backup_app.command("drill")
def drill(folder: Folder, key: Private) -> None:
    """Restore into a scratch server and compare rows, sums and documents; code 1 when they differ.

    The base, its log until now, documents and keys are opened and checked as for a real loss.
    """
    from qafila.foundation.backup.restoring import differences, restore

    with tempfile.TemporaryDirectory(prefix="qafila-drill-") as name:
        # Reached by the account the server runs as, when this runs as root.
        Path(name).chmod(0o755)
        restored = restore(folder, key.read_text(), Path(name) / "restored", until=None)
        try:
            differing = differences(folder, restored)
        finally:
            restored.server.stop()
            restored.server.leave()
    for one in differing:
        typer.echo(one, err=True)
    if differing:
        raise typer.Exit(1)
    typer.echo("The restored copy is the same.")


def restore(
    folder: Folder,
    key: Private,
    into: Annotated[Path, typer.Option(help="A new folder for server, documents and keys.")],
    at: Annotated[
        str, typer.Option(help="The moment to go back to, as 2026-11-29T09:41:00+01:00.")
    ] = "",
) -> None:
    """Restore a backup into a new place, as it was at a moment; the present house is not touched.

    Afterwards QAFILA_VAR=INTO serves the restored house.
    """
    from qafila.foundation.backup.restoring import restore as restore_backup

    until = _moment(at) if at else None
    restored = restore_backup(folder, key.read_text(), into, until=until)
    restored.server.stop()
    restored.server.leave()
    _put_in_place(into)
    typer.echo(f"Restored into {into}. `QAFILA_VAR={into} qafila serve` serves it.")


def _moment(text: str) -> dt.datetime:
    told = "Write day, time and offset, as 2026-11-29T09:41:00+01:00."
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(told, param_hint="--at") from None
    if moment.tzinfo is None:
        raise typer.BadParameter(told, param_hint="--at")
    return moment


def _put_in_place(into: Path) -> None:
    """Documents and keys under the names the house looks for them."""
    (into / "documents").rename(into / "uploads")
    kept = into / "keys"
    if (kept / "secret_key").exists():
        (kept / "secret_key").rename(into / "secret_key")
    if (kept / "keys").exists():
        for path in (kept / "keys").iterdir():
            path.rename(kept / path.name)
        (kept / "keys").rmdir()
    (kept / "postgres-password").unlink(missing_ok=True)


def _source() -> Source:
    from django.conf import settings
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    from qafila.foundation.backup.making import Source
    from qafila.foundation.database.embedded_postgres import EmbeddedPostgres

    found = connection.get_connection_params()
    known = ("host", "port", "user", "password", "dbname")
    address = make_conninfo(**{name: found[name] for name in known if found.get(name)})
    var = Path(settings.VAR)
    embedded = EmbeddedPostgres(var / "postgres")
    keys = {"secret_key": var / "secret_key", "keys": var / "keys"}
    if settings.DATABASES["default"].get("EMBEDDED_FOLDER"):
        keys["postgres-password"] = embedded.folder / "password"
    Path(settings.UPLOADS).mkdir(parents=True, exist_ok=True)
    programs = embedded.binary("pg_basebackup").parent
    return Source(address, programs, Path(settings.UPLOADS), keys, var / "log-to-seal")
