"""Enrolments on the person's file: declared, confirmed, changed, ended, taken back, decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.contributions.factories import in_arrears, pay, run
from tests.enrolment.factories import enrolled, member, registered
from tests.register.factories import AT
from tests.web.staff import SETTAT, in_language, signed_in, text_of

from qafila.enrolment.models import Enrolment
from qafila.foundation.actors import Role
from qafila.foundation.models import JournalEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
SURE = {"confirm": "yes"}


def _act(one: Enrolment, verb: str) -> str:
    return reverse("enrolment_act", args=[one.person_id, one.pk, verb])


def _done(client: Client, address: str, sent: dict[str, Any]) -> str:
    """Checked first (nothing written by that), then confirmed; the page one is led to."""
    before = JournalEntry.objects.count()
    text_of(client.post(address, sent))
    assert JournalEntry.objects.count() == before
    return text_of(client.post(address, sent | SURE, follow=True))


def test_a_cessation_is_checked_done_and_taken_back() -> None:
    one = in_arrears(0)
    run()
    fund = signed_in(Role.FUND_LIAISON)
    sent = {"month": "11/2026", "reason": "Atelier fermé."}
    checked = text_of(fund.post(_act(one, "cessation"), sent))
    assert "novembre 2026" in checked
    assert "163,52" in checked  # what the month asks today
    assert "0,00" in checked  # and after the end
    assert "Les prochaines corrections l’annulent." in checked
    assert "Rien n’est encore enregistré." in checked
    assert Enrolment.objects.get().state == "enrolled"
    assert "Fin de l’immatriculation enregistrée." in _done(fund, _act(one, "cessation"), sent)
    one.refresh_from_db()
    assert (one.state, one.closed_on) == ("closed", dt.date(2026, 11, 1))
    assert "Fin annulée" in _done(fund, _act(one, "reopen"), {"reason": "Erreur de saisie."})
    one.refresh_from_db()
    assert (one.state, one.closed_on) == ("enrolled", None)
    told = JournalEntry.objects.filter(verb__startswith="enrolment.").order_by("pk")
    assert [entry.verb for entry in told] == ["enrolment.closed", "enrolment.reopened"]


def test_money_paid_for_months_after_the_end_is_told_as_a_credit() -> None:
    one = in_arrears(0)
    run()
    pay(one, 16352)
    sent = {"month": "11/2026", "reason": "Atelier fermé."}
    checked = text_of(signed_in(Role.FUND_LIAISON).post(_act(one, "cessation"), sent))
    assert "devient un avoir de la personne" in checked


def test_the_family_s_last_day_of_cover_is_told_before_the_end() -> None:
    one = in_arrears(0)
    run()
    pay(one, 16352)
    member(one.person)
    sent = {"month": "01/2027", "reason": "Retraite."}
    checked = text_of(signed_in(Role.FUND_LIAISON).post(_act(one, "cessation"), sent))
    assert checked.count("jusqu’au 31 décembre 2026") == 2  # the person's own, and the spouse's


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        ({"month": "novembre", "reason": "x"}, "id_month", "Saisissez le mois ainsi"),
        ({"month": "11/2031", "reason": "x"}, "id_month", "plus d’un an"),
        ({"month": "12/2026", "reason": ""}, "id_reason", "Saisissez le motif."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_above(
    sent: dict[str, str], field: str, told: str
) -> None:
    one = in_arrears(0)
    page = text_of(signed_in(Role.FUND_LIAISON).post(_act(one, "cessation"), sent), 422)
    assert f'href="#{field}"' in page
    assert page.count(told) == 2


def test_answers_can_be_changed_before_they_count() -> None:
    one = in_arrears(0)
    fund = signed_in(Role.FUND_LIAISON)
    sent = {"month": "12/2026", "reason": "Atelier fermé.", "change": "yes"}
    again = text_of(fund.post(_act(one, "cessation"), sent))
    assert 'value="12/2026"' in again
    assert "Atelier fermé." in again
    assert "Rien n’est encore enregistré." not in again


def test_another_category_is_shown_with_both_amounts_and_keeps_the_number() -> None:
    one = in_arrears(0)
    fund = signed_in(Role.FUND_LIAISON)
    sent = {"category": "cpu", "month": "12/2026", "tax": "3200"}
    checked = text_of(fund.post(_act(one, "category"), sent))
    assert "Contribution professionnelle unique" in checked
    assert "163,52" in checked
    assert "Catégorie modifiée." in _done(fund, _act(one, "category"), sent)
    now = Enrolment.objects.exclude(state="closed").get()
    assert (now.category, now.annual_tax_dh, now.fund_number) == ("cpu", 3200, one.fund_number)


def test_tax_facts_are_corrected_with_their_paper_only() -> None:
    one = enrolled(category="cpu", annual_tax_dh=0, assumption="lowest_tax_band")
    fund = signed_in(Role.FUND_LIAISON)
    page = text_of(fund.post(_act(one, "facts"), {"tax": "3200", "paper": ""}), 422)
    assert 'href="#id_paper"' in page
    _done(fund, _act(one, "facts"), {"tax": "3200", "paper": "Avis 12 du 15/02/2026"})
    one.refresh_from_db()
    assert (one.annual_tax_dh, one.assumption) == (3200, "")


def test_a_counter_declares_and_the_fund_confirms() -> None:
    who = registered()
    counter, fund = signed_in(Role.COUNTER_AGENT), signed_in(Role.FUND_LIAISON, province=None)
    sent = {"category": "craftworker", "month": "12/2026"}
    assert "Déclarer à la CNSS" in text_of(counter.get(reverse("person_fund", args=[who.pk])))
    _done(counter, reverse("declare_enrolment", args=[who.pk]), sent)
    one = Enrolment.objects.get()
    assert one.state == "declared"
    page = text_of(fund.post(_act(one, "confirm"), {"number": "12"}), 422)
    assert 'href="#id_number"' in page
    told = _done(fund, _act(one, "confirm"), {"number": "123456789"})
    assert "Immatriculation confirmée." in told
    one.refresh_from_db()
    assert (one.state, one.fund_number) == ("enrolled", "123456789")
    assert counter.get(_act(one, "cessation")).status_code == 404


def test_the_fund_refuses_and_the_person_can_be_declared_again() -> None:
    one = enrolled(only_declared=True)
    fund = signed_in(Role.FUND_LIAISON)
    told = _done(fund, _act(one, "refuse"), {"reason": "Déjà salarié."})
    assert "Refus enregistré" in told
    one.refresh_from_db()
    assert (one.state, one.closed_on) == ("closed", one.effective_from)
    assert reverse("declare_enrolment", args=[one.person_id]) in told


def test_of_two_enrolments_that_met_one_goes_on() -> None:
    one = in_arrears(0)
    other = enrolled(one.person, undecided_since=AT.date())
    fund = signed_in(Role.FUND_LIAISON)
    page = text_of(fund.get(reverse("person_fund", args=[one.person_id])))
    assert "Une fusion a réuni deux immatriculations" in page
    _done(fund, _act(one, "decide"), {"month": "12/2026", "reason": "Un seul métier."})
    other.refresh_from_db()
    assert (other.state, other.undecided_since) == ("closed", None)


def test_a_dead_end_is_no_end_to_take_back() -> None:
    one = enrolled(state="closed", closed_on=dt.date(2026, 11, 1))
    enrolled(one.person, effective_from=dt.date(2026, 11, 1))
    page = text_of(
        signed_in(Role.FUND_LIAISON).post(_act(one, "reopen"), {"reason": "Erreur."}), 422
    )
    assert "a pris la suite" in page


def test_the_page_speaks_arabic_and_keeps_its_query_budget(
    django_assert_max_num_queries: Any,
) -> None:
    one = in_arrears(0)
    fund = in_language(signed_in(Role.FUND_LIAISON), "ar")
    address = reverse("person_fund", args=[one.person_id])
    with django_assert_max_num_queries(12):
        page = text_of(fund.get(address))
    assert "توقف النشاط" in page
    with django_assert_max_num_queries(12):
        fund.get(_act(one, "cessation"))


def test_outside_the_territory_there_is_nothing() -> None:
    one = in_arrears(0)
    elsewhere = signed_in(Role.FUND_LIAISON, province=SETTAT)
    assert elsewhere.get(_act(one, "cessation")).status_code == 404
    other = in_arrears(0)
    mine = signed_in(Role.FUND_LIAISON)
    strange = reverse("enrolment_act", args=[one.person_id, other.pk, "cessation"])
    assert mine.get(strange).status_code == 404
    assert mine.get(_act(one, "nothing")).status_code == 404


def test_only_the_facts_of_the_category_are_asked_for() -> None:
    fund = signed_in(Role.FUND_LIAISON)
    taxed = text_of(fund.get(_act(enrolled(category="cpu", annual_tax_dh=0), "facts")))
    assert ('name="tax"' in taxed, 'name="regime"' in taxed) == (True, False)
    accounts = enrolled(category="accounts", regime="rnr", annual_profit_dh=90_000)
    page = text_of(fund.get(_act(accounts, "facts")))
    assert ('name="tax"' in page, 'name="profit"' in page) == (False, True)
