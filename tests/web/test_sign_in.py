"""Signing in, the compulsory second factor, and what is not offered."""

from __future__ import annotations

import html
import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from qafila.institutions.models import Account

pytestmark = pytest.mark.django_db

PASSWORD = "safran-argane-1979"  # the one conftest gives everyone
ACTIVATE = "/accounts/2fa/totp/activate/"


def _sign_in(client: Client, account: Account, password: str = PASSWORD) -> str:
    """The address one is sent to, or "" when the page is shown again."""
    response = client.post("/accounts/login/", {"login": account.email, "password": password})
    return str(response.headers.get("Location", ""))


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def _set_up(client: Client) -> str:
    """Set up the second factor of the person signed in; gives its secret."""
    shown = re.search(r'class="identifier">([A-Z2-7]+)<', client.get(ACTIVATE).text)
    assert shown, "the page shows no key"
    response = client.post(ACTIVATE, {"code": _code(shown[1])})
    assert response.headers["Location"] == "/accounts/2fa/recovery-codes/"
    cache.clear()  # a code counts once; the next sign-in may fall into the same half minute
    return shown[1]


def test_who_does_not_decide_goes_straight_to_work(client: Client, driss: Account) -> None:
    assert _sign_in(client, driss) == "/home/"
    assert client.get("/home/").status_code == 200


def test_a_wrong_password_gets_one_sentence_that_does_not_tell_who_exists(
    client: Client, driss: Account
) -> None:
    client.cookies["qafila_language"] = "fr"
    told = []
    for email in (driss.email, "nobody@example.ma"):
        page = client.post("/accounts/login/", {"login": email, "password": "wrong"}).text
        told.append(re.findall(r'<div class="banner tone-bad".*?</div>\s*</div>', page, re.DOTALL))
    assert told[0] == told[1]
    assert "Adresse électronique ou mot de passe incorrect." in told[0][0]


@pytest.mark.parametrize("address", ["/home/", "/people/", "/lists/"])
def test_staff_pages_send_strangers_to_sign_in(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/?next=")


def test_who_decides_sets_up_the_second_factor_first(client: Client, amal: Account) -> None:
    _sign_in(client, amal)
    assert client.get("/home/").headers["Location"] == ACTIVATE
    assert client.get("/pay/").status_code == 200
    _set_up(client)
    assert client.get("/home/").status_code == 200


def test_the_next_sign_in_asks_for_the_code(client: Client, amal: Account) -> None:
    _sign_in(client, amal)
    secret = _set_up(client)
    client.post("/accounts/logout/")
    assert client.get("/home/").status_code == 302
    assert _sign_in(client, amal) == "/accounts/2fa/authenticate/"
    assert client.get("/home/").status_code == 302
    wrong = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert "الرمز غير صحيح" in wrong.text
    right = client.post("/accounts/2fa/authenticate/", {"code": _code(secret)})
    assert right.headers["Location"] == "/home/"


def test_a_recovery_code_works_once(client: Client, amal: Account) -> None:
    _sign_in(client, amal)
    _set_up(client)
    codes = re.findall(
        r'class="identifier">(\w{8})<', client.get("/accounts/2fa/recovery-codes/").text
    )
    assert len(codes) == 10
    for expected in (302, 200):
        client.post("/accounts/logout/")
        _sign_in(client, amal)
        again = client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert again.status_code == expected


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/2fa/",
        ACTIVATE,
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/webauthn/",
        "/accounts/password/change/",
        "/accounts/reauthenticate/",
        "/accounts/logout/",
    ],
)
def test_the_pages_of_an_account_are_ours_in_each_language(
    client: Client, amal: Account, address: str
) -> None:
    _sign_in(client, amal)
    for language in ("ar", "fr", "zgh"):
        client.cookies["qafila_language"] = language
        page = client.get(address)
        assert page.status_code == 200
        assert 'class="site-header"' in page.text
        visible = html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page.text))
        assert not re.search(r"\b(the|your|Please|Password|Enter)\b", visible)


def test_a_new_password_is_held_against_the_rules(client: Client, driss: Account) -> None:
    client.cookies["qafila_language"] = "fr"
    _sign_in(client, driss)
    typed = {"oldpassword": PASSWORD, "password1": "1234567", "password2": "1234567"}
    page = client.post("/accounts/password/change/", typed).text
    assert "Écrivez au moins 12 caractères." in page
    assert "n’a que des chiffres" in page


def test_the_password_can_be_changed(client: Client, driss: Account) -> None:
    _sign_in(client, driss)
    new = "henne-et-thuya-44"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", typed).status_code == 302
    client.post("/accounts/logout/")
    assert _sign_in(client, driss, PASSWORD) == ""
    assert _sign_in(client, driss, new) == "/home/"


def test_the_holder_is_told_by_mail_that_the_password_was_changed(
    client: Client, driss: Account, settings: Any, mailoutbox: list[Any]
) -> None:
    Account.objects.filter(pk=driss.pk).update(language="fr")
    new = "henne-et-thuya-44"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    settings.MAIL_IS_SENT = True
    _sign_in(client, driss)
    assert client.post("/accounts/password/change/", typed).status_code == 302
    [mail] = mailoutbox
    assert mail.to == [driss.email]
    assert mail.body.startswith("Mot de passe modifié")
    assert new not in mail.body


def test_the_holder_is_told_by_mail_of_a_refused_code(
    client: Client, driss: Account, settings: Any, mailoutbox: list[Any]
) -> None:
    _sign_in(client, driss)
    secret = _set_up(client)
    client.post("/accounts/logout/")
    settings.MAIL_IS_SENT = True
    _sign_in(client, driss)
    code = _code(secret)
    client.post("/accounts/2fa/authenticate/", {"code": code})
    client.post("/accounts/logout/")
    _sign_in(client, driss)
    # The same code a second time.
    page = client.post("/accounts/2fa/authenticate/", {"code": code})
    assert page.status_code == 200
    assert [mail.to for mail in mailoutbox] == [[driss.email]]


@pytest.mark.parametrize("address", ["/accounts/email/", "/accounts/confirm-email/"])
def test_accounts_are_not_renamed_by_their_holders(driss_client: Client, address: str) -> None:
    assert driss_client.get(address).status_code == 404


def test_there_is_no_sign_up(client: Client) -> None:
    before = Account.objects.count()
    typed = {"email": "x@example.ma", "password1": PASSWORD, "password2": PASSWORD}
    page = client.post("/accounts/signup/", typed)
    assert page.status_code == 200
    assert "لا يوجد تسجيل ذاتي" in page.text
    assert Account.objects.count() == before


def test_personal_pages_are_kept_in_no_cache(driss_client: Client) -> None:
    assert driss_client.get("/home/").headers["Cache-Control"] == "no-store"
