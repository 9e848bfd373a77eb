"""A payment noted from its receipt at a counter: on the file, in the list, confirmed, undone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.contributions.factories import craftworker, pay
from tests.contributions.test_notes import PAID
from tests.register.factories import AT, places
from tests.web.staff import SETTAT, in_language, signed_in

from qafila.contributions.models.calls_and_ledger import Payment
from qafila.contributions.models.notes import PaymentNote
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import Role

pytestmark = pytest.mark.django_db
RECEIPT = {
    "amount": "163,52", "paid_on": "10/11/2026", "channel": "relay_point", "reference": "T-77",
    "place": "Agence, Tiznit",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stage(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    places()
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


def noted(client: Client, held: Enrolment, **said: str) -> int:
    address = reverse("person_note", args=[held.person_id])
    return client.post(address, {**RECEIPT, **said}).status_code


def page(client: Client, name: str, *args: int) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_a_receipt_is_noted_shown_and_confirmed_by_the_money() -> None:
    fatima = craftworker()
    clerk = signed_in(Role.COUNTER_AGENT)
    assert "Saisir un reçu" in page(clerk, "person_money", fatima.person_id)
    assert "Rendez le reçu" in page(clerk, "person_note", fatima.person_id)
    assert noted(clerk, fatima) == 302
    assert not Payment.objects.exists()
    money = page(clerk, "person_money", fatima.person_id)
    assert "Reçus saisis, à confirmer" in money
    assert "Agence, Tiznit" in money
    assert "T-77" in page(clerk, "payment_notes")
    assert "في انتظار التأكيد" in page(in_language(clerk, "ar"), "person_money", fatima.person_id)
    pay(fatima, 16_352, PAID, reference="T-77", channel="relay_point")
    assert "à confirmer" not in page(in_language(clerk, "fr"), "person_money", fatima.person_id)
    assert "T-77" not in page(clerk, "payment_notes")


def test_a_receipt_whose_money_came_is_told_so() -> None:
    fatima = craftworker()
    pay(fatima, 16_352, PAID)
    clerk = signed_in(Role.COUNTER_AGENT)
    address = reverse("person_note", args=[fatima.person_id])
    response = clerk.post(address, RECEIPT, follow=True)
    assert "est déjà enregistré dans le compte" in response.content.decode()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"reference": "", "place": ""}, "numéro du reçu"),
        ({"amount": "beaucoup"}, "163,52"),
        ({"paid_on": "demain"}, "30/11/2026"),
        ({"channel": ""}, "Choisissez"),
    ],
)
def test_what_is_missing_is_asked_for(said: dict[str, str], words: str) -> None:
    fatima = craftworker()
    clerk = signed_in(Role.COUNTER_AGENT)
    response = clerk.post(reverse("person_note", args=[fatima.person_id]), {**RECEIPT, **said})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not PaymentNote.objects.exists()


def test_a_mistaken_note_is_taken_back_from_the_file_and_the_list() -> None:
    fatima = craftworker()
    clerk = signed_in(Role.COUNTER_AGENT)
    for number, start in enumerate(("file", "list")):
        noted(clerk, fatima, reference=f"T-{number}")
        note = PaymentNote.objects.get(state="noted")
        address = reverse("take_back_note", args=[fatima.person_id, note.pk])
        back = {"back": reverse("payment_notes")} if start == "list" else {}
        clerk.post(address, {"reason": " "})
        assert PaymentNote.objects.get(pk=note.pk).state == "noted"
        response = clerk.post(address, {"reason": "Erreur", **back})
        assert response.status_code == 302
        assert ("noted/" in response["Location"]) is (start == "list")
        assert PaymentNote.objects.get(pk=note.pk).state == "taken_back"


def test_who_may_note_and_who_may_look() -> None:
    fatima = craftworker()
    assert noted(signed_in(Role.DIRECTORATE), fatima) in (403, 404)
    assert noted(signed_in(Role.COUNTER_AGENT, province=SETTAT), fatima) == 404
    assert noted(signed_in(Role.COUNTER_AGENT), fatima) == 302
    assert "T-77" not in page(signed_in(Role.COUNTER_AGENT, province=SETTAT), "payment_notes")
    auditor = signed_in(Role.AUDITOR, province=None)
    assert "T-77" in page(auditor, "payment_notes")
    assert "take_back" not in page(auditor, "payment_notes")
    assert "/back/" not in page(auditor, "payment_notes")


def test_the_list_of_notes_is_the_tab_one_is_on() -> None:
    client = in_language(signed_in(Role.FUND_LIAISON), "fr")
    shown = page(client, "payment_notes")
    current = re.findall(
        r'aria-current="page"[^>]*>\s*(?:<svg.*?</svg>)?\s*(?:<span>)?([^<]+)', shown
    )
    assert {one.strip() for one in current} == {"Reçus saisis"}
