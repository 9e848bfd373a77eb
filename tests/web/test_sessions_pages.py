"""Where one is signed in: seen, ended there, and ended by a new password."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client

from qafila.foundation.actors import Actor
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.institutions.models import Account, SignedIn

pytestmark = pytest.mark.django_db
PASSWORD = "safran-argane-1979"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def _signed_in(account: Account, browser: str) -> Client:
    client = Client(headers={"User-Agent": browser})
    client.cookies["qafila_language"] = "fr"
    typed = {"login": account.email, "password": PASSWORD}
    assert client.post("/accounts/login/", typed).status_code == 302
    return client


def _ends(client: Client) -> list[str]:
    return re.findall(
        r'action="(/accounts/sessions/\d+/end/)"', client.get("/accounts/sessions/").text
    )


def test_a_session_elsewhere_is_seen_and_ended(driss: Account) -> None:
    here, elsewhere = _signed_in(driss, FIREFOX), _signed_in(driss, PHONE)
    page = here.get("/accounts/sessions/").text
    assert "Firefox · Linux" in page
    assert "Chrome · Android" in page
    assert page.count("C’est l’appareil que vous utilisez.") == 1
    [end] = _ends(here)
    assert here.post(end).headers["Location"] == "/accounts/sessions/"
    assert elsewhere.get("/home/").status_code == 302
    assert here.get("/home/").status_code == 200
    assert _ends(here) == []
    assert JournalEntry.objects.filter(verb="institutions.session_ended").count() == 1


def test_the_password_is_asked_for_again_after_a_while(
    driss: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _elsewhere = _signed_in(driss, FIREFOX), _signed_in(driss, PHONE)
    [end] = _ends(here)
    session = here.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 3600
    session.save()
    assert here.post(end).headers["Location"].startswith("/accounts/reauthenticate/")
    assert SignedIn.objects.count() == 2


def test_nobody_ends_the_session_of_somebody_else(
    driss: Account, system: Actor, at: dt.datetime
) -> None:
    _signed_in(driss, FIREFOX)
    stranger = Client()
    assert stranger.get("/accounts/sessions/").status_code == 302
    with acting(system, at=at):
        salma = Account.objects.create_user("salma@qafila.test", PASSWORD, name="Salma")
    other = _signed_in(salma, PHONE)
    number = SignedIn.objects.get(account=driss).pk
    assert other.post(f"/accounts/sessions/{number}/end/").status_code == 404
    assert SignedIn.objects.filter(account=driss).exists()


def test_a_new_password_ends_the_other_sessions(driss: Account) -> None:
    here, elsewhere = _signed_in(driss, FIREFOX), _signed_in(driss, PHONE)
    new = "henne-et-thuya-44"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", typed).status_code == 302
    assert elsewhere.get("/home/").status_code == 302
    assert here.get("/home/").status_code == 200


def test_notes_of_sessions_that_are_over_leave(driss: Account) -> None:
    _signed_in(driss, PHONE).post("/accounts/logout/")
    assert _ends(_signed_in(driss, FIREFOX)) == []
    assert SignedIn.objects.count() == 1
