"""Nothing that opens a door or names a person is in the log."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from logging.config import dictConfig
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from qafila.config.masked_logs import masked

SECRETS = (
    "Zx9-personal-link-token_abc", "reset-key-4f3a", "JB123456", "0661234567", "+212661234567",
    "fatima@example.ma", "eyJtoken.value", "tagine-rouge-42",
)  # fmt: skip


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the installation's handler writes, at its most talkative."""
    stream = io.StringIO()
    own: dict[str, Any] = {
        **settings.LOGGING,
        "handlers": {"console": {**settings.LOGGING["handlers"]["console"], "stream": stream}},
        "root": {**settings.LOGGING["root"], "level": "DEBUG"},
    }
    before = logging.root.handlers[:], logging.root.level
    dictConfig(own)
    yield stream
    logging.root.handlers, logging.root.level = before[0], before[1]


@pytest.mark.django_db
def test_the_log_of_a_run_holds_none_of_them(log: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    for path in (
        f"/mine/{SECRETS[0]}/", f"/accounts/password/reset/key/1-{SECRETS[1]}/",
        f"/people/?query={SECRETS[2]}", f"/nowhere?phone={SECRETS[3]}&mail={SECRETS[5]}",
    ):  # fmt: skip
        client.get(path)
    client.post("/accounts/login/", {"login": SECRETS[5], "password": SECRETS[7]})
    client.get("/api/v1/coverage", {"id": SECRETS[2]},
               headers={"Authorization": f"Bearer {SECRETS[6]}"})  # fmt: skip
    told = log.getvalue()
    assert "/mine/…" in told
    for secret in SECRETS:
        assert secret not in told, secret


def test_a_traceback_is_masked_too(log: io.StringIO) -> None:
    try:
        raise ValueError(
            f"duplicate key\nDETAIL:  Key (card_number)=({SECRETS[2]}) already exists for Fatima."
        )
    except ValueError:
        logging.getLogger("qafila").exception("Card %s of %s failed.", SECRETS[2], SECRETS[4])
    told = log.getvalue()
    assert "Traceback" in told
    assert "Fatima" not in told
    for secret in SECRETS:
        assert secret not in told


def test_plain_lines_stay_as_they_are() -> None:
    line = "2026-11-29 14:25:12 WARNING qafila Job 12 (lists.read_upload) lost its worker."
    assert masked(line) == line


def test_a_line_break_forges_no_line(log: io.StringIO) -> None:
    typed = "x\r\n2026-11-29 12:00:00 ERROR qafila Everything was deleted.\u2028\x1b[2J"
    logging.getLogger("qafila").warning("Not understood: %s", typed)
    [line] = log.getvalue().splitlines()
    assert r"x\x0d\x0a2026" in line
    assert "\x1b" not in line
