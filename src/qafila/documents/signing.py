"""Signed facts short enough for a QR code, and checking them without a network or a database.

A token is `Q1.` and then base32 (the letters a QR code packs best) of: kind (1 byte), serial (8),
first and last day of validity as days since 2000 (2 each), a status (1), the first 16 bytes of the
SHA-256 of what the sheet says, and the Ed25519 signature over all that. No name, no number of a
person is in it.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.documents.keys import signing_key

PREFIX = "Q1."
HASH_BYTES = 16
_FIRST_DAY = dt.date(2000, 1, 1)
_FACTS = struct.Struct(f">BQHHB{HASH_BYTES}s")
_SIGNATURE_BYTES = 64
_LONGEST_TOKEN = 400


class DocumentKind(IntEnum):
    """What a token stands for."""

    RIGHTS_ATTESTATION = 1
    CARD = 2


class Standing(IntEnum):
    """The status a document attests; the names are those of rights."""

    NONE = 0
    OPEN = 1
    WAITING = 2
    SUSPENDED = 3
    CLOSED = 4


@dataclass(frozen=True)
class Facts:
    """What a token says: valid from the first to the last day, both included."""

    kind: DocumentKind
    serial: int
    valid_from: dt.date
    valid_until: dt.date
    standing: Standing
    digest: bytes


@dataclass(frozen=True)
class Verified:
    """The document was issued here and is as it was; `expired` on a day past its validity."""

    facts: Facts
    expired: bool


@dataclass(frozen=True)
class Refused:
    """Not a document of ours, or changed since: a code, and a sentence for whoever checks."""

    code: str
    sentence: str | Promise


Answer: TypeAlias = Verified | Refused

NOT_READABLE = Refused(
    "not_readable", _("This is not the code of a document of ours. Scan the code again.")
)
FORGED = Refused(
    "forged",
    _("This document was not issued here, or was changed since. Do not accept it."),
)
WITHDRAWN = Refused(
    "withdrawn", _("This document was withdrawn after it was issued. Ask for a new one.")
)


def sign(facts: Facts, key: Ed25519PrivateKey | None = None) -> str:
    """The token of `facts`. ValueError when a value does not fit."""
    if facts.valid_until < facts.valid_from:
        raise ValueError("The document would end before it begins.")
    if len(facts.digest) != HASH_BYTES:
        raise ValueError(f"The digest must be {HASH_BYTES} bytes.")
    try:
        packed = _FACTS.pack(
            facts.kind,
            facts.serial,
            _days(facts.valid_from),
            _days(facts.valid_until),
            facts.standing,
            facts.digest,
        )
    except struct.error as error:
        raise ValueError("A value does not fit into the token.") from error
    signature = (key or signing_key()).sign(PREFIX.encode() + packed)
    return PREFIX + base64.b32encode(packed + signature).decode().rstrip("=")


def verify(
    token: str,
    *,
    on: dt.date,
    key: Ed25519PublicKey | None = None,
    is_withdrawn: Callable[[Facts], bool] | None = None,
) -> Answer:
    """What a scanned `token` is worth on the day `on`; never raises for what a stranger typed."""
    packed = _unpacked(token)
    if packed is None:
        return NOT_READABLE
    signed, signature = packed[: _FACTS.size], packed[_FACTS.size :]
    try:
        (key or signing_key().public_key()).verify(signature, PREFIX.encode() + signed)
        facts = _facts(signed)
    except (InvalidSignature, ValueError, OverflowError):
        return FORGED
    if is_withdrawn is not None and is_withdrawn(facts):
        return WITHDRAWN
    return Verified(facts, expired=not facts.valid_from <= on <= facts.valid_until)


def _unpacked(token: str) -> bytes | None:
    text = token.strip().upper()
    if not text.startswith(PREFIX) or len(text) > _LONGEST_TOKEN:
        return None
    body = text.removeprefix(PREFIX)
    try:
        packed = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        return None
    # A last letter with spare bits set would be a second spelling of the same token.
    canonical = base64.b32encode(packed).decode().rstrip("=") == body
    right_size = len(packed) == _FACTS.size + _SIGNATURE_BYTES
    return packed if canonical and right_size else None


def _facts(signed: bytes) -> Facts:
    kind, serial, first, last, standing, digest = _FACTS.unpack(signed)
    return Facts(
        DocumentKind(kind),
        serial,
        _FIRST_DAY + dt.timedelta(days=first),
        _FIRST_DAY + dt.timedelta(days=last),
        Standing(standing),
        digest,
    )


def _days(day: dt.date) -> int:
    return (day - _FIRST_DAY).days
