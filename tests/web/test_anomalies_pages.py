"""The proofs about people as queues: each matter leads who can mend it to where it is mended."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.contributions.factories import in_arrears
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, places, system
from tests.web.staff import in_language, signed_in

from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.kinds import KINDS
from qafila.enrolment.models import LifeEvent
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.institutions.role_names import STAFF_ROLES
from qafila.people.ports import proofs
from qafila.people.proofs import prove_people
from qafila.web.anomalies.kind_words import KIND_WORDS, REMEDIES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def _text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return html.unescape(response.content.decode())


def _in_french(sentence: object) -> str:
    with translation.override("fr"):
        return str(sentence)


def test_every_kind_has_its_words_and_a_page_where_somebody_mends_it() -> None:
    assert set(proofs) <= set(KINDS)
    missing = set(KINDS) - set(REMEDIES)
    assert not missing, f"Say in web/anomalies/kind_words.py where {sorted(missing)} are mended."
    assert set(KIND_WORDS) == set(REMEDIES)
    for kind, page in REMEDIES.items():
        assert reverse(page.url_name, args=[7])
        assert any(
            page.may(agent(role), None) or page.may(agent(role, provinces=("09.001",)), "09.001")
            for role in STAFF_ROLES
        ), kind


def _dead_but_enrolled() -> Any:
    one = enrolled()
    with acting(system(), at=AT):
        LifeEvent.objects.create(
            person=one.person, kind="death", since=AT.date(), document="Acte 9", told_at=AT
        )
    return one.person


def test_what_the_proofs_find_is_a_queue_for_who_mends_it() -> None:
    who = _dead_but_enrolled()
    found = {one.code: one.count for one in prove_people()}
    assert found["dead_but_enrolled"] == found["dead_but_registered"] == 1
    find_anomalies(actor=system(), at=AT)
    fund, chamber = signed_in(Role.FUND_LIAISON), signed_in(Role.CHAMBER_STAFF)
    address = reverse("anomalies")
    mine = _text(fund, address)
    assert 'aria-current="page">À moi de corriger' in mine
    assert reverse("person_fund", args=[who.pk]) in mine
    assert reverse("person_register", args=[who.pk]) not in mine
    assert reverse("person_register", args=[who.pk]) in _text(chamber, address)
    everything = _text(fund, f"{address}?kind=all")
    assert _in_french(KINDS["dead_but_registered"].matter) in everything


def test_one_kind_says_once_what_it_is_and_keeps_its_place_after_an_end() -> None:
    _dead_but_enrolled()
    find_anomalies(actor=system(), at=AT)
    fund = signed_in(Role.FUND_LIAISON)
    address = f"{reverse('anomalies')}?kind=dead_but_enrolled"
    page = _text(fund, address)
    assert page.count(_in_french(KINDS["dead_but_enrolled"].remedy)) == 1
    end = page.split('action="')[-1].split('"')[0]
    sent = {"outcome": "Clos.", "kind": "dead_but_enrolled"}
    response = fund.post(end, sent)
    assert response.headers["Location"] == address
    ended = _text(fund, f"{reverse('anomalies')}?state=done")
    assert "Clos." in ended
    assert "<details" not in ended.split("<main")[1].split("</main>")[0]


def test_the_home_page_counts_one_s_own_matters() -> None:
    _dead_but_enrolled()
    find_anomalies(actor=system(), at=AT)
    home = _text(in_language(signed_in(Role.CHAMBER_STAFF), "ar"), reverse("home"))
    assert "اختلالات يتعين تصحيحها" in home


def test_the_queue_keeps_its_query_budget(django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        in_arrears(0)
    find_anomalies(actor=system(), at=AT)
    fund = signed_in(Role.FUND_LIAISON)
    with django_assert_max_num_queries(12):
        _text(fund, reverse("anomalies"))
