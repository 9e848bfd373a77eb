"""Tokens by client credentials, the committed description, and a fuzzed run."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from tests.api.factories import AT, FATIMA, insured, token

from qafila.api.description import described
from qafila.care.coverage_check.registering import register_client
from qafila.foundation.errors import DomainError
from qafila.foundation.trail import system_actor


@pytest.mark.django_db
def test_a_client_gets_a_token_and_uses_it(client: Client) -> None:
    insured()
    made = register_client(name="CHU Agadir", actor=system_actor("tests"), at=AT)
    secret = b64encode(f"{made.client_id}:{made.client_secret}".encode()).decode()
    response = client.post(
        "/api/v1/token", {"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {secret}"},
    )  # fmt: skip
    assert response.status_code == 200, response.content
    told = response.json()
    assert (told["scope"], told["token_type"]) == ("coverage:read", "Bearer")
    answer = client.get(
        "/api/v1/coverage", {"id_type": "cin", "id": FATIMA, "on": "2026-11-22"},
        headers={"Authorization": f"Bearer {told['access_token']}"},
    )  # fmt: skip
    assert answer.json()["status"] == "open"


@pytest.mark.django_db
def test_a_wrong_secret_gets_none(client: Client) -> None:
    made = register_client(name="CHU Agadir", actor=system_actor("tests"), at=AT)
    wrong = b64encode(f"{made.client_id}:wrong".encode()).decode()
    response = client.post(
        "/api/v1/token", {"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {wrong}"},
    )  # fmt: skip
    assert response.status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "checks"), [(" ", 5), ("CHU", 0), ("CHU", 10**7)])
def test_a_client_needs_a_name_and_a_limit(name: str, checks: int) -> None:
    actor = system_actor("tests")
    with pytest.raises(DomainError) as refusal:
        register_client(name=name, checks_per_minute=checks, actor=actor, at=AT)
    assert refusal.value.sentence().endswith(".")


def test_the_committed_description_is_up_to_date() -> None:
    kept = Path(settings.PROJECT) / "docs" / "reference" / "openapi.json"
    assert kept.read_text(encoding="utf-8") == described(), "Run `qafila api openapi`."


@pytest.mark.django_db
def test_nothing_a_program_sends_breaks_the_api() -> None:
    bearer = token("coverage:read coverage:dependants", may_see_dependants=True,
                   checks_per_minute=100_000)  # fmt: skip
    insured()
    schema = schemathesis.openapi.from_dict(json.loads(described()))
    client = Client(raise_request_exception=False)

    operations = [found.ok() for found in schema.get_all_operations()]
    [operation] = [one for one in operations if one.path == "/api/v1/coverage"]
    found = operation.as_strategy()
    run = given(case=found)(tried_once(client, bearer))
    hypothesis_settings(
        max_examples=40, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )(run)()  # fmt: skip


def tried_once(client: Client, bearer: str) -> Any:
    """One generated request: an answer or a refusal with a sentence, never a fault."""

    def tried(case: Any) -> None:
        query = {name: value for name, value in (case.query or {}).items() if value is not None}
        response = client.get(
            "/api/v1/coverage", query, headers={"Authorization": f"Bearer {bearer}"}
        )
        assert response.status_code in (200, 422, 429)
        assert response.json()["sentence"].endswith(".")

    return tried


def token_of(client: Client, scope: str = "", **agreed: Any) -> tuple[int, dict[str, Any]]:
    made = register_client(name="Partner", actor=system_actor("tests"), at=AT, **agreed)
    response = client.post(
        "/api/v1/token",
        {
            "grant_type": "client_credentials", "client_id": made.client_id,
            "client_secret": made.client_secret, **({"scope": scope} if scope else {}),
        },
    )  # fmt: skip
    return response.status_code, response.json()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("agreed", "given", "refused"),
    [
        ({}, "coverage:read", ("coverage:dependants", "payments:write")),
        ({"may_see_dependants": True}, "coverage:dependants coverage:read", ("payments:write",)),
        (
            {"may_book_payments": True},
            "payments:write",
            ("coverage:read", "coverage:dependants", "coverage:read payments:write"),
        ),
    ],
)
def test_a_client_is_given_the_scopes_agreed_and_no_other(
    client: Client, agreed: dict[str, bool], given: str, refused: tuple[str, ...]
) -> None:
    status, told = token_of(client, **agreed)
    assert (status, told["scope"]) == (200, given)
    for scope in refused:
        status, told = token_of(client, scope, **agreed)
        assert (status, told["error"]) == (400, "invalid_scope")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "address", "status", "code"),
    [
        ("get", "/api/v1/nothing", 404, "no_such_address"),
        ("get", "/api/v2/coverage", 404, "no_such_address"),
        ("get", "/api/v1/payments", 405, "method_not_allowed"),
        ("delete", "/api/v1/coverage", 405, "method_not_allowed"),
        ("get", "/api/v1/coverage", 401, "token_refused"),
    ],
)
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_refusals_have_one_shape_everywhere(
    client: Client, method: str, address: str, status: int, code: str, language: str
) -> None:
    response = getattr(client, method)(address, headers={"Accept-Language": language})
    assert response.status_code == status
    told = response.json()
    assert set(told) == {"code", "sentence", "field"}
    assert told["code"] == code
    assert told["sentence"].endswith(".")
    arabic = any("\u0600" <= letter <= "\u06ff" for letter in told["sentence"])
    assert arabic is (language == "ar")
