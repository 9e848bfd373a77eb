"""A database of an earlier release, with its people: brought up to date, nothing is lost or wrong.

The dumps beside this file are never changed; the README says of which releases they are.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

DUMPS = sorted(Path(__file__).parent.glob("*.sql.gz"))
SCRATCH = f"qafila_upgraded_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
KEPT = (
    "people_person", "people_identifier", "people_phone", "people_household", "lists_row",
    "lists_listimport", "register_application", "register_entry", "enrolment_enrolment",
    "enrolment_dependant", "contributions_call", "contributions_payment",
    "contributions_allocation", "contributions_ledgerline", "institutions_account",
    "foundation_journalentry",
)  # fmt: skip
"""Tables whose rows were written by people or told by lists: an upgrade loses none."""

UPGRADE = """
import json, django
django.setup()
from django.core.management import call_command
from django.db import connection
call_command("migrate", verbosity=0)
from qafila.contributions.ledger.proofs import require_balanced_books
from qafila.people.proofs import prove_people
require_balanced_books()
faults = {one.code: one.count for one in prove_people() if one.count}
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
print(json.dumps(faults))
"""


def _server(database: str) -> psycopg.Connection[Any]:
    found = connection.get_connection_params()
    address = {key: found[key] for key in ("host", "port", "user", "password") if found.get(key)}
    return psycopg.connect(**address, dbname=database, autocommit=True)


def _restore(dump: Path, database: psycopg.Connection[Any]) -> None:
    """Run a plain dump: statements, and the rows of its COPY blocks."""
    pending: list[str] = []
    lines = iter(gzip.decompress(dump.read_bytes()).decode().splitlines(keepends=True))
    with database.cursor() as cursor:
        for line in lines:
            if line.startswith("\\"):
                continue  # for psql alone
            pending.append(line)
            if line.startswith("COPY ") and line.endswith("FROM stdin;\n"):
                *before, statement = pending
                cursor.execute("".join(before))  # type: ignore[arg-type]
                with cursor.copy(statement) as copy:  # type: ignore[arg-type]
                    for row in iter(lines.__next__, "\\.\n"):
                        copy.write(row)
                pending = []
        cursor.execute("".join(pending))  # type: ignore[arg-type]


def _counts(database: psycopg.Connection[Any]) -> dict[str, int]:
    database.execute("SET search_path = public")
    counts = {}
    for table in KEPT:
        if database.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
            asked = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
            [counts[table]] = database.execute(asked).fetchone() or (0,)
    return counts


@pytest.fixture
def scratch(db: None) -> Iterator[str]:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(SCRATCH))
    with _server("postgres") as server:
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(SCRATCH)))
        yield SCRATCH
        server.execute(drop)


@pytest.mark.slow
@pytest.mark.parametrize("dump", DUMPS, ids=lambda dump: dump.name.removesuffix(".sql.gz"))
def test_a_database_of_an_earlier_release_is_brought_up_to_date(dump: Path, scratch: str) -> None:
    with _server(scratch) as database:
        _restore(dump, database)
        before = _counts(database)
    assert before["people_person"] > 100
    assert before["contributions_call"] > 50
    done = subprocess.run(
        [sys.executable, "-c", UPGRADE],
        env={**os.environ, "QAFILA_DATABASE_NAME": scratch},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == {}
    with _server(scratch) as database:
        after = _counts(database)
    assert {table: after[table] for table in before} == before


def test_two_releases_are_kept_and_small() -> None:
    assert len(DUMPS) >= 2
    assert all(dump.stat().st_size <= 300_000 for dump in DUMPS)
