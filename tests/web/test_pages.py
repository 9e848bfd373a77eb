"""Every page: its language and direction, its headers, and what is not there."""

from __future__ import annotations

import re

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client

from qafila.web.design.built_assets import DIST

pytestmark = pytest.mark.django_db

PUBLIC = ["/", "/pay/", "/gallery", "/accounts/login/"]
DIRECTIONS = {"ar": "rtl", "fr": "ltr", "zgh": "ltr"}


@pytest.mark.parametrize("language", DIRECTIONS)
@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_says_its_language_and_direction(
    client: Client, address: str, language: str
) -> None:
    client.cookies["qafila_language"] = language
    response = client.get(address)
    assert response.status_code == 200
    assert f'<html lang="{language}" dir="{DIRECTIONS[language]}">' in response.text
    assert response.headers["Content-Language"] == language
    assert re.search(r"<title>[^<]{3,} · \S", response.text)


@pytest.mark.parametrize("address", PUBLIC)
def test_no_page_carries_inline_script_or_style(client: Client, address: str) -> None:
    response = client.get(address)
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", response.text)
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", response.text)
    assert all('type="application/json"' in attributes for attributes in inline)


@pytest.mark.parametrize("address", [*PUBLIC, "/nowhere/", "/health", "/accounts/login/"])
def test_headers_guard_every_page(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert re.match(r"text/html; charset=utf-8|application/json", headers["Content-Type"])
    assert not re.search(r"\d+\.\d+", headers.get("Server", "") + headers.get("X-Powered-By", ""))


@pytest.mark.parametrize("address", [address for address in PUBLIC if address != "/gallery"])
def test_forms_work_without_javascript(client: Client, address: str) -> None:
    """Each form has an address of its own and a button that sends it."""
    for form in re.findall(r"<form.*?</form>", client.get(address).text, re.DOTALL):
        opening = form[: form.index(">")]
        assert "action=" in opening
        assert re.search(r'<button[^>]*(type="submit"|name="|>)', form)
        if 'method="post"' in opening:
            assert "csrfmiddlewaretoken" in form


def test_a_printed_page_says_when_and_by_whom(driss_client: Client) -> None:
    driss_client.cookies["qafila_language"] = "fr"
    assert re.search(r"Imprimé le .+ par Driss El Ouafi", driss_client.get("/home/").text)
    sheet = (DIST.parents[1] / "assets" / "styles" / "print.css").read_text()
    assert "counter(page)" in sheet
    assert "counter(pages)" in sheet


def test_arabic_comes_first_whatever_the_browser_says(client: Client) -> None:
    response = client.get("/", headers={"Accept-Language": "en-US,en"})
    assert '<html lang="ar" dir="rtl">' in response.text


def test_an_unknown_language_in_the_cookie_is_arabic(client: Client) -> None:
    client.cookies["qafila_language"] = "xx"
    assert '<html lang="ar" dir="rtl">' in client.get("/").text


def test_an_unknown_address_is_404_in_the_reader_s_language(client: Client) -> None:
    client.cookies["qafila_language"] = "fr"
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Vérifiez l’adresse" in response.text
    assert '<html lang="fr"' in response.text


def test_a_failure_is_told_in_three_languages_without_anything_of_ours(client: Client) -> None:
    """The 500 page is rendered without context, style sheet or database."""
    from django.views.defaults import server_error

    answer = server_error(client.get("/").wsgi_request)
    page = answer.content.decode()
    assert answer.status_code == 500
    assert 'lang="ar" dir="rtl"' in page
    assert 'lang="fr"' in page
    assert 'lang="zgh"' in page


def test_a_form_without_its_token_is_refused_with_a_sentence() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["qafila_language"] = "fr"
    response = strict.post("/language/", {"language": "ar"})
    assert response.status_code == 403
    assert "rechargez la page" in response.text


def test_health_says_pages_database_and_jobs(client: Client) -> None:
    response = client.get("/health")
    told = {"pages": "ok", "database": "ok", "jobs": "no worker", "parked": 0}
    assert response.json() == told
    assert "no-store" in response.headers["Cache-Control"]


def test_pages_only_answer_the_methods_they_know(client: Client) -> None:
    assert client.post("/pay/").status_code == 405
    assert client.get("/language/").status_code == 405


@pytest.mark.parametrize("fault", [OperationalError, psycopg.OperationalError])
def test_a_database_that_is_away_is_said_before_any_page_begins(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    def away(*_: object, **__: object) -> None:
        raise fault("the connection is closed")

    monkeypatch.setattr("qafila.web.site.middleware.actor_of", away)
    monkeypatch.setattr("qafila.foundation.stores.sessions.SessionStore.load", away)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "x" * 32
    response = client.get("/people/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "La base de données ne répond pas" in response.text
    told = client.post("/api/v1/nothing", headers={"Accept-Language": "fr"})
    assert told.headers["Content-Type"].startswith("application/json")
