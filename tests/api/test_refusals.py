"""What is refused before or beside the endpoints: in the one shape and the language asked for."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.api.factories import token

from qafila.api.coverage_check import connections
from qafila.config.bodies import REFUSED
from qafila.contributions.errors import NothingOverdue

pytestmark = pytest.mark.django_db
URL = "/api/v1/payments"
CODES = {408: "too_slow", 413: "too_large", 429: "too_many_at_once", 507: "no_room"}


def _told(answer: object, language: str) -> dict[str, object]:
    told = answer.json()  # type: ignore[attr-defined]
    assert set(told) == {"code", "sentence", "field"}
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in told["sentence"])
    assert arabic is (language == "ar")
    return dict(told)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("status", CODES)
@pytest.mark.parametrize("address", [URL, "/api/v1/token"])
def test_a_body_that_was_not_read(client: Client, address: str, status: int, language: str) -> None:
    answer = client.post(address, headers={"Accept-Language": language}, **{REFUSED: status})
    assert (answer.status_code, answer["Connection"]) == (status, "close")
    assert _told(answer, language)["code"] == CODES[status]


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v2", "/api/v1/nothing/at/all"])
def test_an_address_that_is_not_there(client: Client, address: str) -> None:
    answer = client.get(address, headers={"Accept-Language": "fr"})
    assert (answer.status_code, _told(answer, "fr")["code"]) == (404, "no_such_address")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_room_s_own_sentence_is_kept(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    def refuse(*asked: object) -> None:
        raise NothingOverdue

    monkeypatch.setattr("qafila.api.endpoints.check_through_django", refuse)
    answer = _asked(client, language)
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert _told(answer, language)["code"] == "refused"


def test_a_fault_of_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*asked: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qafila.api.endpoints.check_through_django", fail)
    client.raise_request_exception = False
    answer = _asked(client, "fr")
    assert answer.status_code == 500  # type: ignore[attr-defined]
    assert _told(answer, "fr")["code"] == "fault"
    assert connections.check_through_django is not fail


def _asked(client: Client, language: str) -> object:
    return client.get(
        "/api/v1/coverage?id_type=cin&id=JB1&on=2026-11-22",
        headers={"Authorization": f"Bearer {token()}", "Accept-Language": language},
    )
