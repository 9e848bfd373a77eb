"""From a backup to a server in a new place, as it was at a moment; every file is checked first.

PostgreSQL's manifest is checked here: size and SHA-256 of each file, and that none is missing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import psycopg

from qafila.foundation.backup.facts_kept import Facts, facts_of
from qafila.foundation.backup.making import BASE, CONTENTS, DOCUMENTS, KEYS, LOG, digest_of
from qafila.foundation.backup.sealed_streams import BackupUnreadable, opened_stream
from qafila.foundation.database.embedded_postgres import EmbeddedPostgres

_MANIFEST = "backup_manifest"
_RECOVERED_WITHIN_SECONDS = 3600


@dataclass(frozen=True)
class Restored:
    """A running server with the restored database, and where documents and keys were put."""

    server: EmbeddedPostgres
    documents: Path
    keys: Path


def restore(backup: Path, private: str, place: Path, *, until: dt.datetime | None) -> Restored:
    """Restore into `place`, new or empty, as it was at `until` (the newest there is without it)."""
    _check_sealed_files(backup)
    if place.exists() and any(place.iterdir()):
        raise BackupUnreadable(f"{place} is not empty. Name a new folder to restore into.")
    place.mkdir(parents=True, exist_ok=True)
    _unpack(backup / KEYS, private, place / "keys")
    _unpack(backup / DOCUMENTS, private, place)
    server = EmbeddedPostgres(place / "postgres")
    data = server.folder / "data"
    _unpack(backup / BASE, private, data)
    check_manifest(data)
    _open_log(backup / LOG, private, server.folder / "wal")
    password = place / "keys" / "postgres-password"
    if password.exists():
        shutil.copy(password, server.folder / "password")
    _ask_for_recovery(data, server.folder / "wal", until)
    server.adopt()
    server.use()
    _wait_until_recovered(server.address())
    return Restored(server, place / "documents", place / "keys")


def differences(backup: Path, restored: Restored) -> list[str]:
    """How the restored copy differs from what was backed up; each a sentence.

    What changed while the backup was made may be either as before or as after it.
    """
    told = json.loads((backup / CONTENTS).read_text(encoding="utf-8"))
    before, after = Facts(**told["before"]), Facts(**told["after"])
    found = facts_of(restored.server.address(), restored.documents)
    differing = _differing("rows", found.rows, before.rows, after.rows)
    differing += _differing("centimes", found.centimes, before.centimes, after.centimes)
    if found.documents not in (before.documents, after.documents):
        differing.append("The documents are not the same.")
    return differing


def check_manifest(data: Path) -> int:
    """Compare the files of a base with its manifest; how many there are. BackupUnreadable else."""
    text = (data / _MANIFEST).read_text(encoding="utf-8")
    told = json.loads(text)
    until = text.index('"Manifest-Checksum"')
    if hashlib.sha256(text[:until].encode()).hexdigest() != told["Manifest-Checksum"]:
        raise BackupUnreadable("The manifest of the base backup was changed.")
    for file in told["Files"]:
        path = data / (file.get("Path") or bytes.fromhex(file["Encoded-Path"]).decode())
        if not path.is_file() or path.stat().st_size != file["Size"]:
            raise BackupUnreadable(f"{path} of the base backup is missing or not whole.")
        if digest_of(path) != file["Checksum"]:
            raise BackupUnreadable(f"{path} of the base backup was changed.")
    return len(told["Files"])


def _differing(
    what: str, found: dict[str, int], before: dict[str, int], after: dict[str, int]
) -> list[str]:
    return [
        f"{name}: {found.get(name)} {what}, {count} before the backup and {after.get(name)} after."
        for name, count in before.items()
        if not _between(found.get(name), count, after.get(name))
    ]


def _between(found: int | None, before: int | None, after: int | None) -> bool:
    if found is None or before is None or after is None:
        return found == before
    return min(before, after) <= found <= max(before, after)


def _check_sealed_files(backup: Path) -> None:
    contents = backup / CONTENTS
    if not contents.exists():
        raise BackupUnreadable(f"{backup} is no finished backup: it has no {CONTENTS}.")
    told = json.loads(contents.read_text(encoding="utf-8"))
    for name, digest in told["digests"].items():
        if digest_of(backup / name) != digest:
            raise BackupUnreadable(f"{backup / name} was changed since the backup was made.")


def _unpack(sealed: Path, private: str, target: Path) -> None:
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    stream: Any = io.BufferedReader(_Stream(opened_stream(sealed, private)))
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        # Pythons before 3.11.4, as Debian 12 has, know no filters: `_harmless` does the same.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(target, members=_harmless(tar, sealed))  # noqa: S202  (held inside by it)


def _harmless(tar: tarfile.TarFile, sealed: Path) -> Iterator[tarfile.TarInfo]:
    """Files and folders inside the target only, owned by this account."""
    for member in tar:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise BackupUnreadable(f"{sealed} holds {member.name}, which is no file of a backup.")
        member.uid, member.gid, member.uname, member.gname = os.geteuid(), os.getegid(), "", ""
        member.mode = member.mode & 0o755 | (0o700 if member.isdir() else 0o600)
        yield member


def _open_log(sealed: Path, private: str, target: Path) -> None:
    """The log's files in clear; the one that was under way under the name it would have got."""
    target.mkdir(mode=0o755, exist_ok=True)
    for path in sorted(sealed.iterdir()):
        with (target / path.name.removesuffix(".partial")).open("wb") as out:
            for piece in opened_stream(path, private):
                out.write(piece)


def _ask_for_recovery(data: Path, log: Path, until: dt.datetime | None) -> None:
    lines = [f'restore_command = \'cp "{log}/%f" "%p"\'', "recovery_target_action = 'promote'"]
    if until is not None:
        lines.append(f"recovery_target_time = '{until.isoformat()}'")
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as settings:
        settings.write("\n" + "\n".join(lines) + "\n")
    (data / "recovery.signal").touch()
    data.chmod(0o700)


def _wait_until_recovered(address: str) -> None:
    end = time.monotonic() + _RECOVERED_WITHIN_SECONDS
    with psycopg.connect(address, autocommit=True) as connection:
        while time.monotonic() < end:
            [under_way] = connection.execute("SELECT pg_is_in_recovery()").fetchone() or [True]
            if not under_way:
                break
            time.sleep(0.2)
        else:
            raise BackupUnreadable("The log was not read through within an hour.")
        # Once recovered it writes a log of its own, and is nobody's source yet.
        for setting in ("restore_command", "recovery_target_time", "recovery_target_action"):
            connection.execute(f"ALTER SYSTEM RESET {setting}")


class _Stream(io.RawIOBase):
    """Pieces as a file to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = memoryview(piece)
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
