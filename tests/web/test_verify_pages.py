"""The public page that checks an attestation, as a hospital's desk or a stranger meets it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from tests.api.factories import AT, insured

from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.trail import acting, system_actor
from qafila.rights.attestations import attest, attestation_in_scope, token_of, withdraw_attestation
from qafila.rights.models import RightsPeriod
from qafila.web.verify.pages import _PER_MINUTE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", AT.date)


def issued() -> tuple[int, str]:
    made = attest(insured().pk, AT.date(), actor=system_actor("tests"), at=AT)
    return made.serial, token_of(attestation_in_scope(made.serial, WHOLE_COUNTRY))


def said(client: Client, address: str, language: str = "fr", **query: str) -> str:
    client.cookies["qafila_language"] = language
    response: Any = client.get(address, query)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    return str(response.content.decode())


def test_a_genuine_sheet_tells_initials_state_and_days_and_nothing_else(client: Client) -> None:
    _, token = issued()
    told = said(client, f"/verify/{token}")
    assert "Authentique" in told
    assert "A. L. F." in told
    assert "Droits ouverts" in told
    assert "Fatima" not in told
    assert "JB123456" not in told


@pytest.mark.parametrize(
    ("language", "word"), [("ar", "أصلية"), ("fr", "Authentique"), ("zgh", "ⵜⵖⵣⴰ")]
)
def test_it_speaks_three_languages(client: Client, language: str, word: str) -> None:
    _, token = issued()
    assert word in said(client, f"/verify/{token}", language)


@pytest.mark.parametrize(
    "address",
    ["/verify/{token}", "/VERIFY/{token}", "/verify/{token}/", "/verify/{lower}"],
)
def test_the_code_is_read_however_the_camera_writes_it(client: Client, address: str) -> None:
    _, token = issued()
    assert "Authentique" in said(client, address.format(token=token, lower=token.lower()))


@pytest.mark.parametrize("typed", ["{token}", " {token}\n", "HTTPS://EXAMPLE.MA/VERIFY/{token}"])
def test_it_can_be_typed_or_pasted(client: Client, typed: str) -> None:
    _, token = issued()
    assert "Authentique" in said(client, "/verify/", code=typed.format(token=token))


def test_changed_rights_and_withdrawals_are_told(client: Client) -> None:
    serial, token = issued()
    with acting(system_actor("tests"), at=AT):
        RightsPeriod.objects.update(status="suspended", reason="unpaid_months")
    told = said(client, f"/verify/{token}")
    assert "Les droits ont changé depuis" in told
    assert "Droits suspendus" in told
    withdraw_attestation(serial, reason="Erreur.", actor=system_actor("tests"), at=AT)
    withdrawn = said(client, f"/verify/{token}")
    assert "Retirée" in withdrawn
    assert "A. L. F." not in withdrawn


@pytest.mark.parametrize(
    "code", ["hello", "Q1.", "Q1." + "A" * 151, "<script>", "Q1.é", "x" * 9999]
)
def test_a_stranger_s_code_is_answered_kindly(client: Client, code: str) -> None:
    told = said(client, "/verify/", code=code)
    assert "Authentique" not in told
    assert "<script>alert" not in told


def test_nobody_may_ask_without_end(client: Client) -> None:
    answers = [client.get("/verify/", {"code": "Q1.A"}).status_code
               for _ in range(_PER_MINUTE + 1)]  # fmt: skip
    assert answers.count(200) == _PER_MINUTE
    assert answers[-1] == 429
