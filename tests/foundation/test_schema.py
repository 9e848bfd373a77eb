"""A database of an earlier version is told, by the worker and to whoever watches."""

from __future__ import annotations

import pytest
from django.core import management
from django.db import connection
from django.test import Client
from rich.console import Console
from typer.testing import CliRunner

from qafila.cli.demonstration.demo_pages import bring_up_to_date
from qafila.cli.main import command_line
from qafila.foundation.database.schema import missing_migrations, schema_sentence

pytestmark = pytest.mark.django_db


def forget(room: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = %s", [room])


def test_a_migrated_database_is_up_to_date(client: Client) -> None:
    assert missing_migrations() == []
    assert schema_sentence() == ""
    assert client.get("/health").json()["database"] == "ok"


def test_what_was_not_run_is_named_and_nothing_starts(client: Client) -> None:
    forget("people")
    assert [name.split(".")[0] for name in missing_migrations()] == ["people"]
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "not up to date")
    done = CliRunner().invoke(
        command_line(), ["worker", "--kind", "short"], env={"QAFILA_LANGUAGE": "fr"}
    )
    assert done.exit_code == 2
    assert "qafila database migrate" in done.output


def test_a_demonstration_of_an_earlier_version_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(management, "call_command", lambda name, **_: called.append(name))
    bring_up_to_date(Console(quiet=True))
    assert called == []
    forget("people")
    bring_up_to_date(Console(quiet=True))
    assert called == ["migrate"]


def test_an_empty_database_is_not_up_to_date() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO gone")
    assert len(missing_migrations()) > 10
