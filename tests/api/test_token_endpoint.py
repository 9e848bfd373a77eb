"""The token endpoint: one grant, few tries, no token kept in clear, no fault for any body."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from oauth2_provider.models import get_access_token_model, get_application_model
from tests.api.doors import Door
from tests.api.factories import AT, FATIMA, insured

from another_process import AnotherProcess
from qafila.api.token_endpoint import TRIES, TRIES_OF_AN_ADDRESS
from qafila.care.coverage_check.partners import partners
from qafila.care.coverage_check.registering import (
    ClientRegistered,
    register_client,
    withdraw_client,
)
from qafila.care.errors import PartnerUnknown, PartnerWithdrawn
from qafila.foundation.trail import system_actor

pytestmark = pytest.mark.django_db
ASKED = f"id_type=cin&id={FATIMA}&on=2026-11-22"


@pytest.fixture(autouse=True)
def _nobody_tried_before(db: None) -> None:
    cache.clear()


def registered(name: str = "CHU Agadir") -> ClientRegistered:
    return register_client(name=name, actor=system_actor("tests"), at=AT)


def asked_for(client: Client, made: ClientRegistered, secret: str = "", **more: Any) -> Any:
    """The answer to asking for a token, with the right secret unless another is given."""
    pair = f"{made.client_id}:{secret or made.client_secret}".encode()
    return client.post(
        "/api/v1/token", {"grant_type": "client_credentials", **more.pop("form", {})},
        headers={"Authorization": f"Basic {b64encode(pair).decode()}"}, **more,
    )  # fmt: skip


def test_of_a_token_only_its_digest_is_kept(client: Client) -> None:
    token = asked_for(client, registered()).json()["access_token"]
    [row] = get_access_token_model().objects.all()
    assert row.token == ""
    assert token not in str(vars(row))


@pytest.mark.parametrize(
    "grant",
    ["password", "authorization_code", "refresh_token", "implicit", "",
     "urn:ietf:params:oauth:grant-type:device_code"],
)  # fmt: skip
def test_other_grants_are_gone(client: Client, grant: str) -> None:
    response = asked_for(client, registered(), form={"grant_type": grant, "username": "a"})
    assert (response.status_code, response.json()["error"]) == (400, "unsupported_grant_type")


def test_wrong_secrets_run_dry_and_only_where_they_come_from(client: Client) -> None:
    made = registered()
    statuses = [asked_for(client, made, "wrong").status_code for _ in range(TRIES + 2)]
    assert statuses == [401] * TRIES + [429] * 2
    refused = asked_for(client, made)
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert asked_for(client, made, REMOTE_ADDR="198.51.100.7").status_code == 200


def test_an_address_that_tries_many_clients_runs_dry(client: Client) -> None:
    for number in range(TRIES_OF_AN_ADDRESS):
        client.post("/api/v1/token", {"grant_type": "client_credentials",
                                      "client_id": f"c{number}", "client_secret": "x"})  # fmt: skip
    assert asked_for(client, registered()).status_code == 429


def test_right_secrets_are_not_counted(client: Client) -> None:
    made = registered()
    assert {asked_for(client, made).status_code for _ in range(TRIES + 3)} == {200}


TEXT = st.text(max_size=20) | st.sampled_from(["\0", "client_credentials", "a" * 400, "\ud800"])


@pytest.mark.parametrize("path", ["/api/v1/token", "/api/v1/revoke_token"])
@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods_are_refused_in_json(client: Client, path: str, method: str) -> None:
    response = getattr(client, method)(path)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response.json()["error"] == "invalid_request"


def test_no_body_is_a_fault() -> None:
    client = Client(raise_request_exception=False)

    @settings(max_examples=500, deadline=None, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(
        body=st.binary(max_size=200) | st.sampled_from([
            b"grant_type=client_credentials&client_id=%00&client_secret=%00",
            b"grant_type=client_credentials&client_id=%ff%fe&client_secret=x",
            b"grant_type=client_credentials&grant_type=password",
            b"grant_type=urn:ietf:params:oauth:grant-type:device_code",
            b"grant_type=client_credentials&scope=%00&client_id=a&client_secret=b",
            b"&".join(b"a=1" for _ in range(3000)),
        ]),
        kind=st.sampled_from(["application/x-www-form-urlencoded", "application/json", "text/plain",
                              "multipart/form-data", "multipart/form-data; boundary=x", "x"]),
        header=st.sampled_from(["", "Basic", "Basic !!", "Basic AAAA", "Basic AA==", "Bearer x",
                                "Basic " + "A" * 2000, "Basic " + b64encode(b"\xff:\xff").decode(),
                                "Basic " + b64encode(b"a\0:b").decode()]),
        path=st.sampled_from(["/api/v1/token", "/api/v1/revoke_token"]),
    )  # fmt: skip
    def tried(body: bytes, kind: str, header: str, path: str) -> None:
        cache.clear()  # so that each body is read, not only refused for its many tries
        response = client.post(path, body, kind, headers={"Authorization": header})
        assert response.status_code in (400, 401), response.content
        assert response["Content-Type"] == "application/json"
        assert response.json()["error"]

    tried()


@pytest.fixture
def doors() -> Iterator[list[Door]]:
    opened = [Door(), Door()]
    yield opened
    for door in opened:
        door.close()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_client_is_refused_at_once_at_every_door(
    client: Client, doors: list[Door]
) -> None:
    insured()
    made, other = registered(), registered("Pharmacie")
    token = asked_for(client, made).json()["access_token"]
    theirs = asked_for(client, other).json()["access_token"]
    assert [door.ask(ASKED, token)[0] for door in doors * 2] == [200] * 4
    withdraw_client(client_id=made.client_id, actor=system_actor("tests"), at=AT)
    assert [door.ask(ASKED, token)[0] for door in doors] == [401, 401]
    assert client.get(f"/api/v1/coverage?{ASKED}",
                      headers={"Authorization": f"Bearer {token}"}).status_code == 401  # fmt: skip
    assert asked_for(client, made).status_code == 401
    assert [door.ask(ASKED, theirs)[0] for door in doors] == [200, 200]
    with pytest.raises(PartnerWithdrawn):
        withdraw_client(client_id=made.client_id, actor=system_actor("tests"), at=AT)
    with pytest.raises(PartnerUnknown):
        withdraw_client(client_id="nobody", actor=system_actor("tests"), at=AT)
    assert [one.withdrawn_at for one in partners()] == [AT, None]


@pytest.mark.django_db(transaction=True)
def test_a_token_revoked_in_another_process_is_refused_here_at_once(
    client: Client, doors: list[Door], hashed_as_served: None
) -> None:
    insured()
    made = registered()
    token = asked_for(client, made).json()["access_token"]
    assert doors[0].ask(ASKED, token)[0] == 200
    revoking = f"""
from django.test import Client
told = Client().post("/api/v1/revoke_token", {{"token": {token!r}, "client_id": {made.client_id!r},
                     "client_secret": {made.client_secret!r}}}).status_code
"""
    with AnotherProcess() as other:
        assert other.told("told", revoking) == 200
    assert not get_access_token_model().objects.exists()
    assert doors[0].ask(ASKED, token)[0] == 401
    assert not get_access_token_model().objects.exists()
    assert get_application_model().objects.exists()
