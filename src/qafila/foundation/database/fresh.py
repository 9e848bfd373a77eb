"""Fresh databases beside the installation's own, for demonstrations that may not touch it."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

_held_locks: list[psycopg.Connection[Any]] = []


def create_and_use(name: str) -> None:
    """Drop the database `name` if it exists, create it, migrate it, and use it from here on."""
    _require_plain_name(name)
    connection.close()
    server = psycopg.connect(**{**_server_parameters(), "dbname": "postgres"}, autocommit=True)
    # Held until this process ends: a second demonstration waits instead of dropping the first's.
    _held_locks.append(server)
    server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    with server.cursor() as cursor:
        for statement in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {}"):
            cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))
    use(name)
    call_command("migrate", verbosity=0, interactive=False)


def use(name: str) -> None:
    """Point this process at the database `name` of the same server."""
    _require_plain_name(name)
    connection.close()
    connection.settings_dict["NAME"] = name


def _require_plain_name(name: str) -> None:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,60}", name):
        raise ValueError(f"{name!r} is no name for a database: use small letters, digits and _.")


def _server_parameters() -> dict[str, Any]:
    found = connection.get_connection_params()
    return {key: found[key] for key in ("host", "port", "user", "password") if found.get(key)}
