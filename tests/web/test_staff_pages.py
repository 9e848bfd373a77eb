"""Accounts and clients on their pages, in every language; a new password is shown once."""

from __future__ import annotations

import re

import pytest
from tests.register.factories import AT, places
from tests.web.staff import signed_in

from qafila.care.coverage_check.partners import partners
from qafila.care.coverage_check.registering import register_client
from qafila.foundation.actors import Role
from qafila.foundation.trail import system_actor
from qafila.institutions.models import Account, AskedAct, HandedOver

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
    for address in ("/staff/", f"/staff/{youssef.pk}/", "/clients/"):
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
