"""Language and colours, kept in cookies."""

from __future__ import annotations

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_choosing_a_language_returns_to_the_page(client: Client) -> None:
    response = client.post("/language/", {"language": "fr", "next": "/pay/?category=cpu"})
    assert response.status_code == 302
    assert response.headers["Location"] == "/pay/?category=cpu"
    assert '<html lang="fr"' in client.get("/").text


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "javascript:alert(1)"]
)
@pytest.mark.parametrize("address", ["/language/", "/theme/"])
def test_nobody_is_sent_elsewhere(client: Client, address: str, elsewhere: str) -> None:
    response = client.post(address, {"next": elsewhere})
    assert response.headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    response = client.post("/language/", {"language": "../../etc", "next": "/"})
    assert "qafila_language" not in response.cookies


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_are_rendered_by_the_server(client: Client, theme: str) -> None:
    client.post("/theme/", {"theme": theme, "next": "/"})
    page = client.get("/").text
    assert f'data-theme="{theme}"' in page
    other = "dark" if theme == "light" else "light"
    assert f'value="{other}"' in page
    assert f'name="theme" value="{theme}"' not in page


def test_without_a_choice_the_machine_decides(client: Client) -> None:
    assert "data-theme" not in client.get("/").text


def test_cookies_are_out_of_reach_of_scripts(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/"})
    cookie = response.cookies["qafila_theme"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
