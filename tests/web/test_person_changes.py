"""What is changed from a person's file: data, contact, application, family."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator

import pytest
from django.test import Client
from tests.accompaniment.factories import applying, refresh
from tests.enrolment.factories import enrolled, member
from tests.register.factories import AT, person, places, system
from tests.web.staff import SETTAT, signed_in

from qafila.accompaniment.models import Progress
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.people.models import Person
from qafila.register.actions import load_trades
from qafila.register.models import Application, Trade

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def typed(client: Client, address: str, **changes: str) -> dict[str, str]:
    """The fields of a page's form as the browser would send them, with `changes`."""
    text = client.get(address).content.decode()
    fields = {
        name: value.replace("&#x27;", "'")
        for name, value in re.findall(r'<input[^>]* name="(\w+)"[^>]*? value="([^"]*)"', text)
    }
    chosen = re.search(r'<select name="sex".*?<option value="(\w?)" selected', text, re.DOTALL)
    return fields | {"sex": chosen[1] if chosen else ""} | changes


def test_a_card_number_written_in_the_file_moves_the_person_on() -> None:
    fatima = applying(missing=("card_number",), without_card=True)
    refresh()
    assert Progress.objects.get(person=fatima).reason == "no_card_number"
    client = signed_in(Role.FIELD_AGENT)
    assert f"/people/{fatima.pk}/correct/" in client.get(f"/people/{fatima.pk}/").content.decode()
    address = f"/people/{fatima.pk}/correct/"
    done = client.post(address, typed(client, address, card_number="jb 12 34 56"), follow=True)
    assert "Le dossier est corrigé." in done.content.decode()
    fatima.refresh_from_db()
    assert fatima.card_number == "JB123456"
    assert Progress.objects.get(person=fatima).reason != "no_card_number"


def test_nothing_typed_changes_nothing() -> None:
    fatima = person()
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{fatima.pk}/correct/"
    done = client.post(address, typed(client, address), follow=True)
    assert "Rien n’a été modifié." in done.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [("card_number", "12"), ("birth_date", "tomorrow"), ("phone", "abc"), ("full_name_latn", "")],
)
def test_what_cannot_be_is_said_beside_its_field(field: str, value: str) -> None:
    fatima = person(full_name_ar="")
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{fatima.pk}/correct/"
    refused = client.post(address, typed(client, address, **{field: value}))
    assert refused.status_code == 422
    assert "wrong" in refused.content.decode() or field == "full_name_latn"
    fatima.refresh_from_db()
    assert fatima.full_name_latn == "AIT LAHCEN Fatima"


def test_a_field_changed_by_someone_else_meanwhile_is_not_overwritten() -> None:
    fatima = person()
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{fatima.pk}/correct/"
    mine = typed(client, address, card_number="JB999999")
    client.post(address, typed(client, address, card_number="JB888888"))
    refused = client.post(address, mine)
    assert refused.status_code == 422
    assert Person.objects.get(pk=fatima.pk).card_number == "JB888888"


def test_a_contact_makes_the_person_reached() -> None:
    fatima = person()
    refresh()
    client = signed_in(Role.FIELD_AGENT)
    address = f"/people/{fatima.pk}/contact/"
    assert client.post(address, {"channel": "pigeon", "note": ""}).status_code == 422
    sent = {"channel": "phone", "note": "Viendra jeudi.", "command_id": str(uuid.uuid4())}
    assert client.post(address, sent).headers["Location"] == f"/people/{fatima.pk}/"
    assert Progress.objects.get(person=fatima).reached
    assert "Viendra jeudi." in client.get(f"/people/{fatima.pk}/journal/").content.decode()


@pytest.fixture
def trade(db: None) -> Trade:
    load_trades(actor=system(), at=AT)
    return Trade.objects.order_by("pk")[0]


def test_an_application_is_opened_completed_and_submitted_in_one_go(trade: Trade) -> None:
    fatima = person()
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{fatima.pk}/application/"
    assert client.post(address, {"trade": "999999"}).status_code == 422
    sent = {"trade": str(trade.pk), "submit": "1", "command_id": str(uuid.uuid4())}
    done = client.post(address, sent, follow=True)
    assert "Demande déposée à la chambre." in done.content.decode()
    assert Application.objects.get(person=fatima).state == "submitted"
    assert "attend la décision" in client.get(address).content.decode()


def test_what_an_application_lacks_is_named(trade: Trade) -> None:
    fatima = person(without_card=True)
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{fatima.pk}/application/"
    saved = client.post(address, {"trade": str(trade.pk)}, follow=True).content.decode()
    assert "Il manque encore" in saved
    assert client.post(address, {"trade": str(trade.pk), "submit": "1"}).status_code == 422
    assert Application.objects.get(person=fatima).missing == ["card_number"]


def test_no_family_is_stated_and_a_mention_forbids_it() -> None:
    alone, mentioned = enrolled().person, enrolled().person
    member(mentioned, "mentioned")
    client = signed_in(Role.FIELD_AGENT)
    client.post(f"/people/{alone.pk}/family/none/")
    assert Progress.objects.get(person=alone).family_declared
    refused = client.post(f"/people/{mentioned.pk}/family/none/", follow=True)
    assert refused.redirect_chain[0][0] == f"/people/{mentioned.pk}/family/"
    assert b"tone-bad" in refused.content


def test_a_member_is_removed_with_a_reason_by_those_of_the_territory() -> None:
    fatima = enrolled().person
    spouse = member(fatima)
    address = f"/people/{fatima.pk}/family/{spouse.pk}/remove/"
    elsewhere = signed_in(Role.FIELD_AGENT, province=SETTAT)
    assert elsewhere.post(address, {"reason": "Divorce"}).status_code == 404
    client = signed_in(Role.FIELD_AGENT)
    assert b"tone-bad" in client.post(address, {"reason": " "}, follow=True).content
    client.post(address, {"reason": "Divorce"})
    spouse.refresh_from_db()
    assert spouse.state == "refused"
    other = enrolled().person
    assert client.post(f"/people/{other.pk}/family/{spouse.pk}/remove/").status_code == 404
