"""Files of payments as they came, encrypted, from their check until they are booked.

A kept file carries what its check found, and who handed it in: the job that books it later does so
in that person's name. The key comes from the installation's secret key.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import os
import re
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from qafila.contributions.actions.payment_files import PaymentFileOutcome
from qafila.contributions.payment_problems import PaymentProblem
from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.errors import NotFoundInScope

_NAME = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True)
class ReceivedFile:
    """A file with its bare name, its channel, who handed it in, and the balance of its check.

    `sha256` tells the same bytes again; the bytes themselves are gone once they are booked.
    """

    file_name: str
    channel: str
    actor: Actor
    content: bytes
    sha256: str
    checked: PaymentFileOutcome


def keep_file(file: ReceivedFile, name: str = "") -> str:
    """Keep the file, encrypted and durably; returns the name to ask for it by.

    Under a `name` that is there already it takes the place of what was kept, at once.
    """
    name = name or uuid.uuid4().hex
    checked = file.checked
    told = {
        "file_name": file.file_name,
        "channel": file.channel,
        "actor": _actor_told(file.actor),
        "sha256": file.sha256,
        "checked": {**asdict(checked), "problems": [one.as_json() for one in checked.problems]},
        "content": base64.b64encode(file.content).decode(),
    }
    beside = _folder() / f".{uuid.uuid4().hex}"
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        kept.write(_cipher().encrypt(json.dumps(told).encode()))
        kept.flush()
        os.fsync(kept.fileno())
    beside.replace(_path(name))
    return name


def kept_file(name: str) -> ReceivedFile:
    """The file kept under `name`; NotFoundInScope when there is none any more."""
    try:
        told = json.loads(_cipher().decrypt(_path(name).read_bytes()))
    except (OSError, InvalidToken) as error:
        raise NotFoundInScope(file=name) from error
    checked = told["checked"]
    problems = tuple(PaymentProblem(**problem) for problem in checked.pop("problems"))
    return ReceivedFile(
        told["file_name"], told["channel"], _actor_of(told["actor"]),
        base64.b64decode(told["content"]), told["sha256"],
        PaymentFileOutcome(**checked, problems=problems),
    )  # fmt: skip


def forget_file(name: str) -> None:
    """Delete a kept file; nothing happens when it is gone already."""
    _path(name).unlink(missing_ok=True)


def forget_old_files(before: dt.datetime) -> int:
    """Delete what nobody confirmed or looked at since `before`; how many."""
    old = [one for one in _folder().iterdir() if one.stat().st_mtime < before.timestamp()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise NotFoundInScope(file=name[:40])
    return _folder() / name


def _folder() -> Path:
    folder = Path(settings.UPLOADS) / "payments"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _cipher() -> Fernet:
    secret = hashlib.sha256(b"qafila payment files\x00" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))


def _actor_told(actor: Actor) -> dict[str, Any]:
    return {
        "id": actor.id,
        "name": actor.name,
        "roles": sorted(actor.roles),
        "national": actor.scope.national,
        "provinces": sorted(actor.scope.province_codes),
    }


def _actor_of(told: dict[str, Any]) -> Actor:
    scope = Scope(told["national"], frozenset(told["provinces"]))
    return Actor(told["id"], told["name"], frozenset(Role(one) for one in told["roles"]), scope)
