"""Database wrapper that starts the embedded server at the first connection, not at import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool.base import AttemptWithBackoff

from qafila.foundation.database.embedded_postgres import EmbeddedPostgres

# A pool waits twice as long after each vain attempt to reach the database, from a second on. Asked
# four times a second, pages answer again right after it is back, however long it was away.
AttemptWithBackoff.INITIAL_DELAY = 0.25
AttemptWithBackoff.DELAY_BACKOFF = 1.0

_servers: dict[str, EmbeddedPostgres] = {}


def embedded_server(folder: str) -> EmbeddedPostgres:
    """The one object of this process for the embedded server in `folder`."""
    return _servers.setdefault(folder, EmbeddedPostgres(Path(folder)))


class DatabaseWrapper(base.DatabaseWrapper):
    """`EMBEDDED_FOLDER` in the settings names the folder; without it the server is not ours."""

    def get_connection_params(self) -> dict[str, Any]:
        """Connection parameters, with the embedded server's socket and password filled in."""
        folder = self.settings_dict.get("EMBEDDED_FOLDER")
        if folder and not self.settings_dict["HOST"]:
            server = embedded_server(folder)
            server.use()
            found = conninfo_to_dict(server.address())
            self.settings_dict |= {
                "HOST": found["host"],
                "USER": found["user"],
                "PASSWORD": found["password"],
            }
        return super().get_connection_params()
