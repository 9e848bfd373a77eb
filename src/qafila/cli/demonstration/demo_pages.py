"""The pages of the demonstration: loaded once, served, with the accounts to sign in."""

from __future__ import annotations

import os
from collections.abc import Callable

from django.utils.translation import gettext as _
from rich.console import Console


def serve_demonstration(
    database: str, *, load: Callable[[], None], port: int, fresh: bool, console: Console
) -> None:
    """Serve the demonstration in `database`; load it when it is not there whole, or when asked."""
    from django.db import connection

    from qafila.cli.house.serve import serve
    from qafila.demonstration.accounts import known_demonstration_accounts

    if fresh or not _is_loaded(database):
        load()
    else:
        bring_up_to_date(console)
    connection.close()
    console.print(_("Accounts of this demonstration:"))
    for account in known_demonstration_accounts():
        # Plain lines, never cut: people copy from them.
        console.print(f"  {account.email}  {account.password}", soft_wrap=True, highlight=False)
        console.print(f"      {account.name_latn}, {account.role}", style="dim", soft_wrap=True)
        if account.otp_uri:
            code = _("second factor: .venv/bin/qafila accounts code %(email)s")
            told = code % {"email": account.email}
            console.print(f"      {told}", style="dim", soft_wrap=True, highlight=False)
    address = f"http://127.0.0.1:{port}"
    told = _("Open %(address)s — Ctrl-C stops the server.") % {"address": address}
    console.print(told, soft_wrap=True)
    # The web processes read this: they open the demonstration's database, not the installation's.
    os.environ["QAFILA_DATABASE_NAME"] = database
    serve(host="127.0.0.1", port=port, workers=2)


def bring_up_to_date(console: Console) -> None:
    """Migrate the demonstration in use where an earlier version made it; what it holds stays."""
    from django.core.management import call_command

    from qafila.foundation.database.schema import missing_migrations

    if missing_migrations():
        with console.status(_("Bringing the demonstration of an earlier version up to date…")):
            call_command("migrate", verbosity=0)


def _is_loaded(database: str) -> bool:
    from django.db import DatabaseError, connection

    from qafila.foundation.database import fresh
    from qafila.institutions.facts import ACCOUNTS

    fresh.use(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {ACCOUNTS} account")
            found = cursor.fetchone()
            return bool(found and found[0])
    except DatabaseError:
        return False
