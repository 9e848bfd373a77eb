"""Bodies that find no room, and whose address they are counted for."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from tests.api.doors import run_once

from qafila.config import bodies as reading
from qafila.config.askers import address_of
from qafila.config.bodies import Bodies, BodyRefused


def _scope(*headers: tuple[bytes, bytes], client: str = "10.0.0.1") -> dict[str, Any]:
    return {"method": "POST", "headers": list(headers), "client": (client, 5)}


def _read(bodies: Bodies, *pieces: bytes) -> bytes:
    messages = [
        {"type": "http.request", "body": one, "more_body": n < len(pieces) - 1}
        for n, one in enumerate(pieces)
    ]

    async def receive() -> Any:
        return messages.pop(0)

    async def read() -> bytes:
        body, size = await bodies.whole(_scope((b"content-length", b"9")), receive)
        with body:
            told = body.read()
        assert len(told) == size
        return told

    return run_once(read())


def test_a_body_comes_whole_in_pieces() -> None:
    assert _read(Bodies(lambda _: False, lambda _: "a"), b"abc", b"", b"def") == b"abcdef"


def test_a_full_disk_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        closed = False

        def write(self, piece: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            self.closed = True

    full = Full()
    monkeypatch.setattr(reading.tempfile, "SpooledTemporaryFile", lambda _: full)
    bodies = Bodies(lambda _: False, lambda _: "a")
    with pytest.raises(BodyRefused) as refusal:
        _read(bodies, b"abc")
    assert refusal.value.status == 507
    assert full.closed
    assert not bodies._reading


def test_an_address_is_taken_from_trusted_proxies_only(settings: Any) -> None:
    forged = (b"x-forwarded-for", b"1.1.1.1, 203.0.113.9")
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert address_of(_scope(forged)) == "10.0.0.1"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert address_of(_scope(forged)) == "203.0.113.9"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 3
    assert address_of(_scope(forged)) == "10.0.0.1"
