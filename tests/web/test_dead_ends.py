"""Nobody found is no dead end: open a file, or ask another territory for theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from tests.register.factories import AT, person, places, system
from tests.web.staff import SETTAT, signed_in

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.linkage.names.name_keys import index_keys
from qafila.people.models import AccessRequest, Person
from qafila.places.models import Commune

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def _named(latn: str, **columns: Any) -> Person:
    made = person()
    with acting(system(), at=AT):
        Person.objects.filter(pk=made.pk).update(
            full_name_ar="", full_name_latn=latn, name_keys=list(index_keys(latn)), **columns
        )
    return made


def test_names_that_only_sound_alike_come_under_a_heading_of_their_own() -> None:
    _named("Mohamed Alaoui")
    _named("Mhamed Alaoui")
    client: Any = signed_in(Role.COUNTER_AGENT)
    text = client.get("/people/", {"q": "Mohamed Alaoui"}).content.decode()
    first, heading, close = text.partition('<span class="title">Noms proches</span>')
    assert heading
    assert "Mohamed Alaoui</bdi>" in first
    assert "Mhamed Alaoui</bdi>" in close
    _named("Zaki Naciri")
    assert "Naciri" not in client.get("/people/", {"q": "zzzzqqq"}).content.decode()


def test_what_was_typed_is_carried_into_the_file_that_is_opened_and_closed_again() -> None:
    client: Any = signed_in(Role.COUNTER_AGENT)
    query = {"q": "Khadija Bennani 0612345678"}
    nobody = client.get("/people/", query).content.decode()
    assert "/people/new/?q=Khadija%20Bennani%200612345678" in nobody
    form = client.get("/people/new/", query).content.decode()
    assert 'value="Khadija Bennani"' in form
    assert 'value="0612345678"' in form
    told = {"full_name_latn": "Khadija Bennani", "phone": "0612345678"}
    assert client.post("/people/new/", told).status_code == 422
    with acting(system(), at=AT):
        Commune.objects.filter(code="09.001.01.01").update(
            name_fr="Agadir", name_keys=list(index_keys("Agadir"))
        )
    told["commune"] = "Agadir"
    opened = client.post("/people/new/", told, follow=True)
    text = opened.content.decode()
    assert "Le dossier a été ouvert." in text
    [khadija] = Person.objects.all()
    again = client.post("/people/new/", told)
    assert again.status_code == 422
    assert "Khadija Bennani</bdi></a>" in again.content.decode()
    assert f'action="/people/{khadija.pk}/close/"' in text
    client.post(f"/people/{khadija.pk}/close/")
    assert not Person.objects.exists()


def test_a_file_of_elsewhere_is_asked_for_without_a_name_and_read_once_granted() -> None:
    fatima = person()
    with acting(system(), at=AT):
        Person.objects.filter(pk=fatima.pk).update(card_number="JA123456")
    asker: Any = signed_in(Role.COUNTER_AGENT, province=SETTAT)
    keeper: Any = signed_in(Role.CHAMBER_STAFF)
    file, number = f"/people/{fatima.pk}/", {"q": "JA123456"}
    assert "/people/elsewhere/" in asker.get("/people/", number).content.decode()
    known = asker.post("/people/elsewhere/", number).content.decode()
    assert "est connu hors de votre territoire" in known
    assert "AIT LAHCEN" not in known
    sent = asker.post("/people/elsewhere/", number | {"ask": "yes", "reason": "Elle a déménagé."},
                      follow=True)  # fmt: skip
    assert "AIT LAHCEN" not in sent.content.decode()
    assert asker.get(file).status_code == 404
    asked = AccessRequest.objects.get()
    assert "Elle a déménagé." in keeper.get("/people/requests/").content.decode()
    granted = keeper.post(f"/people/requests/{asked.pk}/grant/", follow=True).content.decode()
    assert f'action="/people/requests/{asked.pk}/undo/"' in granted
    for page in ("", "identity/", "money/", "journal/", "rows/"):
        assert asker.get(file + page).status_code == 200, page
    assert asker.get(file + "correct/").status_code == 404
    assert asker.post(file + "contact/", {"channel": "phone", "note": "x"}).status_code == 404
    assert "AIT LAHCEN" in asker.get("/people/requests/").content.decode()
    later = keeper.get("/people/requests/").content.decode()
    assert "Ouverts à d’autres territoires" in later
    assert "Mettre fin à l’accès" in later
    keeper.post(f"/people/requests/{asked.pk}/undo/")
    assert "Mettre fin à l’accès" not in keeper.get("/people/requests/").content.decode()
    assert asker.get(file).status_code == 404
    keeper.post(f"/people/requests/{asked.pk}/grant/")
    with acting(system(), at=AT):
        AccessRequest.objects.update(until=AT.date() - dt.timedelta(days=1))
    assert asker.get(file).status_code == 404
    assert "AIT LAHCEN" not in asker.get("/people/requests/").content.decode()
