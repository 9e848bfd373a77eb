"""Uploaded lists, encrypted while they wait to be read, deleted once they are.

The key comes from the installation's secret key. A file is kept in pieces, each a Fernet token
preceded by its length, so that no upload has to fit in memory.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as jobs

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting
from qafila.lists.access import import_in_scope, require_may_import
from qafila.lists.errors import UploadGone, UploadTooLarge
from qafila.lists.importing.import_file import (
    ImportOutcome,
    claim_import,
    fail,
    outcome_of,
    read_into,
)
from qafila.lists.importing.progress import Report
from qafila.lists.journal import LIST_AGAIN, LIST_RECEIVED
from qafila.lists.models import ListImport
from qafila.lists.upload_jobs import GIVEN_UP, NO_FAULT_OF_THE_FILE, TASK, reading_given_up
from qafila.tables.limits import MAX_FILE_BYTES
from qafila.tables.notices import Notice

_PIECE = 1 << 20
_WAITS = (ListImport.State.WAITING, ListImport.State.READING)


def receive_upload(
    file_name: str,
    chunks: Iterable[bytes],
    *,
    actor: Actor,
    at: dt.datetime,
    institution: int | None = None,
    corrects: int | None = None,
    province_code: str = "",
) -> ListImport:
    """Keep an uploaded file, encrypted, and put its reading on the queue of jobs.

    The same bytes again give the earlier import, also one the actor may not see. Rows without a
    place are in `province_code`. Only the bare name of `file_name` is kept. Raises
    UploadTooLarge, and NotACorrection as `import_file` does.
    """
    require_may_import(actor)
    file_name = Path(file_name.replace("\\", "/")).name.replace("\x00", "")[-120:] or "list"
    upload = uuid.uuid4().hex
    kept = _folder() / upload
    try:
        digest, size = _keep(kept, chunks, file_name)
        with acting(actor, at=at):
            record = claim_import(
                sha256=digest,
                size=size,
                file_name=file_name,
                institution=institution,
                corrects=corrects,
                upload=upload,
                province_code=province_code,
                actor=actor,
                at=at,
            )
            if record.upload != upload and record.state in _WAITS and not _is_kept(record):
                ListImport.objects.filter(pk=record.pk).update(upload=upload)
                record.upload = upload
            if record.upload == upload:
                journal.write(LIST_RECEIVED, record, actor=actor, at=at)
                jobs.configure_task(TASK).defer(import_id=record.pk)
    except BaseException:
        kept.unlink(missing_ok=True)
        raise
    if record.upload != upload:
        kept.unlink(missing_ok=True)
    return record


def read_upload(
    import_id: int, *, actor: Actor, at: dt.datetime, on_progress: Report | None = None
) -> ImportOutcome:
    """Read an uploaded file into its import, then delete the kept bytes. Safe to repeat.

    The rows read so far are seen by `queries.import_progress` meanwhile. Raises UploadGone when
    the bytes were lost before the file was read.
    """
    scope = require_may_import(actor)
    record = import_in_scope(import_id, scope, actor=actor)
    if record.state in _WAITS:
        if not _is_kept(record):
            gone = Notice("upload_gone", {"file": record.file_name})
            fail(record, (gone,), actor=actor, at=at)
            raise UploadGone(file=record.file_name)
        with _decrypted(record) as path:
            outcome = read_into(record, path, actor=actor, at=at, on_progress=on_progress)
    else:
        outcome = outcome_of(record, repeats=True)
    if not may_be_read_again(record):
        transaction.on_commit(lambda: _forget(record.upload))
    return outcome


def may_be_read_again(record: ListImport) -> bool:
    """Whether an import failed for no fault of its file, whose bytes are still kept."""
    unforeseen = any(problem["code"] in NO_FAULT_OF_THE_FILE for problem in record.problems)
    return record.state == ListImport.State.FAILED and unforeseen and _is_kept(record)


def read_again(import_id: int, *, actor: Actor, at: dt.datetime) -> ListImport:
    """Put the reading of an import that failed unforeseen, or was given up, on the queue again.

    Raises UploadGone when the file is no longer kept or was imported meanwhile; does nothing to an
    import that did not fail.
    """
    scope = require_may_import(actor)
    with acting(actor, at=at):
        record = import_in_scope(import_id, scope, actor=actor)
        if record.state in _WAITS and reading_given_up(import_id):
            fail(record, (Notice(**GIVEN_UP),), actor=actor, at=at)
            record.refresh_from_db()
        if record.state != ListImport.State.FAILED:
            return record
        if not may_be_read_again(record) or _imported_meanwhile(record):
            raise UploadGone(file=record.file_name)
        failed = ListImport.objects.filter(pk=record.pk, state=ListImport.State.FAILED)
        if failed.update(state=ListImport.State.WAITING, problems=[], finished_at=None):
            journal.write(LIST_AGAIN, record, actor=actor, at=at)
            jobs.configure_task(TASK).defer(import_id=record.pk)
        record.refresh_from_db()
    return record


def _imported_meanwhile(record: ListImport) -> bool:
    same = ListImport.objects.filter(sha256=record.sha256)
    return same.exclude(state=ListImport.State.FAILED).exists()


def uploads_waiting() -> list[int]:
    """Imports whose uploaded file is kept and not read yet, oldest first.

    Not those whose job was given up: a file that kills its workers waits for somebody's “again”.
    """
    waiting = ListImport.objects.filter(state__in=_WAITS).exclude(upload="").order_by("pk")
    return [r.pk for r in waiting if _is_kept(r) and not reading_given_up(r.pk)]


def _folder() -> Path:
    folder = Path(settings.UPLOADS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _is_kept(record: ListImport) -> bool:
    return bool(record.upload) and (_folder() / record.upload).is_file()


def _forget(upload: str) -> None:
    if upload:
        (_folder() / upload).unlink(missing_ok=True)


def _cipher() -> Fernet:
    secret = hashlib.sha256(b"qafila uploads\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))


def _keep(path: Path, chunks: Iterable[bytes], file_name: str) -> tuple[str, int]:
    """Write the pieces encrypted and durably; returns the SHA-256 and size of the plain bytes."""
    cipher, digest, size = _cipher(), hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in _pieces(chunks):
            size += len(piece)
            if size > MAX_FILE_BYTES:
                raise UploadTooLarge(file=file_name, limit=MAX_FILE_BYTES >> 20)
            digest.update(piece)
            token = cipher.encrypt(piece)
            file.write(len(token).to_bytes(4, "big") + token)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield chunk[start : start + _PIECE]


@contextmanager
def _decrypted(record: ListImport) -> Iterator[Path]:
    """The plain file under its own name, in a private folder that goes afterwards.

    A folder left by a process that was killed is cleared first; the bytes live in memory where
    the machine offers a file system for that.
    """
    memory = Path("/dev/shm")  # noqa: S108  # a private folder is made inside
    root = memory if memory.is_dir() and os.access(memory, os.W_OK) else _folder()
    folder = root / f"qafila-{record.upload}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        path = folder / record.file_name
        _decrypt_into(path, _folder() / record.upload, record.file_name)
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _decrypt_into(path: Path, kept: Path, file_name: str) -> None:
    cipher = _cipher()
    try:
        with kept.open("rb") as file, path.open("wb") as plain:
            while length := file.read(4):
                plain.write(cipher.decrypt(file.read(int.from_bytes(length, "big"))))
    except (InvalidToken, OSError) as error:
        raise UploadGone(file=file_name) from error
