"""Life after death on pages: the family's last day, the heirs' money; months opened again."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from tests.contributions.factories import craftworker, in_arrears, pay, run
from tests.enrolment.factories import member
from tests.register.factories import AT, person, system
from tests.web.staff import in_language, signed_in, text_of

from qafila.contributions.ledger.closed_months import last_closed_month
from qafila.contributions.models.refunds import Refund
from qafila.enrolment.family.life_events import NewEvent, tell_life_event
from qafila.foundation.actors import Role
from qafila.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
SURE = {"confirm": "yes"}


def _dead() -> Person:
    """A covered woman with a husband, who had paid ahead, and died."""
    one = in_arrears(0)
    run()
    pay(one, 50_000)
    member(one.person)
    event = NewEvent("death", dt.date(2026, 11, 10), document="Acte 77")
    tell_life_event(insured_id=one.person_id, event=event, actor=system(), at=AT)
    return one.person


def test_the_file_says_deceased_and_each_member_s_last_day() -> None:
    dead = _dead()
    counter = signed_in(Role.COUNTER_AGENT)
    for address in (reverse("person", args=[dead.pk]), reverse("family_rights", args=[dead.pk])):
        page = text_of(counter.get(address))
        assert "Décès le 10 novembre 2026" in page
        assert "Dernier jour de couverture" in page
        assert "Payé d’avance" in page
        assert "La famille reste couverte jusqu’au 9 novembre 2028 inclus." in page
        assert "Après le décès, la famille est couverte jusqu'au 09/11/2028 inclus." in page
    assert reverse("person_refund", args=[dead.pk]) not in page


def test_money_paid_ahead_goes_to_an_heir_with_the_deed() -> None:
    dead = _dead()
    fund = in_language(signed_in(Role.FUND_LIAISON), "ar")
    address = reverse("person_refund", args=[dead.pk])
    assert address in text_of(fund.get(reverse("person", args=[dead.pk])))
    sent = {"amount": "100,00", "reason": "وفاة"}
    page = text_of(fund.post(address, sent), 422)
    assert 'href="#id_heir"' in page
    assert fund.post(address, {**sent, "heir": "علي", "heir_document": "رسم 9"}).status_code == 302
    assert Refund.objects.get().person_id == dead.pk


def test_a_closed_month_is_opened_again_by_a_second_person() -> None:
    craftworker()
    run(dt.date(2026, 10, 1))
    run()
    one, other = (signed_in(Role.FUND_LIAISON, province=None) for _ in range(2))
    one.post(reverse("close_month", args=["2026-10"]), SURE)
    ask = reverse("reopen_month", args=["2026-10"])
    assert ask in text_of(one.get(reverse("books")))
    assert "seconde personne" in text_of(one.post(ask, {"reason": "Relevé tardif."}))
    one.post(ask, {"reason": "Relevé tardif."} | SURE)
    confirm = reverse("decide_reopening", args=["2026-10", "confirm"])
    assert confirm not in text_of(one.get(reverse("books")))
    assert 'class="banner tone-bad"' in text_of(one.post(confirm, SURE), 422)
    assert "Relevé tardif." in text_of(other.get(reverse("books")))
    assert "Mois rouvert" in text_of(other.post(confirm, SURE, follow=True))
    assert last_closed_month() == dt.date(2026, 9, 1)


def test_a_household_is_written_down_and_asked_when_somebody_moves() -> None:
    one, other = person(), person()
    counter = signed_in(Role.COUNTER_AGENT)
    join = reverse("join_household", args=[one.pk])
    sent = {"other": str(other.pk), "document": "Certificat 12"}
    assert "Un seul foyer" in text_of(counter.post(join, sent))
    counter.post(join, sent | SURE)
    page = text_of(counter.get(reverse("person_family", args=[one.pk])))
    assert "Vit avec" in page
    leave = reverse("leave_household", args=[one.pk])
    counter.post(leave, {"document": "Certificat 13"} | SURE)
    one.refresh_from_db()
    assert one.household_id is None
