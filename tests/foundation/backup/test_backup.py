"""Backups: sealed files, the manifest, and a table deleted and brought back."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from qafila.foundation.backup import restoring
from qafila.foundation.backup.making import BASE, CONTENTS, Source, back_up, keep_log
from qafila.foundation.backup.restoring import check_manifest, differences, restore
from qafila.foundation.backup.sealed_streams import (
    BackupUnreadable,
    new_pair,
    opened_stream,
    seal_stream,
)
from qafila.foundation.database.embedded_postgres import EmbeddedPostgres

MB = 1 << 20


@pytest.mark.parametrize("size", [0, 1, MB - 1, MB, MB + 1, 3 * MB])
def test_a_sealed_file_opens_with_its_key_only(tmp_path: Path, size: int) -> None:
    private, public = new_pair()
    content = bytes(range(256)) * (size // 256) + b"z" * (size % 256)
    path = tmp_path / "one"
    seal_stream(iter([content[: size // 3], content[size // 3 :]]), path, public)
    assert b"".join(opened_stream(path, private)) == content
    assert content[:4096] not in path.read_bytes() or size < 16
    with pytest.raises(BackupUnreadable, match="another key"):
        list(opened_stream(path, new_pair()[0]))


@pytest.mark.parametrize("change", ["cut at a piece", "cut", "swapped", "changed"])
def test_a_file_changed_in_any_way_is_refused(tmp_path: Path, change: str) -> None:
    private, public = new_pair()
    path = tmp_path / "one"
    seal_stream(iter([b"a" * MB, b"b" * MB, b"c" * 10]), path, public)
    sealed = path.read_bytes()
    head, piece = len(sealed) - (2 * (MB + 16) + 26), MB + 16
    changed = {
        "cut at a piece": sealed[: head + 2 * piece],
        "cut": sealed[:-1],
        "swapped": sealed[:head] + sealed[head + piece : head + 2 * piece]
        + sealed[head : head + piece] + sealed[head + 2 * piece :],
        "changed": sealed[:-1] + bytes([sealed[-1] ^ 1]),
    }  # fmt: skip
    path.write_bytes(changed[change])
    with pytest.raises(BackupUnreadable):
        list(opened_stream(path, private))


def test_keys_are_told_apart(tmp_path: Path) -> None:
    private, public = new_pair()
    with pytest.raises(BackupUnreadable, match="must begin with"):
        seal_stream(iter([b"a"]), tmp_path / "one", private)
    (tmp_path / "two").write_bytes(b"something else")
    with pytest.raises(BackupUnreadable, match="no file of a backup"):
        list(opened_stream(tmp_path / "two", private))
    assert public not in private


@pytest.fixture
def home() -> Iterator[Path]:
    # Not pytest's own temporary folder: that one is closed to the account PostgreSQL runs as.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)
        for one in (Path(name) / "postgres", Path(name) / "restored" / "postgres"):
            server = EmbeddedPostgres(one)
            if server.is_running():
                server.stop()


def _ask(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.address(), autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def test_a_deleted_table_is_back_as_it_was_the_minute_before(home: Path) -> None:
    server = EmbeddedPostgres(home / "postgres")
    server.use()
    documents = home / "documents"
    documents.mkdir()
    (documents / "scan.pdf").write_bytes(b"%PDF a scan")
    _ask(
        server,
        "CREATE TABLE people AS SELECT n, n AS paid_centimes FROM generate_series(1, 20000) n",
    )
    source = Source(
        server.address(), server.binary("psql").parent, documents,
        {"postgres-password": server.folder / "password"}, home / "log",
    )  # fmt: skip
    private, public = new_pair()
    backup = home / "backup"
    back_up(source, backup, public, begun="2026-11-29T02:00:00+00:00")
    with pytest.raises(BackupUnreadable, match="is not empty"):
        back_up(source, backup, public, begun="later")
    _ask(server, "INSERT INTO people SELECT n, n FROM generate_series(20001, 20007) n")
    [(moment,)] = _ask(server, "SELECT clock_timestamp()")
    assert isinstance(moment, dt.datetime)
    _ask(server, "SELECT pg_sleep(0.1)")
    _ask(server, "DELETE FROM people")
    later = home / "later"
    back_up(source, later, public, begun="later", earlier=backup)
    keep_log(source, later, public)
    assert [path.name for path in (home / "log").iterdir()] == ["lock"]
    assert _ask(server, "SELECT count(*) FROM people") == [(0,)]
    server.stop()

    restored = restore(backup, private, home / "restored", until=moment)
    assert _ask(restored.server, "SELECT count(*), max(n) FROM people") == [(20_007, 20_007)]
    # Written to again, as after a real loss.
    _ask(restored.server, "INSERT INTO people VALUES (1)")
    assert (restored.documents / "scan.pdf").read_bytes() == b"%PDF a scan"
    assert any("people: 20008 rows" in one for one in differences(backup, restored))
    _ask(restored.server, "DELETE FROM people WHERE n > 20000 OR paid_centimes IS NULL")
    assert differences(backup, restored) == []
    (restored.documents / "scan.pdf").write_bytes(b"%PDF another")
    assert differences(backup, restored) == ["The documents are not the same."]


def test_what_was_changed_is_not_restored(home: Path) -> None:
    backup = home / "backup"
    backup.mkdir()
    with pytest.raises(BackupUnreadable, match="no finished backup"):
        restore(backup, new_pair()[0], home / "restored", until=None)
    (backup / BASE).write_bytes(b"a")
    told = {"digests": {BASE: "0" * 64}}
    (backup / CONTENTS).write_text(json.dumps(told))
    with pytest.raises(BackupUnreadable, match="was changed since"):
        restore(backup, new_pair()[0], home / "restored", until=None)


def test_the_manifest_is_checked_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "1").write_bytes(b"rows")
    digest = hashlib.sha256(b"rows").hexdigest()
    files = [{"Path": "base/1", "Size": 4, "Checksum-Algorithm": "SHA256", "Checksum": digest}]
    head = json.dumps({"Files": files})[:-1] + ",\n"
    own = hashlib.sha256(head.encode()).hexdigest()
    manifest = tmp_path / "backup_manifest"
    manifest.write_text(f'{head}"Manifest-Checksum": "{own}"}}\n')
    assert check_manifest(tmp_path) == 1
    (tmp_path / "base" / "1").write_bytes(b"rowz")
    with pytest.raises(BackupUnreadable, match="was changed"):
        check_manifest(tmp_path)
    (tmp_path / "base" / "1").unlink()
    with pytest.raises(BackupUnreadable, match="missing"):
        check_manifest(tmp_path)
    manifest.write_text(manifest.read_text().replace("4", "5"))
    with pytest.raises(BackupUnreadable, match="manifest"):
        check_manifest(tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "inside/../../outside", "a link"])
def test_nothing_is_unpacked_outside_the_new_place(tmp_path: Path, name: str) -> None:
    private, public = new_pair()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo(name)
        if name == "a link":
            member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    seal_stream(iter([packed.getvalue()]), tmp_path / "sealed", public)
    with pytest.raises(BackupUnreadable, match="no file of a backup"):
        restoring._unpack(tmp_path / "sealed", private, tmp_path / "new" / "place")
    assert not (tmp_path / "outside").exists()
    assert [*(tmp_path / "new" / "place").iterdir()] == []
