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
from qafila.api.registering import register_client
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
