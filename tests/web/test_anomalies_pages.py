"""The proofs about people as queues: each matter leads who can mend it to where it is mended."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.contributions.factories import in_arrears, pay
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, agent, places, system
from tests.web.staff import in_language, signed_in, text_of

from qafila.contributions.account.receipts import receipt_number
from qafila.contributions.anomalies.actions import find_anomalies
from qafila.contributions.anomalies.kinds import KINDS
from qafila.contributions.models.calls_and_ledger import Payment, WorkItem
from qafila.enrolment.models import LifeEvent
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.models import JournalEntry
from qafila.foundation.trail import acting
from qafila.institutions.role_names import STAFF_ROLES
from qafila.people.models import Person, Phone
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
    assert 'aria-current="true">À moi de corriger' in mine
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
    (end,) = re.findall(r'action="(/anomalies/\d+/end/)"', page)
    sent = {"outcome": "Clos.", "back": address}
    response: Any = fund.post(end, sent)
    assert response.headers["Location"] == address
    ended = _text(fund, f"{reverse('anomalies')}?state=done")
    assert "Clos." in ended
    assert 'action="/anomalies/reopen/"' in ended
    assert "/end/" not in ended


def test_the_home_page_counts_one_s_own_matters() -> None:
    _dead_but_enrolled()
    find_anomalies(actor=system(), at=AT)
    home = _text(in_language(signed_in(Role.CHAMBER_STAFF), "ar"), reverse("home"))
    assert f"{reverse('anomalies')}?kind=dead_but_registered" in home


def test_the_queue_keeps_its_query_budget(django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        in_arrears(0)
    find_anomalies(actor=system(), at=AT)
    fund = signed_in(Role.FUND_LIAISON)
    with django_assert_max_num_queries(13):
        _text(fund, reverse("anomalies"))


def _three_never_paid() -> list[int]:
    for _ in range(3):
        in_arrears(0)
    with acting(system(), at=AT):
        for one in Person.objects.order_by("pk"):
            WorkItem.objects.create(
                kind="never_paid", person=one, found_at=AT, details={"months": 4}, region_code="09"
            )
    return list(WorkItem.objects.order_by("pk").values_list("pk", flat=True))


def test_many_are_asked_first_then_ended_and_opened_again_with_one_touch() -> None:
    items = _three_never_paid()
    fund = signed_in(Role.FUND_LIAISON)
    rows = "/anomalies/?kind=never_paid&sort=kind"
    page = _text(fund, rows)
    assert page.count('name="key"') == 3
    sent = {"key": [str(one) for one in items[:2]], "back": rows}
    asked = text_of(fund.post("/anomalies/end/", sent))
    assert "Clôturer 2 anomalies" in asked
    assert WorkItem.objects.filter(state="open").count() == 3
    told: Any = fund.post("/anomalies/end/", {**sent, "outcome": "Appelées."}, follow=True)
    assert WorkItem.objects.filter(state="done", outcome="Appelées.").count() == 2
    undo = re.findall(r'name="ended" value="([^"]+)"', told.content.decode())
    again = fund.post("/anomalies/reopen/", {"ended": undo[0], "back": rows})
    assert again.headers["Location"] == rows
    assert WorkItem.objects.filter(state="open", outcome="", ended_by=None).count() == 3
    verbs = JournalEntry.objects.filter(verb__startswith="contributions.work_item_")
    assert sorted(verbs.values_list("verb", flat=True)) == [
        *["contributions.work_item_ended"] * 2,
        *["contributions.work_item_reopened"] * 2,
    ]


def test_all_of_a_filter_are_ended_but_those_that_need_a_second_person() -> None:
    items = _three_never_paid()
    with acting(system(), at=AT):
        WorkItem.objects.filter(pk=items[0]).update(kind="number_of_another")
    fund = signed_in(Role.FUND_LIAISON)
    sent = {"all": "yes", "asked": "kind=all", "outcome": "Vues.", "back": "/anomalies/"}
    text_of(fund.post("/anomalies/end/", {k: v for k, v in sent.items() if k != "outcome"}))
    told = text_of(fund.post("/anomalies/end/", sent, follow=True))
    assert WorkItem.objects.filter(state="done").count() == 2
    assert "1 a été laissée" in told
    elsewhere = signed_in(Role.FUND_LIAISON, province="06.141")
    told = text_of(elsewhere.post("/anomalies/end/", sent, follow=True))
    assert "Cochez" in told


def test_what_was_found_anew_meanwhile_is_not_opened_twice() -> None:
    (item, *_rest) = _three_never_paid()
    fund = signed_in(Role.FUND_LIAISON)
    fund.post(f"/anomalies/{item}/end/", {"outcome": "Vu."})
    ended = WorkItem.objects.get(pk=item)
    with acting(system(), at=AT):
        WorkItem.objects.create(
            kind="never_paid", person=ended.person, found_at=AT, details={}, region_code="09"
        )
    fund.post("/anomalies/reopen/", {"key": item})
    assert WorkItem.objects.get(pk=item).state == "done"


def test_paid_twice_shows_both_payments_with_their_receipts_and_a_phone() -> None:
    one = in_arrears(0)
    with acting(system(), at=AT):
        Phone.objects.create(person=one.person, number="+212612345678")
    for number, reference in enumerate(("R1", "R2")):
        pay(one, 5000, AT.date() - dt.timedelta(days=2 - number), reference=reference)
    find_anomalies(actor=system(), at=AT)
    page = _text(signed_in(Role.FUND_LIAISON), "/anomalies/?kind=paid_twice")
    payments = list(Payment.objects.order_by("pk"))
    assert len(payments) == 2
    for payment in payments:
        assert f'href="/payments/{payment.pk}/"' in page
        assert receipt_number(payment.pk) in page
    assert 'href="tel:+212612345678"' in page


def test_closed_matters_say_who_when_and_why() -> None:
    (item, *_rest) = _three_never_paid()
    fund = signed_in(Role.FUND_LIAISON)
    fund.post(f"/anomalies/{item}/end/", {"outcome": "Visitée chez elle."})
    closed = _text(fund, "/anomalies/?state=done")
    for told in ("Visitée chez elle.", "Agent fund_liaison", "22 novembre 2026"):
        assert told in closed
    rows = b"".join(fund.get("/anomalies/?state=done&as=csv")).decode("utf-8-sig").splitlines()
    assert len(rows) == 2


@pytest.mark.parametrize("asked", ["kind=%00", "place=%00", "state=open%27", "kind=nothing"])
def test_a_filter_that_is_none_widens_nothing(asked: str) -> None:
    _three_never_paid()
    sent = {"all": "yes", "asked": asked}
    fund = signed_in(Role.FUND_LIAISON)
    assert "Cochez" in text_of(fund.post("/anomalies/end/", sent, follow=True))


def test_a_moment_out_of_range_opens_nothing_again() -> None:
    client = signed_in(Role.FUND_LIAISON, province=None)
    answer = client.post("/anomalies/reopen/", {"ended": "9999-12-31T23:59:59-23:59"})
    assert answer.status_code == 302
