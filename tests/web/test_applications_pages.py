"""Register applications: accept, refuse with a reason, and who may."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.accompaniment.factories import applying, refresh
from tests.register.factories import AT, places, system
from tests.web.staff import SETTAT, fragment_and_page, signed_in, text_of

from qafila.accompaniment.models import Progress
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.people.models import Person
from qafila.register.actions import load_trades
from qafila.register.models import Application, Entry
from qafila.web.applications import pages

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    load_trades(actor=system(), at=AT)
    with clock.stopped_at(AT):
        yield


def submitted(**traits: Any) -> tuple[Person, Application]:
    """Someone whose application waits for a decision."""
    fatima = applying("submitted", **traits)
    refresh()
    return fatima, Application.objects.get(person=fatima)


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_waiting_applications_in_every_language(language: str) -> None:
    submitted()
    applying(missing=("card_number",), without_card=True)
    refresh()
    client = signed_in(Role.CHAMBER_STAFF, language=language)
    fragment, page = fragment_and_page(client, "/applications/")
    assert fragment in page
    assert b"/indicators/people/?reason=no_card_number" in page


def test_pages_of_applications_hold_each_once_and_a_decision_comes_back_to_its_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "LISTING", replace(pages.LISTING, a_page=2))
    waiting = [submitted() for _ in range(3)]
    client = signed_in(Role.CHAMBER_STAFF)
    first = text_of(client.get("/applications/"))
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = text_of(client.get(following))
    for _person, application in waiting:
        accept = f'action="/applications/{application.pk}/accept/"'
        assert (accept in first) + (accept in second) == 1
    last = next(a for _p, a in waiting if f"/{a.pk}/accept/" in second)
    done = client.post(f"/applications/{last.pk}/accept/", {"back": following})
    assert done.headers["Location"] == following


def test_accepting_enters_the_person_once() -> None:
    fatima, application = submitted()
    client = signed_in(Role.CHAMBER_STAFF)
    sent = {"command_id": str(uuid.uuid4())}
    for _ in range(2):
        done = client.post(f"/applications/{application.pk}/accept/", sent, follow=True)
        assert b"tone-ok" in done.content
    number = Entry.objects.get(person=fatima).register_number
    assert number in done.content.decode()
    assert Progress.objects.get(person=fatima).registered


def test_refusing_needs_a_reason_and_tells_it_in_the_file() -> None:
    fatima, application = submitted()
    client = signed_in(Role.DIRECTORATE)
    address = f"/applications/{application.pk}/refuse/"
    bare = client.post(address, {f"a{application.pk}-reason": " "}, headers={"HX-Request": "true"})
    assert bare.status_code == 422
    assert b"wrong" in bare.content
    told = client.post(address, {f"a{application.pk}-reason": "Hors du métier."}, follow=True)
    assert b"tone-ok" in told.content
    assert "Hors du métier." in client.get(f"/people/{fatima.pk}/").content.decode()
    assert Progress.objects.get(person=fatima).reason == "refused"


def test_what_was_decided_meanwhile_is_told() -> None:
    _, application = submitted()
    refuse = {f"a{application.pk}-reason": "Non."}
    signed_in(Role.DIRECTORATE).post(f"/applications/{application.pk}/refuse/", refuse)
    late = signed_in(Role.CHAMBER_STAFF).post(
        f"/applications/{application.pk}/accept/", headers={"HX-Request": "true"}
    )
    assert b"tone-bad" in late.content
    assert not Entry.objects.exists()


def test_other_territories_and_roles_decide_nothing() -> None:
    _, application = submitted()
    address = f"/applications/{application.pk}/accept/"
    assert signed_in(Role.CHAMBER_STAFF, province=SETTAT).post(address).status_code == 404
    for role in (Role.COUNTER_AGENT, Role.FUND_LIAISON, Role.AUDITOR):
        client = signed_in(role)
        assert client.post(address).status_code == 404
        page = client.get("/applications/").content
        assert b"/accept/" not in page
        assert "Décision".encode() not in page
    assert not Entry.objects.exists()


def test_an_empty_list_says_so_and_the_home_page_counts() -> None:
    client = signed_in(Role.CHAMBER_STAFF)
    assert "Aucune demande en attente" in client.get("/applications/").content.decode()
    submitted()
    assert client.get("/home/").status_code == 200


def test_the_list_keeps_its_query_budget(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        submitted()
    client = signed_in(Role.CHAMBER_STAFF)
    client.get("/applications/")
    with django_assert_max_num_queries(9):
        assert client.get("/applications/").status_code == 200
