"""The embedded server: started, shared, found again after a kill, stopped by its last user."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qafila.foundation.database import embedded_postgres
from qafila.foundation.database.embedded_postgres import EmbeddedPostgres

USER = """
import sys, time
from pathlib import Path
from qafila.foundation.database.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
print(server.use(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own temporary folder: that one is closed to the account PostgreSQL runs as.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name) / "postgres"
        server = EmbeddedPostgres(Path(name) / "postgres")
        if server.is_running():
            server.stop()


def _user(folder: Path) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def _leave(process: subprocess.Popen[str]) -> None:
    process.communicate("")


def test_the_last_user_stops_the_server(folder: Path) -> None:
    first, address = _user(folder)
    second, same = _user(folder)
    assert address == same
    _leave(first)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    _leave(second)
    assert not EmbeddedPostgres(folder).is_running()


def test_a_killed_user_leaves_a_server_that_is_found_again(folder: Path) -> None:
    killed, address = _user(folder)
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    found, _ = _user(folder)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    _leave(found)
    assert not EmbeddedPostgres(folder).is_running()


def test_data_and_password_are_private(folder: Path) -> None:
    process, _ = _user(folder)
    _leave(process)
    server = EmbeddedPostgres(folder)
    assert (server.folder / "data").stat().st_mode & 0o077 == 0
    assert (server.folder / "password").stat().st_mode & 0o077 == 0


def test_an_unfinished_creation_is_made_again(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "half").write_text("an initdb that was killed")
    process, address = _user(folder)
    assert address.startswith("postgresql://")
    _leave(process)


@pytest.mark.parametrize("program", ["initdb", "pg_ctl", "postgres", "pg_dump"])
def test_programs_copied_out_of_a_private_folder_find_their_libraries(
    program: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Where root installs in a closed folder (`mktemp -d`), PostgreSQL's account cannot reach them.
    monkeypatch.setattr(embedded_postgres, "SHARED_HOME", tmp_path)
    copied = embedded_postgres._copied_binaries(embedded_postgres._packaged_binaries())
    assert copied.is_relative_to(tmp_path)
    answer = subprocess.run(
        [copied / "bin" / program, "--version"], capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    assert "18." in answer.stdout
    assert list(tmp_path.iterdir()) == [copied.parent.parent]


def test_leaving_an_installation_that_was_removed_is_no_fault(folder: Path) -> None:
    process, _ = _user(folder)
    EmbeddedPostgres(folder).stop()
    shutil.rmtree(folder)
    _, said = process.communicate("")
    assert process.returncode == 0
    assert said == ""
