"""The pages of the demonstration: loaded once, served, with the accounts to sign in."""

from __future__ import annotations

import os
from collections.abc import Callable

from rich.console import Console
from rich.table import Table


def serve_demonstration(
    database: str, *, load: Callable[[], None], port: int, fresh: bool, console: Console
) -> None:
    """Serve the demonstration in `database`; load it when it is not there whole, or when asked."""
    from django.db import connection

    from qafila.cli.serve import serve
    from qafila.institutions.demonstration import known_demonstration_accounts

    if fresh or not _is_loaded(database):
        load()
    connection.close()
    table = Table(title="Accounts of this demonstration")
    for heading in ("who", "role", "e-mail", "password", "second factor"):
        table.add_column(heading)
    for account in known_demonstration_accounts():
        second = f"qafila accounts code {account.email}" if account.otp_uri else "none"
        table.add_row(account.name_latn, account.role, account.email, account.password, second)
    console.print(table)
    console.print(f"Open [bold]http://127.0.0.1:{port}[/bold] — Ctrl-C stops the server.")
    # The web processes read this: they open the demonstration's database, not the installation's.
    os.environ["QAFILA_DATABASE_NAME"] = database
    serve(host="127.0.0.1", port=port, workers=2)


def _is_loaded(database: str) -> bool:
    from django.db import DatabaseError, connection

    from qafila.foundation.database import fresh

    fresh.use(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM institutions_account")
            found = cursor.fetchone()
            return bool(found and found[0])
    except DatabaseError:
        return False
