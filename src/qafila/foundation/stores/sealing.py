"""Short secrets sealed for the database, with keys made from the installation's secret key.

A sealed text names the key it was sealed with, so that earlier keys (`SECRET_KEY_FALLBACKS`) still
open it and `sealed_again` brings it to the present one. What it is for is bound to it: a text
copied from one place to another does not open there.
"""

from __future__ import annotations

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_MARK = "sealed1"
_NONCE = 12


class NotOpened(ValueError):
    """No key of this installation opens the text."""


def seal(text: str, purpose: str) -> str:
    """The text sealed with the present key."""
    name, key = _key(settings.SECRET_KEY)
    nonce = os.urandom(_NONCE)
    packed = nonce + AESGCM(key).encrypt(nonce, text.encode(), purpose.encode())
    return f"{_MARK}:{name}:{base64.urlsafe_b64encode(packed).decode()}"


def is_sealed(text: str) -> bool:
    """Whether the text was sealed by this module."""
    return text.startswith(f"{_MARK}:")


def opened(sealed: str, purpose: str) -> str:
    """The text inside; NotOpened when no present or earlier key opens it."""
    _mark, name, packed = sealed.split(":", 2)
    raw = base64.urlsafe_b64decode(packed)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        known, key = _key(secret)
        if known == name:
            try:
                return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
            except InvalidTag:
                break
    raise NotOpened(f"A sealed {purpose} is not opened by any secret key of this installation.")


def sealed_again(sealed: str, purpose: str) -> str:
    """The same text under the present key; unchanged when it is already."""
    name, _ = _key(settings.SECRET_KEY)
    if is_sealed(sealed) and sealed.split(":", 2)[1] == name:
        return sealed
    return seal(opened(sealed, purpose) if is_sealed(sealed) else sealed, purpose)


@lru_cache(maxsize=8)
def _key(secret: str) -> tuple[str, bytes]:
    made = HKDF(hashes.SHA256(), 36, None, b"qafila sealed texts").derive(secret.encode())
    return made[32:].hex(), made[:32]
