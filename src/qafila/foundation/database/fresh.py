"""Fresh databases beside the installation's own, for demonstrations that may not touch it."""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

_TEMPLATES = "^qafila_template_[0-9a-f]{16}"
_held_locks: list[psycopg.Connection[Any]] = []


def create_and_use(name: str) -> None:
    """Drop the database `name` if it exists, create it with the schema, use it from here on."""
    _require_plain_name(name)
    connection.close()
    server = _server()
    # Held until this process ends: a second demonstration waits instead of dropping the first's.
    _held_locks.append(server)
    server.execute("SELECT pg_advisory_lock(hashtext(%s))", [name])
    template = _found_or_made_template(server)
    _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _execute(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    use(name)


def migrated_template() -> str:
    """The name of an empty database with the present schema, to copy from."""
    name = str(connection.settings_dict["NAME"])
    with _server() as server:
        template = _found_or_made_template(server)
    use(name)
    return template


def _found_or_made_template(server: psycopg.Connection[Any]) -> str:
    """An empty database with the schema of the present migrations: made once, then copied.

    Running all migrations takes ten seconds, copying their result a third of one. The name holds
    a digest of the migrations, so a changed schema has another template; older ones are dropped.
    """
    template = f"qafila_template_{_migrations_digest()}"
    server.execute("SELECT pg_advisory_lock(hashtext('qafila templates'))")
    try:
        found = server.execute("SELECT datname FROM pg_database WHERE datname ~ %s", [_TEMPLATES])
        names = {row[0] for row in found.fetchall()}
        if template not in names:
            for old in (*names, f"{template}_partial"):
                _execute(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", old)
            _make_template(server, template)
    finally:
        server.execute("SELECT pg_advisory_unlock(hashtext('qafila templates'))")
    return template


def _make_template(server: psycopg.Connection[Any], template: str) -> None:
    partial = f"{template}_partial"
    _execute(server, "CREATE DATABASE {}", partial)
    use(partial)
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    # Only a whole one gets the name that is looked for.
    _execute(server, "ALTER DATABASE {} RENAME TO {}", partial, template)


def _migrations_digest() -> str:
    """Changes with any migration, ours or a library's."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    modules = {type(migration).__module__ for migration in loader.disk_migrations.values()}
    digest = hashlib.sha256()
    for module in sorted(modules):
        source = sys.modules[module].__file__
        digest.update(Path(source).read_bytes() if source else module.encode())
    return digest.hexdigest()[:16]


def _execute(server: psycopg.Connection[Any], statement: str, *names: str) -> None:
    server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def use(name: str) -> None:
    """Point this process at the database `name` of the same server."""
    _require_plain_name(name)
    connection.close()
    connection.settings_dict["NAME"] = name


def _require_plain_name(name: str) -> None:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,60}", name):
        raise ValueError(f"{name!r} is no name for a database: use small letters, digits and _.")


def _server() -> psycopg.Connection[Any]:
    """A connection to the server itself, beside Django's."""
    found = connection.get_connection_params()
    address = {key: found[key] for key in ("host", "port", "user", "password") if found.get(key)}
    return psycopg.connect(**address, dbname="postgres", autocommit=True)
