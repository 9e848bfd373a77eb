"""The attestation of rights: a sheet with its fonts, a code without names, a journal line."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.api.factories import AT, FATIMA, insured

from qafila.documents import Verified, verify
from qafila.documents.fonts import font_folder
from qafila.documents.signing import Standing
from qafila.foundation.actors import Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import system_actor
from qafila.rights.attestations import VALID_DAYS, attest

DAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def _opened(pdf: bytes) -> bytes:
    """The file with its compressed streams opened, to look for fonts and letters."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    opened = []
    for stream in streams:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return pdf + b"\n".join(opened)


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["open", "suspended"])
def test_an_attestation_is_a_sheet_with_a_code_that_is_verified(status: str) -> None:
    person = insured(status=status)
    made = attest(person.pk, DAY, actor=system_actor("tests"), at=AT)
    assert made.pdf.startswith(b"%PDF-")
    answer = verify(made.token, on=DAY)
    assert isinstance(answer, Verified)
    assert not answer.expired
    assert answer.facts.standing is Standing[status.upper()]
    assert answer.facts.serial == made.serial
    late = verify(made.token, on=DAY + dt.timedelta(days=VALID_DAYS + 1))
    assert isinstance(late, Verified)
    assert late.expired
    assert FATIMA not in made.token


@pytest.mark.django_db
def test_arabic_is_in_the_sheet_with_its_font() -> None:
    made = attest(insured().pk, DAY, actor=system_actor("tests"), at=AT)
    opened = _opened(made.pdf)
    assert b"/FontFile" in opened
    if font_folder():
        assert b"ReadexProArabic" in opened
    # The map from glyphs to letters names Arabic ones: the text can be copied and searched.
    assert re.search(rb"<06[234][0-9a-fA-F]", opened)


@pytest.mark.django_db
def test_each_attestation_is_journalled() -> None:
    person = insured()
    made = attest(person.pk, DAY, actor=system_actor("tests"), at=AT)
    entry = JournalEntry.objects.get(pk=made.serial)
    assert (entry.verb, entry.person_id) == ("documents.attestation_issued", person.pk)
    assert entry.data["valid_until"] == made.valid_until.isoformat()


@pytest.mark.django_db
def test_only_for_those_who_may_and_in_their_territory() -> None:
    person, actor = insured(), system_actor("tests")
    with pytest.raises(NotAllowed):
        attest(
            person.pk,
            DAY,
            actor=Actor(actor.id, "x", frozenset({Role.AUDITOR}), actor.scope),
            at=AT,
        )
    elsewhere = Actor(
        actor.id, "x", frozenset({Role.COUNTER_AGENT}), Scope(False, frozenset({"09.001"}))
    )
    with pytest.raises(NotFoundInScope):
        attest(person.pk, DAY, actor=elsewhere, at=AT)
    assert not JournalEntry.objects.filter(verb="documents.attestation_issued").exists()
