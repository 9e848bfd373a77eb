"""Backups: the database's base and its log by PostgreSQL's own tools, documents and keys apart.

A backup is a folder: `base.tar`, `documents.tar`, `keys.tar`, `wal/`, each sealed to a public key,
and `backup.json`, which says what belongs to it. The log is fetched through a replication slot, so
the server keeps it until it was fetched; `keep_log` fetches what was written since the last time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import psycopg

from qafila.foundation.backup.facts_kept import Facts, facts_of
from qafila.foundation.backup.sealed_streams import BackupUnreadable, seal_stream

SLOT = "qafila_backup"
CONTENTS = "backup.json"
BASE, DOCUMENTS, KEYS, LOG = "base.tar", "documents.tar", "keys.tar", "wal"
_LOCK = "lock"
_READ = 1 << 20


@dataclass(frozen=True)
class Source:
    """What is backed up: a server by its address, with its programs, and folders of files."""

    address: str
    programs: Path
    documents: Path
    keys: Mapping[str, Path]
    """Files of keys and passwords by the name they have in the backup."""
    fetched: Path
    """Where the log is put until it is sealed: on this machine, in no backup."""


@dataclass(frozen=True)
class Contents:
    """What `backup.json` says: when, digests of the sealed files, and facts before and after."""

    begun: str
    digests: dict[str, str]
    before: Facts
    after: Facts


def back_up(
    source: Source, folder: Path, public: str, *, begun: str, earlier: Path | None = None
) -> Contents:
    """Make a backup in an empty or new folder, then fetch the log that belongs to it.

    The log goes to the `earlier` backup too, so that no moment is between the two.
    """
    with _alone(source):
        return _backed_up(source, folder, public, begun, earlier)


def _backed_up(
    source: Source, folder: Path, public: str, begun: str, earlier: Path | None
) -> Contents:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BackupUnreadable(f"{folder} is not empty. Name a new folder for each backup.")
    _hold_log(source.address)
    before = facts_of(source.address, source.documents)
    base = [
        str(source.programs / "pg_basebackup"),
        "-d",
        source.address,
        "-D",
        "-",
        "-Ft",
        "-X",
        "fetch",
        "-c",
        "fast",
        "--manifest-checksums=SHA256",
    ]
    seal_stream(_told_by(base), folder / BASE, public)
    seal_stream(_packed({"documents": source.documents}), folder / DOCUMENTS, public)
    seal_stream(_packed(source.keys), folder / KEYS, public)
    _fetch_log(source, [folder, *([earlier] if earlier else [])], public)
    after = facts_of(source.address, source.documents)
    digests = {name: digest_of(folder / name) for name in (BASE, DOCUMENTS, KEYS)}
    contents = Contents(begun, digests, before, after)
    partial = folder / f"{CONTENTS}.partial"
    partial.write_text(json.dumps(asdict(contents), indent=1), encoding="utf-8")
    partial.rename(folder / CONTENTS)
    return contents


def keep_log(source: Source, folder: Path, public: str) -> int:
    """Fetch the log written until now and seal it; how many whole files of it there were."""
    with _alone(source):
        return _fetch_log(source, [folder], public)


def _fetch_log(source: Source, folders: list[Path], public: str) -> int:
    with psycopg.connect(source.address, autocommit=True) as connection:
        # One less, since the program ends *past* the position it is given: at the very end of the
        # log it would wait for somebody to write, minutes long on a server nobody uses.
        [end] = connection.execute("SELECT pg_current_wal_flush_lsn() - 1").fetchone() or [None]
    _run(
        [
            str(source.programs / "pg_receivewal"),
            "-d",
            source.address,
            "-D",
            str(source.fetched),
            "--slot",
            SLOT,
            "--endpos",
            str(end),
            "--no-loop",
        ]
    )
    whole = 0
    for path in sorted(one for one in source.fetched.iterdir() if one.name != _LOCK):
        for folder in folders:
            _seal_log(path, folder / LOG, public)
        whole += path.suffix != ".partial"
        # The file under way is fetched again from its beginning.
        path.unlink()
    return whole


def _seal_log(path: Path, sealed: Path, public: str) -> None:
    sealed.mkdir(mode=0o700, exist_ok=True)
    with path.open("rb") as file:
        seal_stream(_read(file), sealed / path.name, public)
    if path.suffix != ".partial":
        (sealed / f"{path.name}.partial").unlink(missing_ok=True)


@contextmanager
def _alone(source: Source) -> Iterator[None]:
    """One at a time: what one fetched of the log, the server need not keep for another."""
    source.fetched.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (source.fetched / _LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def digest_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hold_log(address: str) -> None:
    """Let the server keep its log from now on until it was fetched."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_create_physical_replication_slot(%s, true) WHERE NOT EXISTS "
            "(SELECT FROM pg_replication_slots WHERE slot_name = %s)",
            [SLOT, SLOT],
        )


def _told_by(command: list[str]) -> Iterator[bytes]:
    """What a program writes, piece by piece; BackupUnreadable when it fails."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        yield from _read(process.stdout)
        told = process.stderr.read().decode(errors="replace").strip()
    if process.returncode:
        raise BackupUnreadable(f"{Path(command[0]).name} failed: {told}")


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupUnreadable(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _packed(files: Mapping[str, Path]) -> Iterator[bytes]:
    """Files and folders as a tar, made while it is read: nothing is kept in clear."""
    with _pipe() as (reading, writing):

        def pack() -> None:
            with writing, tarfile.open(fileobj=writing, mode="w|") as tar:
                for name, path in files.items():
                    if path.exists():
                        tar.add(path, name)

        packer = threading.Thread(target=pack)
        packer.start()
        try:
            yield from _read(reading)
        finally:
            packer.join()


@contextmanager
def _pipe() -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as one, os.fdopen(writing, "wb") as other:
        yield one, other


def _read(file: Any) -> Iterator[bytes]:
    return iter(lambda: file.read(_READ), b"")
