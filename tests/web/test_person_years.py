"""Years paid with the tax on a person's file: chosen, settled, explained, taken back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from tests.contributions.factories import craftworker, run
from tests.contributions.test_years import cpu, months
from tests.register.factories import AT, places
from tests.web.staff import SETTAT, in_language, signed_in

from qafila.contributions.ledger.queries import (
    ledger_imbalance,
    settlement_disagreements,
)
from qafila.contributions.models.years import YearBalance
from qafila.enrolment.models import Enrolment, TaxYear
from qafila.foundation import clock
from qafila.foundation.actors import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    places()
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


def page(client: Client, name: str, *args: int, status: int = 200) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


def settle(client: Client, held: Enrolment, tax: str = "3 000", paper: str = "Avis 7") -> int:
    address = reverse("final_tax", args=[held.person_id])
    typed = {"final-year": "2025", "final-tax_dh": tax, "final-document": paper}
    return client.post(address, typed).status_code


def test_the_year_to_come_can_be_paid_at_once() -> None:
    hassan = cpu()
    clerk = signed_in(Role.COUNTER_AGENT)
    assert "2027" in page(clerk, "person_years", hassan.person_id)
    address = reverse("choose_year_payment", args=[hassan.person_id])
    assert clerk.post(address, {}).status_code == 422
    late = clerk.post(address, {"payment-year": "2026", "payment-periodicity": "yearly"})
    assert late.status_code == 422
    sent = {"payment-year": "2027", "payment-periodicity": "yearly"}
    assert clerk.post(address, sent).status_code == 302
    assert (TaxYear.objects.get().year, TaxYear.objects.get().periodicity) == (2027, "yearly")
    assert "Toute l’année en une fois" in page(clerk, "person_years", hassan.person_id)


def test_a_final_tax_settles_the_year_and_is_explained_and_taken_back() -> None:
    hassan = cpu()
    months()
    liaison = signed_in(Role.FUND_LIAISON)
    assert settle(liaison, hassan, "trois mille") == 422
    assert settle(liaison, hassan) == 302
    assert YearBalance.objects.get().balance_centimes == 132_000
    told = page(liaison, "person_years", hassan.person_id)
    assert "de plus pour 2025" in told
    assert "Avis 7" in told
    money = page(liaison, "person_money", hassan.person_id)
    assert "Régularisation de l’année · 2025" in money
    assert "Calcul de la régularisation 2025" in money
    arabic = page(in_language(liaison, "ar"), "person_money", hassan.person_id)
    assert "تسوية السنة · 2025" in arabic
    assert settle(liaison, hassan) == 422
    back = reverse("take_back_tax", args=[hassan.person_id, hassan.pk, 2025])
    liaison.post(back, {"reason": ""})
    assert TaxYear.objects.get().final_tax_dh == 3000
    liaison.post(back, {"reason": "Avis d’une autre personne"})
    assert TaxYear.objects.get().final_tax_dh is None
    assert ledger_imbalance() == []
    assert settlement_disagreements() == []


def test_a_year_called_elsewhere_is_told_so() -> None:
    hassan = cpu()
    run(dt.date(2025, 12, 1))
    liaison = signed_in(Role.FUND_LIAISON)
    assert settle(liaison, hassan) == 302
    assert not YearBalance.objects.exists()
    assert "Demandez à la CNSS" in page(liaison, "person_years", hassan.person_id)


def test_only_the_fund_settles_and_nobody_from_elsewhere() -> None:
    hassan = cpu()
    months()
    assert settle(signed_in(Role.COUNTER_AGENT), hassan) in (403, 404)
    assert settle(signed_in(Role.FUND_LIAISON, province=SETTAT), hassan) == 404
    assert TaxYear.objects.count() == 0
    page(signed_in(Role.COUNTER_AGENT, province=SETTAT), "person_years", hassan.person_id,
         status=404)  # fmt: skip


def test_who_pays_by_the_month_is_asked_nothing() -> None:
    fatima = craftworker()
    liaison = signed_in(Role.FUND_LIAISON)
    assert "<form class=" not in page(liaison, "person_years", fatima.person_id).split("<main")[1]
    address = reverse("choose_year_payment", args=[fatima.person_id])
    assert liaison.post(address, {}).status_code == 404
