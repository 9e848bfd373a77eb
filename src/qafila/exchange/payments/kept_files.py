"""Files of payments as they came, encrypted, from their arrival until they are booked.

Of each file two things are kept: its bytes, and a note that says who handed it in and what its
check found. The job that books it later does so in that person's name, with the posts held then.
The key comes from the installation's secret key.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import hashlib
import json
import os
import re
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from qafila.contributions.payments.booking import PaymentFileOutcome
from qafila.contributions.payments.problems import PaymentProblem
from qafila.exchange.sealed_files import Sealed, seal, unseal
from qafila.foundation.errors import NotFoundInScope

_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class ReceivedFile:
    """A file with its bare name, its channel and the number of the actor who handed it in.

    `sha256` tells the same bytes again. `rows_read` is known once it was read, `checked` or
    `refused` (the reason by language) once its check ended; `booked` once its bytes are gone.
    """

    file_name: str
    channel: str
    handed_in_by: int
    sha256: str
    size: int
    rows_read: int | None = None
    checked: PaymentFileOutcome | None = None
    refused: Mapping[str, str] | None = None
    booked: bool = False


def keep_content(chunks: Iterable[bytes], *, most: int) -> tuple[str, Sealed]:
    """Keep the bytes as they arrive; the name to ask for them by. LargerThanAllowed."""
    name = uuid.uuid4().hex
    return name, seal(_content_path(name), chunks, _cipher(), most=most)


def kept_content(name: str) -> bytes:
    """The bytes kept under `name`; NotFoundInScope when they are there no more."""
    try:
        return b"".join(unseal(_content_path(name), _cipher()))
    except (OSError, InvalidToken) as error:
        raise NotFoundInScope(file=name) from error


def keep_note(file: ReceivedFile, name: str, *, new: bool = False) -> None:
    """Keep what is known of the file, encrypted and durably, in place of what was, at once.

    Unless it is `new`, NotFoundInScope when the file was dropped meanwhile.
    """
    if not new and not _path(name).exists():
        raise NotFoundInScope(file=name)
    told = {
        **{field: getattr(file, field) for field in _PLAIN},
        "checked": _outcome_told(file.checked) if file.checked else None,
    }
    beside = _folder() / f".{uuid.uuid4().hex}"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        kept.write(_cipher().encrypt(json.dumps(told).encode()))
        kept.flush()
        os.fsync(kept.fileno())
    beside.replace(_path(name))


def kept_file(name: str) -> ReceivedFile:
    """What is known of the file kept under `name`; NotFoundInScope when there is none any more."""
    try:
        told = json.loads(_cipher().decrypt(_path(name).read_bytes()))
    except (OSError, InvalidToken) as error:
        raise NotFoundInScope(file=name) from error
    checked = _outcome_of(told["checked"]) if told["checked"] else None
    if "actor" in told:  # kept before a file was booked with the posts of the day it is booked
        told["handed_in_by"] = told["actor"]["id"]
    plain = {field: told[field] for field in _PLAIN}
    return ReceivedFile(checked=checked, **plain)


def kept_files() -> Iterator[tuple[str, ReceivedFile]]:
    """Every kept file with its name, the one noted last first."""
    notes = [path for path in _folder().iterdir() if _NAME.fullmatch(path.name)]
    for path in sorted(notes, key=_last_noted, reverse=True):
        with contextlib.suppress(NotFoundInScope):  # dropped meanwhile
            yield path.name, kept_file(path.name)


def forget_content(name: str) -> None:
    """Delete the bytes of a kept file; what is known of it stays."""
    _content_path(name).unlink(missing_ok=True)


def forget_file(name: str) -> None:
    """Delete a kept file whole; nothing happens when it is gone already."""
    forget_content(name)
    _path(name).unlink(missing_ok=True)


def forget_old_files(before: dt.datetime) -> int:
    """Delete what nobody confirmed or looked at since `before`; how many files of payments."""
    forgotten = 0
    for path in list(_folder().iterdir()):
        with contextlib.suppress(FileNotFoundError):
            if _last_noted(path) < before.timestamp():
                path.unlink()
                forgotten += bool(_NAME.fullmatch(path.name))
    return forgotten


def _last_noted(path: Path) -> float:
    """When something was last noted of the file; bytes without a note go by their own time."""
    note = path.with_suffix("")
    with contextlib.suppress(FileNotFoundError):
        return (note if note.exists() else path).stat().st_mtime
    return 0.0  # deleted meanwhile


_PLAIN = (
    "file_name",
    "channel",
    "handed_in_by",
    "sha256",
    "size",
    "rows_read",
    "refused",
    "booked",
)


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NotFoundInScope(file=name[:40])
    return _folder() / name


def _content_path(name: str) -> Path:
    return _path(name).with_suffix(".content")


def _folder() -> Path:
    folder = Path(settings.UPLOADS) / "payments"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _cipher() -> Fernet:
    secret = hashlib.sha256(b"qafila payment files\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))


def _outcome_told(checked: PaymentFileOutcome) -> dict[str, Any]:
    return {**asdict(checked), "problems": [one.as_json() for one in checked.problems]}


def _outcome_of(told: dict[str, Any]) -> PaymentFileOutcome:
    problems = tuple(PaymentProblem(**problem) for problem in told.pop("problems"))
    return PaymentFileOutcome(**told, problems=problems)
