"""Files sealed to a public key as they are written: whoever makes backups cannot read them.

X25519 with a key made for each file, HKDF, then AES-GCM piece by piece. Each piece is bound to its
place, and the last one says that it is the last: a file cut short, or put together from others, is
refused.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"qafila-backup-1\n"
_PIECE = 1 << 20
_TAG = 16
PUBLIC, PRIVATE = "qafila-backup-public-", "qafila-backup-private-"


class BackupUnreadable(RuntimeError):
    """A file of a backup cannot be opened; the sentence says which and why."""

    def sentence(self) -> str:
        """The sentence for the command line."""
        return str(self)


def new_pair() -> tuple[str, str]:
    """A private key, to be kept away from the machine, and the public key backups are made with."""
    private = X25519PrivateKey.generate()
    told = private.private_bytes_raw(), private.public_key().public_bytes_raw()
    return PRIVATE + _text(told[0]), PUBLIC + _text(told[1])


def seal_stream(pieces: Iterable[bytes], path: Path, public: str) -> None:
    """Write the pieces sealed to `path`, whole or not at all."""
    recipient = X25519PublicKey.from_public_bytes(_raw(public, PUBLIC))
    ephemeral = X25519PrivateKey.generate()
    own = ephemeral.public_key().public_bytes_raw()
    aead = _aead(ephemeral.exchange(recipient), own)
    partial = path.with_name(f"{path.name}.partial.{os.getpid()}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(_MAGIC + own)
            blocks = _blocks(pieces)
            block, place = next(blocks, b""), 0
            for following in blocks:
                out.write(aead.encrypt(_nonce(place, last=False), block, None))
                block, place = following, place + 1
            out.write(aead.encrypt(_nonce(place, last=True), block, None))
            out.flush()
            os.fsync(out.fileno())
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)


def opened_stream(path: Path, private: str) -> Iterator[bytes]:
    """The pieces of a sealed file. Raises BackupUnreadable for another key or a changed file."""
    key = X25519PrivateKey.from_private_bytes(_raw(private, PRIVATE))
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise BackupUnreadable(f"{path} is no file of a backup.")
        own = file.read(32)
        aead = _aead(key.exchange(X25519PublicKey.from_public_bytes(own)), own)
        yield from _pieces(aead, file, path)


def _pieces(aead: AESGCM, file: IO[bytes], path: Path) -> Iterator[bytes]:
    block, place = file.read(_PIECE + _TAG), 0
    while True:
        following = file.read(_PIECE + _TAG)
        try:
            yield aead.decrypt(_nonce(place, last=not following), block, None)
        except InvalidTag:
            raise BackupUnreadable(
                f"{path} was sealed to another key, was changed, or is not whole."
            ) from None
        if not following:
            return
        block, place = following, place + 1


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > _PIECE:
            yield bytes(waiting[:_PIECE])
            del waiting[:_PIECE]
    yield bytes(waiting)


def _aead(shared: bytes, own: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, own, b"qafila backup").derive(shared))


def _nonce(place: int, *, last: bool) -> bytes:
    return place.to_bytes(11, "big") + bytes([last])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _raw(key: str, begins: str) -> bytes:
    key = key.strip()
    try:
        if not key.startswith(begins):
            raise ValueError
        raw = base64.urlsafe_b64decode(key.removeprefix(begins) + "=")
        if len(raw) != 32:
            raise ValueError
    except ValueError:
        raise BackupUnreadable(f"The key must begin with {begins} and be whole.") from None
    return raw
