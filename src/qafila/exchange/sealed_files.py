"""Files kept encrypted on disk, in pieces, so that none has to fit in memory while it arrives.

Each piece is a Fernet token preceded by its length, as for uploaded lists.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet

_PIECE = 1 << 20


@dataclass(frozen=True)
class Sealed:
    """What was kept: the hash of the plain bytes, in hex, and how many they were."""

    sha256: str
    size: int


class LargerThanAllowed(Exception):
    """More bytes came than may be kept; nothing of them stays."""


def seal(path: Path, chunks: Iterable[bytes], cipher: Fernet, *, most: int) -> Sealed:
    """Keep at most `most` plain bytes under `path`, durably, readable by the owner only."""
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in _pieces(chunks):
                size += len(piece)
                if size > most:
                    raise LargerThanAllowed
                digest.update(piece)
                token = cipher.encrypt(piece)
                file.write(len(token).to_bytes(4, "big") + token)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Sealed(digest.hexdigest(), size)


def unseal(path: Path, cipher: Fernet) -> Iterator[bytes]:
    """The plain pieces again. OSError, InvalidToken when they are gone or damaged."""
    with path.open("rb") as file:
        while length := file.read(4):
            yield cipher.decrypt(file.read(int.from_bytes(length, "big")))


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), _PIECE):
            yield chunk[start : start + _PIECE]
