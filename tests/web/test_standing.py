"""What pages say when the house cannot do what was asked just now; signed in is signed in."""

from __future__ import annotations

import errno
from typing import Any

import pytest
from django.conf import settings as project
from django.db import OperationalError
from django.test import Client, RequestFactory
from psycopg.errors import DiskFull

from qafila.config.askers import is_known
from qafila.institutions.models import Account
from qafila.web.site.refusals import BODY_REFUSED, RefusalMiddleware

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [408, 413, 429, 507])
def test_a_refused_body_is_told_in_the_person_s_language(client: Client, status: int) -> None:
    client.cookies["qafila_language"] = "fr"
    response = client.post("/accounts/login/", **{BODY_REFUSED: status})  # type: ignore[arg-type]
    assert response.status_code == status
    assert 'lang="fr"' in response.content.decode()
    response = client.post("/api/v1/payments", **{BODY_REFUSED: status})  # type: ignore[arg-type]
    assert response.status_code == status
    assert response.json()["sentence"].endswith(".")


def _full(_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _database_full(_: Any) -> None:
    raise OperationalError("full") from DiskFull("full")


def _database_gone(_: Any) -> None:
    raise OperationalError("gone")


@pytest.mark.parametrize(("fault", "status"), [(_full, 507), (_database_full, 507),
                                               (_database_gone, 503)])  # fmt: skip
def test_want_of_room_and_of_the_database_is_told(fault: Any, status: int) -> None:
    middleware = RefusalMiddleware(lambda _: None)  # type: ignore[arg-type, return-value]
    request = RequestFactory().get("/api/v1/coverage")
    with pytest.raises((OSError, OperationalError)) as raised:
        fault(request)
    response = middleware.process_exception(request, raised.value)
    assert response
    assert response.status_code == status
    other = middleware.process_exception(request, OSError(errno.EACCES, "no"))
    assert other is None


def _scope(client: Client) -> dict[str, Any]:
    cookie = client.cookies[project.SESSION_COOKIE_NAME].value
    return {"headers": [(b"cookie", f"{project.SESSION_COOKIE_NAME}={cookie}".encode())]}


@pytest.mark.django_db(transaction=True)
def test_who_may_send_much_is_signed_in_and_open(driss_client: Client, client: Client) -> None:
    scope = _scope(driss_client)
    assert is_known(scope)
    assert not is_known({"headers": []})
    assert not is_known({"headers": [(b"cookie", b"sessionid=guessed")]})
    assert not is_known({"headers": [(b"authorization", b"Bearer guessed")]})
    Account.objects.update(is_active=False)
    assert not is_known(scope)


def test_without_mail_there_is_no_reset_page_and_sign_in_says_whom_to_ask(
    client: Client, settings: Any
) -> None:
    client.cookies["qafila_language"] = "fr"
    settings.MAIL_IS_SENT = False
    assert client.get("/accounts/password/reset/").status_code == 404
    assert client.get("/accounts/password/reset/key/1-abc-def/").status_code == 404
    page = client.get("/accounts/login/").text
    assert "/accounts/password/reset/" not in page
    assert "administrateur" in page
    settings.MAIL_IS_SENT = True
    assert client.get("/accounts/password/reset/").status_code == 200
    assert "/accounts/password/reset/" in client.get("/accounts/login/").text
    answer = client.get("/accounts/password/reset/key/1-abc-def/")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
