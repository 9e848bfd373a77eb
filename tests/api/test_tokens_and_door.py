"""Tokens by client credentials, the fast door, the committed description, and a fuzzed run."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from tests.api.factories import AT, FATIMA, insured, token

from qafila.api.connections import pool
from qafila.api.description import described
from qafila.api.door import with_coverage_door
from qafila.api.registering import register_client
from qafila.care.models import CoverageCheck
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


@pytest.fixture
def _pool() -> Iterator[None]:
    yield
    pool.close()


def through_the_door(query: str, bearer: str, **environ: Any) -> tuple[int, dict[str, str], Any]:
    """What the fast door answers."""
    seen: dict[str, Any] = {}

    def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        seen.update(status=int(status[:3]), headers=dict(headers))

    asked = {
        "PATH_INFO": "/api/v1/coverage", "REQUEST_METHOD": "GET", "QUERY_STRING": query,
        "HTTP_AUTHORIZATION": f"Bearer {bearer}", "HTTP_ACCEPT_LANGUAGE": "fr",
        "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
        "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", **environ,
    }  # fmt: skip
    body = b"".join(with_coverage_door(get_wsgi_application())(asked, start))
    return seen["status"], seen["headers"], json.loads(body)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_pool")
def test_the_fast_door_answers_as_the_api_does(client: Client) -> None:
    insured()
    bearer = token(checks_per_minute=40)
    for query in (
        f"id_type=cin&id={FATIMA}&on=2026-11-22", "id_type=cin&id=X1&on=2026-11-22",
        "id_type=cin&id=%00&on=2026-11-22", "id_type=cin", "",
    ):  # fmt: skip
        headers = {"Authorization": f"Bearer {bearer}", "Accept-Language": "fr"}
        api = client.get(f"/api/v1/coverage?{query}", headers=headers)
        status, _, told = through_the_door(query, bearer)
        assert (status, told) == (api.status_code, api.json()), query
    assert CoverageCheck.objects.count() == 4
    assert CoverageCheck.objects.filter(status="open").count() == 2
    status, headers, told = through_the_door("", "wrong")
    assert (status, told["code"], headers["Cache-Control"]) == (401, "token_refused", "no-store")
    assert through_the_door("dependants=true&id_type=cin", bearer)[0] == 422


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_pool")
def test_a_check_is_noted_before_it_is_answered() -> None:
    insured()
    bearer = token()
    through_the_door(f"id_type=cin&id={FATIMA}&on=2026-11-22", bearer)
    # Read on another connection: the note is committed.
    assert CoverageCheck.objects.get().status == "open"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("_pool")
def test_without_the_database_nothing_is_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    insured()
    bearer = token()
    query = f"id_type=cin&id={FATIMA}&on=2026-11-22"
    assert through_the_door(query, bearer)[0] == 200
    dying = "SELECT pg_terminate_backend(pg_backend_pid())"
    monkeypatch.setattr("qafila.api.connections.NOTE", dying)
    status, headers, told = through_the_door(query, bearer)
    assert (status, told["code"], headers["Retry-After"]) == (503, "unavailable", "5")
    assert told["sentence"].endswith(".")
    monkeypatch.undo()
    assert through_the_door(query, bearer)[0] == 200
    assert CoverageCheck.objects.count() == 2


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
