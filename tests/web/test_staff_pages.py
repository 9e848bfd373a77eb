"""Accounts and clients on their pages, in every language; a new password is shown once."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from tests.register.factories import AT, places
from tests.web.staff import signed_in

from qafila.care.coverage_check.partners import partners
from qafila.care.coverage_check.registering import register_client
from qafila.foundation.actors import Role
from qafila.foundation.trail import system_actor
from qafila.institutions.models import Account, AskedAct, HandedOver, Institution

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None) -> None:
    places()


def account_of(role: Role, province: str | None = "09.001") -> Account:
    return signed_in(role, province=province).account  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_pages_in_every_language(language: str) -> None:
    client = signed_in(Role.ADMINISTRATOR, province=None, language=language)
    youssef = account_of(Role.COUNTER_AGENT)
    register_client(name="CHU", actor=system_actor("tests"), at=AT)
    for address in (
        "/staff/", f"/staff/{youssef.pk}/", "/clients/", "/staff/new/",
        f"/staff/{youssef.pk}/posts/new/",
        f"/staff/{youssef.pk}/posts/{youssef.posts.get().pk}/end/",
    ):  # fmt: skip
        assert client.get(address).status_code == 200, address
    assert youssef.email in client.get("/staff/").content.decode()


def test_a_new_password_is_shown_once_and_signs_in() -> None:
    client, youssef = signed_in(Role.ADMINISTRATOR, province=None), account_of(Role.COUNTER_AGENT)
    response = client.post(f"/staff/{youssef.pk}/reset_password/")
    [password] = re.findall(r"<code>([^<]+)</code>", response.content.decode())
    youssef.refresh_from_db()
    assert youssef.check_password(password)
    assert "no-store" in response["Cache-Control"]
    assert password not in client.get(f"/staff/{youssef.pk}/").content.decode()


def test_closed_and_opened_again() -> None:
    client, youssef = signed_in(Role.ADMINISTRATOR, province=None), account_of(Role.COUNTER_AGENT)
    done = client.post(f"/staff/{youssef.pk}/close/", follow=True)
    assert "Le compte a été fermé" in done.content.decode()
    assert not Account.objects.get(pk=youssef.pk).is_active
    assert "<code>" in client.post(f"/staff/{youssef.pk}/reopen/").content.decode()
    assert Account.objects.get(pk=youssef.pk).is_active
    assert client.post(f"/staff/{youssef.pk}/erase/").status_code == 404


def test_for_an_administrator_a_second_one_confirms() -> None:
    brahim, omar = (signed_in(Role.ADMINISTRATOR, province=None) for _ in range(2))
    latifa = account_of(Role.ADMINISTRATOR, None)
    asked = brahim.post(f"/staff/{latifa.pk}/reset_second_factor/", follow=True).content.decode()
    assert "un second administrateur doit confirmer" in asked
    assert "Un autre administrateur doit le confirmer." in asked
    confirming = f'action="/staff/{latifa.pk}/reset_second_factor/"'
    assert confirming in omar.get("/staff/").content.decode()
    done = omar.post(f"/staff/{latifa.pk}/reset_second_factor/", follow=True).content.decode()
    assert "La double authentification a été supprimée" in done
    assert AskedAct.objects.get().state == "done"


def test_what_was_asked_can_be_refused() -> None:
    brahim, omar = (signed_in(Role.ADMINISTRATOR, province=None) for _ in range(2))
    latifa = account_of(Role.ADMINISTRATOR, None)
    brahim.post(f"/staff/{latifa.pk}/close/")
    act = AskedAct.objects.get()
    for _ in range(2):
        assert omar.post(f"/staff/asked/{act.pk}/refuse/").status_code == 302
    assert Account.objects.get(pk=latifa.pk).is_active
    assert AskedAct.objects.get().state == "refused"


def test_files_are_handed_over() -> None:
    client = signed_in(Role.ADMINISTRATOR, province=None)
    leaver, colleague = (account_of(Role.CHAMBER_STAFF) for _ in range(2))
    address = f"/staff/{leaver.pk}/hand-over/"
    assert client.post(address, {"to": leaver.pk}).status_code == 422
    done = client.post(address, {"to": colleague.pk}, follow=True)
    assert "Les dossiers ont été transmis." in done.content.decode()
    assert HandedOver.objects.get().to_id == colleague.actor_id


def test_a_client_is_withdrawn_by_those_of_the_whole_country() -> None:
    made = register_client(name="CHU", actor=system_actor("tests"), at=AT)
    address = f"/clients/{made.client_id}/withdraw/"
    regional = signed_in(Role.ADMINISTRATOR)
    assert regional.get("/clients/").status_code == regional.post(address).status_code == 404
    client = signed_in(Role.ADMINISTRATOR, province=None)
    assert address in client.get("/clients/").content.decode()
    assert "ne sont plus valables" in client.post(address, follow=True).content.decode()
    assert [one.withdrawn_at is None for one in partners()] == [False]
    assert address not in client.get("/clients/").content.decode()


def _given(client: Client, account: Account) -> str:
    """The password an administrator gives the account, as the page shows it once."""
    response = client.post(f"/staff/{account.pk}/reset_password/")
    [password] = re.findall(r"<code>([^<]+)</code>", response.content.decode())
    return password


def test_with_a_password_that_was_given_nothing_else_opens_until_it_is_changed() -> None:
    brahim, youssef = signed_in(Role.ADMINISTRATOR, province=None), account_of(Role.COUNTER_AGENT)
    password = _given(brahim, youssef)
    own = Client()
    own.force_login(Account.objects.get(pk=youssef.pk))
    change = "/accounts/password/change/"
    for address in ("/home/", "/people/", "/accounts/2fa/", "/mine/xxxx/"):
        assert own.get(address).headers["Location"] == change, address
    assert own.get(change).status_code == 200

    def choose(new: str) -> Any:
        typed = {"oldpassword": password, "password1": new, "password2": new}
        return own.post(change, typed)

    assert choose(password).status_code == 200
    assert own.get("/home/").headers["Location"] == change
    assert choose("safran-argane-1980").status_code == 302
    assert not Account.objects.get(pk=youssef.pk).must_change_password
    assert own.get("/home/").status_code == 200


def test_an_account_is_made_then_gets_its_post() -> None:
    brahim = signed_in(Role.ADMINISTRATOR, province=None)
    typed = {
        "name": "سلمى بناني", "name_latn": "Salma Bennani", "email": "Salma@Example.ma",
        "language": "ar",
    }  # fmt: skip
    made = brahim.post("/staff/new/", typed)
    assert "<code>" in made.content.decode()
    salma = Account.objects.get(email="salma@example.ma")
    assert salma.must_change_password
    assert brahim.post("/staff/new/", typed).status_code == 422
    assert brahim.post("/staff/new/", {**typed, "name": "123"}).status_code == 422
    address = f"/staff/{salma.pk}/posts/new/"
    chamber = Institution.objects.get(name_fr="Chambre").pk
    post = {
        "role": "counter_agent", "territory": "09.001", "institution": chamber,
        "held_from": "22/11/2026",
    }  # fmt: skip
    looked_at = brahim.post(address, post)
    assert looked_at.status_code == 200
    assert not salma.posts.exists()
    brahim.post(address, {**post, "confirm": "yes"})
    held = salma.posts.get()
    assert (held.role, held.province_id, held.institution_id) == (
        "counter_agent", "09.001", chamber,
    )  # fmt: skip
    assert brahim.post(address, {**post, "confirm": "yes"}).status_code == 422
    end = f"/staff/{salma.pk}/posts/{held.pk}/end/"
    assert end in brahim.get(f"/staff/{salma.pk}/").content.decode()
    brahim.post(end, {"last_day": "30/11/2026", "confirm": "yes"})
    held.refresh_from_db()
    assert held.held_until == dt.date(2026, 11, 30)


def test_an_administrator_of_one_province_gives_posts_there_alone() -> None:
    latifa, youssef = signed_in(Role.ADMINISTRATOR), account_of(Role.COUNTER_AGENT)
    page = latifa.get(f"/staff/{youssef.pk}/posts/new/").content.decode()
    assert 'value="09.001"' in page
    assert 'value="09.541"' not in page
    assert 'value="MA"' not in page
    assert 'value="09"' not in page


def test_two_administrators_make_a_third() -> None:
    brahim, omar = (signed_in(Role.ADMINISTRATOR, province=None) for _ in range(2))
    youssef = account_of(Role.COUNTER_AGENT)
    chamber = Institution.objects.get(name_fr="Chambre").pk
    post = {
        "role": "administrator", "territory": "MA", "institution": chamber,
        "held_from": "22/11/2026", "confirm": "yes",
    }  # fmt: skip
    asked = brahim.post(f"/staff/{youssef.pk}/posts/new/", post, follow=True).content.decode()
    assert "un second administrateur doit confirmer" in asked
    confirm = f"/staff/asked/{AskedAct.objects.get().pk}/confirm/"
    assert confirm not in brahim.get("/staff/").content.decode()
    brahim.post(confirm)
    assert youssef.posts.count() == 1
    assert confirm in omar.get("/staff/").content.decode()
    omar.post(confirm)
    assert youssef.posts.filter(role="administrator", national=True).exists()
