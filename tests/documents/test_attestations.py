"""The attestation of rights: a sheet with its fonts, a code without names, a journal line."""

from __future__ import annotations

import datetime as dt
import re
import zlib
from pathlib import Path
from typing import Any

import pytest
import segno
from tests.api.factories import AT, FATIMA, insured

from qafila.documents.codes import qr_svg
from qafila.documents.fonts import font_folder
from qafila.documents.signing import (
    HASH_BYTES,
    DocumentKind,
    Facts,
    Standing,
    Verified,
    sign,
    verify,
)
from qafila.enrolment.models import Dependant
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role, Scope
from qafila.foundation.errors import NotAllowed, NotFoundInScope
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting, system_actor
from qafila.people.models import Person
from qafila.rights import errors
from qafila.rights.actions import rebuild_rights
from qafila.rights.attestations import (
    VALID_DAYS,
    attest,
    attestation_in_scope,
    attestation_sheet,
    attestations_of,
    token_of,
    withdraw_attestation,
)
from qafila.rights.models import RightsPeriod
from qafila.rights.verification import verdict_on

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


def _sheet(serial: int, address: str = "") -> bytes:
    return attestation_sheet(serial, scope=WHOLE_COUNTRY, verify_at=address)


def _token(serial: int) -> str:
    return token_of(attestation_in_scope(serial, WHOLE_COUNTRY))


def _child_of(person: Person) -> Dependant:
    actor = system_actor("tests")
    with acting(actor, at=AT):
        child = Person.objects.create(
            full_name_latn="AIT LAHCEN Sara", birth_date=dt.date(2015, 3, 1), created_at=AT,
            created_by_id=actor.id,
        )  # fmt: skip
        one = Dependant.objects.create(
            insured=person, person=child, relation="child", state="declared", since=DAY
        )
    rebuild_rights(on=DAY, actor=actor, at=AT)
    return one


@pytest.mark.django_db
@pytest.mark.parametrize("status", ["open", "suspended"])
def test_an_attestation_is_a_sheet_with_a_code_that_is_verified(status: str) -> None:
    person = insured(status=status)
    made = attest(person.pk, DAY, actor=system_actor("tests"), at=AT)
    assert _sheet(made.serial).startswith(b"%PDF-")
    token = _token(made.serial)
    answer = verify(token, on=DAY)
    assert isinstance(answer, Verified)
    assert not answer.expired
    assert answer.facts.standing is Standing[status.upper()]
    assert answer.facts.serial == made.serial
    late = verify(token, on=DAY + dt.timedelta(days=VALID_DAYS + 1))
    assert isinstance(late, Verified)
    assert late.expired
    assert FATIMA not in token


@pytest.mark.django_db
def test_arabic_is_in_the_sheet_with_its_font() -> None:
    made = attest(insured().pk, DAY, actor=system_actor("tests"), at=AT)
    opened = _opened(_sheet(made.serial))
    assert b"/FontFile" in opened
    if font_folder():
        assert b"ReadexProArabic" in opened
    # The map from glyphs to letters names Arabic ones: the text can be copied and searched.
    assert re.search(rb"<06[234][0-9a-fA-F]", opened)


@pytest.mark.django_db
def test_each_attestation_is_journalled_and_the_same_sheet_comes_again() -> None:
    person = insured()
    made = attest(person.pk, DAY, actor=system_actor("tests"), at=AT)
    entry = JournalEntry.objects.get(verb="documents.attestation_issued")
    assert entry.person_id == person.pk
    assert entry.data["valid_until"] == made.valid_until.isoformat()
    assert _sheet(made.serial) == _sheet(made.serial)


@pytest.mark.django_db
def test_a_child_has_an_attestation_through_the_insured_person() -> None:
    one = _child_of(insured())
    made = attest(one.insured_id, DAY, dependant_id=one.pk, actor=system_actor("tests"), at=AT)
    assert made.status == "open"
    assert _sheet(made.serial).startswith(b"%PDF-")
    [told] = attestations_of(one.insured_id, scope=WHOLE_COUNTRY)
    assert (told.serial, told.as_dependant, told.name_latn) == (
        made.serial, True, "AIT LAHCEN Sara"
    )  # fmt: skip
    found = verdict_on(_token(made.serial), on=DAY)
    assert (found.worth, found.initials, found.as_dependant) == ("genuine", "A. L. S.", True)
    other = insured("JB555555")
    with pytest.raises(NotFoundInScope):
        attest(other.pk, DAY, dependant_id=one.pk, actor=system_actor("tests"), at=AT)


@pytest.mark.django_db
def test_what_a_code_is_worth_and_that_it_tells_initials_only() -> None:
    person = insured()
    made = attest(person.pk, DAY, actor=system_actor("tests"), at=AT)
    token = _token(made.serial)
    found = verdict_on(token.lower(), on=DAY)
    assert (found.worth, found.status, found.status_now) == ("genuine", "open", "open")
    assert (found.initials, found.valid_until) == ("A. L. F.", made.valid_until)
    assert "Fatima" not in str(found)
    assert verdict_on(token, on=DAY + dt.timedelta(days=90)).worth == "expired"
    with acting(system_actor("tests"), at=AT):
        RightsPeriod.objects.update(status="suspended", reason="unpaid_months")
    changed = verdict_on(token, on=DAY)
    assert (changed.worth, changed.status, changed.status_now) == ("changed", "open", "suspended")
    withdraw_attestation(made.serial, reason="Wrong file.", actor=system_actor("tests"), at=AT)
    assert verdict_on(token, on=DAY).worth == "withdrawn"
    assert verdict_on(token[:-6] + "AAAAAA", on=DAY).worth == "forged"
    assert verdict_on("hello", on=DAY).worth == "not_readable"


@pytest.mark.django_db
def test_a_token_of_another_kind_or_without_a_sheet_is_told_apart() -> None:
    days = (DAY, DAY + dt.timedelta(days=9))
    card = sign(Facts(DocumentKind.CARD, 1, *days, Standing.NONE, b"x" * HASH_BYTES))
    lost = sign(Facts(DocumentKind.RIGHTS_ATTESTATION, 1, *days, Standing.OPEN, b"x" * HASH_BYTES))
    assert verdict_on(card, on=DAY).worth == "other_document"
    assert verdict_on(lost, on=DAY).worth == "forged"


@pytest.mark.django_db
def test_a_withdrawn_or_outdated_sheet_is_not_printed_again() -> None:
    actor = system_actor("tests")
    person = insured()
    first = attest(person.pk, DAY, actor=actor, at=AT)
    second = attest(person.pk, DAY, actor=actor, at=AT)
    with pytest.raises(errors.ReasonNeeded):
        withdraw_attestation(first.serial, reason=" ", actor=actor, at=AT)
    withdraw_attestation(first.serial, reason="Printed twice.", actor=actor, at=AT)
    with pytest.raises(errors.AttestationWithdrawn):
        withdraw_attestation(first.serial, reason="Printed twice.", actor=actor, at=AT)
    with pytest.raises(errors.AttestationWithdrawn):
        _sheet(first.serial)
    with acting(actor, at=AT):
        Person.objects.filter(pk=person.pk).update(card_number="JB111111")
    with pytest.raises(errors.AttestationOutdated):
        _sheet(second.serial)


def _dark_modules(svg: str) -> set[tuple[int, int]]:
    """Column and row of each dark module of a code drawn as strokes, the border counted."""
    column, row, found = 0, 0.0, set()
    for command, numbers in re.findall(r"([Mmh])([-0-9. ]+)", svg.split(' d="')[1].split('"')[0]):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            found |= {(column + step, int(row)) for step in range(int(values[0]))}
            column += int(values[0])
        else:
            start = (0, 0.0) if command == "M" else (column, row)
            column, row = start[0] + int(values[0]), start[1] + values[1]
    return found


@pytest.mark.django_db
def test_the_code_on_the_sheet_is_the_address_with_the_token() -> None:
    made = attest(insured().pk, DAY, actor=system_actor("tests"), at=AT)
    code = ("https://example.ma/verify/" + _token(made.serial)).upper()
    drawn = segno.make(code, error="q", micro=False, boost_error=False)
    assert drawn.mode == "alphanumeric"
    dark = {
        (column + 2, row + 2)
        for row, line in enumerate(drawn.matrix)
        for column, module in enumerate(line)
        if module & 1
    }
    assert _dark_modules(qr_svg(code).decode()) == dark
    with_address, without = (
        _sheet(made.serial, "https://example.ma/verify/"), _sheet(made.serial)
    )  # fmt: skip
    assert with_address != without


@pytest.mark.django_db
def test_only_for_those_who_may_and_in_their_territory() -> None:
    person, actor = insured(), system_actor("tests")
    with pytest.raises(NotAllowed):
        attest(
            person.pk,
            DAY,
            actor=Actor.holding(actor.id, "x", {Role.AUDITOR}, actor.scope_of(*Role)),
            at=AT,
        )
    elsewhere = Actor.holding(
        actor.id, "x", frozenset({Role.COUNTER_AGENT}), Scope(False, frozenset({"09.001"}))
    )
    with pytest.raises(NotFoundInScope):
        attest(person.pk, DAY, actor=elsewhere, at=AT)
    assert not JournalEntry.objects.filter(verb="documents.attestation_issued").exists()
