"""Arrears and anomalies: whom to call and what to do, in the territory, page by page, as files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.contributions.factories import in_arrears, run
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, places, system
from tests.web.staff import SETTAT, fragment_and_page, signed_in

from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.refreshing import refresh_arrears
from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.calls_and_ledger import WorkItem
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import WHOLE_COUNTRY, Role
from qafila.foundation.trail import acting
from qafila.people.models import Phone
from qafila.rights.queries import rights_if_paid
from qafila.rights.reopening import reopening_days
from qafila.web.anomalies.kind_words import KIND_WORDS
from qafila.web.arrears import presenter

pytestmark = pytest.mark.django_db
ON = AT.date()


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def _indebted(months: int = 2) -> Enrolment:
    """Fatima, with a phone, months behind as the fund reports."""
    enrolment = in_arrears(months)
    with acting(system(), at=AT):
        Phone.objects.create(person=enrolment.person, number="+212612345678")
    open_reported_arrears(dt.date(2026, 11, 1), actor=system(), at=AT)
    refresh_arrears(on=ON, actor=system(), at=AT)
    return enrolment


def _text(client: Any, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return str(response.content.decode())


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
@pytest.mark.parametrize("address", ["/arrears/", "/anomalies/"])
def test_the_queues_render_in_every_language(address: str, language: str) -> None:
    _indebted()
    find_anomalies(actor=system(), at=AT)
    client = signed_in(Role.FUND_LIAISON, language=language)
    assert f'lang="{language}"' in _text(client, address)
    empty = signed_in(Role.FUND_LIAISON, province=SETTAT, language=language)
    assert 'class="empty"' in _text(empty, address)


def test_a_card_tells_the_sum_the_phone_and_what_paying_brings() -> None:
    fatima = _indebted().person
    text = _text(signed_in(Role.COUNTER_AGENT), "/arrears/")
    assert "AIT LAHCEN Fatima" in text
    assert 'href="tel:+212612345678"' in text
    assert f'href="/people/{fatima.pk}/money/"' in text
    opening = rights_if_paid(fatima.pk, ON, scope=WHOLE_COUNTRY).open_from
    assert opening is not None
    assert f"{opening.day} novembre 2026" in text


@pytest.mark.parametrize("months", [0, 1, 2, 7, 14])
def test_reopening_for_many_is_what_it_is_for_one(months: int) -> None:
    people = [_indebted(months).person_id, enrolled().person_id, person().pk]
    run()
    for on in (ON, dt.date(2027, 3, 5)):
        found = reopening_days(people, on, scope=WHOLE_COUNTRY)
        wanted = {one: rights_if_paid(one, on, scope=WHOLE_COUNTRY).open_from for one in people}
        assert found == wanted


def test_reopening_looks_no_further_than_the_scope() -> None:
    from qafila.foundation.actors import Scope

    fatima = _indebted().person_id
    assert reopening_days([fatima], ON, scope=Scope(False, frozenset({SETTAT}))) == {}


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("?place=09", True), ("?place=09.001", True), ("?place=06", False),
        ("?place=06.141", False), ("?category=craftworker", True), ("?category=cpu", False),
        ("?age=0", False), ("?age=9&place=x&category=x&after=x", True),
    ],
)  # fmt: skip
def test_place_category_and_age_narrow_the_queue(question: str, found: bool) -> None:
    _indebted(3)
    text = _text(signed_in(Role.FUND_LIAISON, province=None), f"/arrears/{question}")
    assert ("AIT LAHCEN" in text) is found


def test_the_next_page_goes_on_where_the_first_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    _two_a_page(monkeypatch)
    people = [_indebted(months).person_id for months in (2, 3, 4)]
    client = signed_in(Role.FUND_LIAISON)
    first = _text(client, "/arrears/")
    assert f"/people/{people[2]}/" not in first
    following = first.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = _text(client, following)
    assert f"/people/{people[2]}/" in second
    assert f"/people/{people[0]}/" not in second


def _two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    listing = replace(presenter.LISTING, a_page=2)
    monkeypatch.setattr(presenter, "LISTING", listing)


def test_the_file_holds_what_calling_needs_and_no_name() -> None:
    fatima = _indebted(3).person
    content = signed_in(Role.COUNTER_AGENT).get("/arrears/?as=csv").content.decode("utf-8-sig")
    row = content.splitlines()[1].split(",")
    assert row[:4] == [str(fatima.pk), "0612345678", "327.04", "2"]
    assert "AIT LAHCEN" not in content
    assert fatima.card_number not in content
    elsewhere = signed_in(Role.COUNTER_AGENT, province=SETTAT).get("/arrears/?as=csv")
    assert len(elsewhere.content.splitlines()) == 1


@pytest.mark.parametrize("people", [1, 6])
def test_the_queue_asks_no_more_for_many_than_for_one(
    people: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(people):
        _indebted()
    client = signed_in(Role.FUND_LIAISON)
    client.get("/arrears/")
    with django_assert_max_num_queries(12):
        client.get("/arrears/")


def test_part_and_page_are_the_same() -> None:
    _indebted()
    fragment, page = fragment_and_page(signed_in(Role.FUND_LIAISON), "/arrears/")
    assert fragment in page


def _anomaly() -> WorkItem:
    enrolled(category="cpu")
    run()
    return WorkItem.objects.get(kind="missing_fact")


def test_a_matter_comes_with_its_remedy_and_is_ended_with_what_was_done() -> None:
    item = _anomaly()
    client = signed_in(Role.FUND_LIAISON)
    text = _text(client, "/anomalies/?kind=missing_fact")
    assert f'action="/anomalies/{item.pk}/end/"' in text
    assert f'href="/people/{item.person_id}/fund/"' in text
    client.post(f"/anomalies/{item.pk}/end/", {"outcome": "Avis reçu."})
    item.refresh_from_db()
    assert (item.state, item.outcome) == ("done", "Avis reçu.")
    assert 'class="empty"' in _text(client, "/anomalies/")


@pytest.mark.parametrize("outcome", ["", " ", "x" * 501])
def test_a_matter_is_not_ended_without_saying_what_was_done(outcome: str) -> None:
    item = _anomaly()
    client = signed_in(Role.FUND_LIAISON)
    response = client.post(f"/anomalies/{item.pk}/end/", {"outcome": outcome}, follow=True)
    assert "500" in response.content.decode()
    item.refresh_from_db()
    assert item.state == "open"


def test_a_matter_ended_by_somebody_else_meanwhile_is_told() -> None:
    item = _anomaly()
    client = signed_in(Role.FUND_LIAISON)
    for _ in range(2):
        response = client.post(f"/anomalies/{item.pk}/end/", {"outcome": "Fait."}, follow=True)
    assert "banner" in response.content.decode()


def test_counters_see_matters_but_do_not_end_them() -> None:
    item = _anomaly()
    client = signed_in(Role.COUNTER_AGENT)
    assert "/end/" not in _text(client, "/anomalies/")
    assert client.post(f"/anomalies/{item.pk}/end/", {"outcome": "x"}).status_code == 404


def test_every_kind_of_matter_has_its_word() -> None:
    assert set(KINDS) <= set(KIND_WORDS)
