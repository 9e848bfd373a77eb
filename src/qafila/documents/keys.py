"""The key documents are signed with: made once, kept under var/keys, readable by its owner only."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

_NAME = "documents-ed25519.pem"


class KeyUnreadable(RuntimeError):
    """The kept key is no Ed25519 key; it must come back from the backup."""


def signing_key() -> Ed25519PrivateKey:
    """The installation's key; two processes asking first at once get the same one."""
    return _kept(Path(settings.VAR) / "keys" / _NAME)


@lru_cache(maxsize=4)
def _kept(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnreadable(f"{path} holds no Ed25519 key. Restore it from the backup.")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    # Written whole beside and linked into place: whoever comes second keeps the first one's key.
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(text)
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    finally:
        partial.unlink()
