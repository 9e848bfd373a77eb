"""Files of payments as they came, encrypted, from their check until they are booked.

A kept file carries what its check found, and who handed it in: the job that books it later does so
in that person's name. The key comes from the installation's secret key.
"""

from __future__ import annotations

import base64
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
    """A file with its bare name, its channel, who handed it in, and the balance of its check."""

    file_name: str
    channel: str
    actor: Actor
    content: bytes
    checked: PaymentFileOutcome

    @property
    def sha256(self) -> str:
        """What tells the same bytes again."""
        return hashlib.sha256(self.content).hexdigest()


def keep_file(file: ReceivedFile) -> str:
    """Keep the file, encrypted and durably; returns the name to ask for it by."""
    name = uuid.uuid4().hex
    told = {
        "file_name": file.file_name,
        "channel": file.channel,
        "actor": _actor_told(file.actor),
        "checked": {
            **asdict(file.checked),
            "problems": [p.as_json() for p in file.checked.problems],
        },
        "content": base64.b64encode(file.content).decode(),
    }
    path = os.open(_folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(path, "wb") as kept:
        kept.write(_cipher().encrypt(json.dumps(told).encode()))
        kept.flush()
        os.fsync(kept.fileno())
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
        base64.b64decode(told["content"]), PaymentFileOutcome(**checked, problems=problems),
    )  # fmt: skip


def forget_file(name: str) -> None:
    """Delete a kept file; nothing happens when it is gone already."""
    _path(name).unlink(missing_ok=True)


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
