"""Tokens: every true one is verified, every changed one refused, whatever was typed."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from qafila.documents.keys import signing_key
from qafila.documents.signing import (
    HASH_BYTES,
    PREFIX,
    DocumentKind,
    Facts,
    Refused,
    Standing,
    Verified,
    sign,
    verify,
)

KEY = Ed25519PrivateKey.generate()
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2150, 1, 1))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return Facts(
        draw(st.sampled_from(DocumentKind)), draw(st.integers(0, 2**64 - 1)), first, last,
        draw(st.sampled_from(Standing)), draw(st.binary(min_size=HASH_BYTES, max_size=HASH_BYTES)),
    )  # fmt: skip


@given(facts(), DAYS)
def test_what_was_signed_is_verified(told: Facts, on: dt.date) -> None:
    token = sign(told, KEY)
    answer = verify(f" {token.lower()}\n", on=on, key=KEY.public_key())
    assert answer == Verified(told, expired=not told.valid_from <= on <= told.valid_until)
    assert len(token) < 170


@given(facts(), st.integers(0, 10_000), st.sampled_from(LETTERS))
def test_one_changed_letter_is_refused(told: Facts, place: int, letter: str) -> None:
    token = sign(told, KEY)
    place = len(PREFIX) + place % (len(token) - len(PREFIX))
    changed = token[:place] + letter + token[place + 1 :]
    answer = verify(changed, on=told.valid_from, key=KEY.public_key())
    assert isinstance(answer, Verified if changed == token else Refused)


@given(st.text(max_size=500))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    for typed in (text, PREFIX + text):
        answer = verify(typed, on=dt.date(2026, 11, 22), key=KEY.public_key())
        assert isinstance(answer, Refused)


def _facts() -> Facts:
    day = dt.date(2026, 11, 22)
    return Facts(DocumentKind.CARD, 7, day, day, Standing.OPEN, bytes(HASH_BYTES))


def test_another_installation_s_document_is_refused() -> None:
    other = Ed25519PrivateKey.generate()
    answer = verify(sign(_facts(), other), on=dt.date(2026, 11, 22), key=KEY.public_key())
    assert isinstance(answer, Refused)
    assert answer.code == "forged"


def test_a_withdrawn_document_is_refused() -> None:
    answer = verify(sign(_facts(), KEY), on=dt.date(2026, 11, 22), key=KEY.public_key(),
                    is_withdrawn=lambda facts: facts.serial == 7)  # fmt: skip
    assert isinstance(answer, Refused)
    assert answer.code == "withdrawn"


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_until": dt.date(2020, 1, 1)},
        {"serial": 2**64},
        {"valid_from": dt.date(1990, 1, 1)},
        {"digest": b"short"},
    ],
)
def test_what_does_not_fit_is_not_signed(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        sign(Facts(**{**vars(_facts()), **changes}), KEY)  # type: ignore[arg-type]


def test_the_key_is_made_once_for_its_owner_only(settings: object, tmp_path: Path) -> None:
    settings.VAR = tmp_path  # type: ignore[attr-defined]
    first = signing_key()
    [kept] = (tmp_path / "keys").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert signing_key() is first
    answer = verify(sign(_facts()), on=dt.date(2026, 11, 22))
    assert isinstance(answer, Verified)
