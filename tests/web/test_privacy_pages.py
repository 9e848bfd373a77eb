"""What is kept of a person, on the pages of the counter and behind the personal link."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from tests.contributions.factories import in_arrears
from tests.register.factories import AT, person
from tests.web.staff import actor_behind, in_language, signed_in, text_of

from qafila.foundation.actors import Role
from qafila.people.models import Consent, Erasure, Person
from qafila.people.personal_links import issue_personal_link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_pages_of_the_counter_in_every_language(language: str) -> None:
    fatima, hassan = person(), signed_in(Role.CHAMBER_STAFF, language=language)
    base = f"/people/{fatima.pk}/privacy/"
    hassan.post(f"{base}consent/messages/", {"given": "yes"})
    assert Consent.objects.get().purpose == "messages"
    for address in (base, f"{base}data.html", f"{base}erase/"):
        assert hassan.get(address).status_code == 200, address
    hassan.post(f"{base}consent/messages/", {"given": "no"})
    assert Consent.objects.get().withdrawn_at == AT
    assert hassan.post(f"{base}consent/nonsense/", {"given": "yes"}).status_code == 302
    document = json.loads(hassan.get(f"{base}data.json").content)
    assert document["file"] == fatima.pk
    assert hassan.get(f"{base}data.exe").status_code == 404


def test_two_colleagues_erase_and_the_page_shows_the_proof() -> None:
    fatima = person()
    hassan, chaimae = (signed_in(Role.CHAMBER_STAFF) for _ in range(2))
    base = f"/people/{fatima.pk}/privacy/"
    reason = {"reason": "Lettre du 20/11/2026."}
    looked = text_of(hassan.post(f"{base}erase/", reason))
    assert "C’est irréversible" in looked
    assert not Erasure.objects.exists()
    hassan.post(f"{base}erase/", {**reason, "confirm": "yes"})
    own = text_of(hassan.get(base))
    assert f'action="{base}erase/done/"' not in own
    assert "Un autre collègue doit l’exécuter." in own
    hassan.post(f"{base}erase/done/")
    assert Person.objects.get(pk=fatima.pk).state == "active"
    assert f'action="{base}erase/done/"' in text_of(chaimae.get(base))
    done = text_of(chaimae.post(f"{base}erase/done/", follow=True))
    assert "Les données sont effacées" in done
    assert "people_person" in done
    assert Person.objects.get(pk=fatima.pk).state == "erased"
    assert hassan.get(f"/people/{fatima.pk}/").status_code in (200, 404)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_person_agrees_and_takes_the_data_along(client: Client, language: str) -> None:
    enrolment = in_arrears(1)
    liaison = actor_behind(signed_in(Role.FUND_LIAISON, province=None))
    issued = issue_personal_link(enrolment.person_id, actor=liaison, at=AT)
    address = f"/mine/{issued.token}/"
    in_language(client, language)
    for closed in ("data.json", "data/"):
        assert client.get(f"{address}{closed}").status_code == 302
    assert client.post(f"{address}consent/messages/", {"given": "yes"}).status_code == 302
    assert not Consent.objects.exists()
    card = enrolment.person.card_number
    client.post(address, {"card_end": card[-4:], "birth_year": "1980"})
    client.post(f"{address}consent/messages/", {"given": "yes"})
    assert Consent.objects.get().taken_by.name == "personal link"
    assert client.get(f"{address}data/").status_code == 200
    response = client.get(f"{address}data.json")
    assert response["Cache-Control"] == "no-store"
    assert json.loads(response.content)["file"] == enrolment.person_id
