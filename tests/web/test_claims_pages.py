"""Claims on the pages: declared at a counter, carried on by the fund, told to the person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.api.factories import insured
from tests.care.factories import AT, claim, tariffs
from tests.enrolment.factories import member
from tests.register.factories import places
from tests.web.staff import AGADIR, SETTAT, fragment_and_page, signed_in

from qafila.care.models import Claim
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.models import JournalEntry
from qafila.people.models import Person

pytestmark = pytest.mark.django_db
SURE = {"confirm": "yes"}
CARE = {"act_code": "CS", "care_on": "2026-11-02", "place": "private", "paid": "200"}


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    tariffs()
    with clock.stopped_at(AT):
        yield


def fatima(**fields: Any) -> Person:
    return insured(province_id=AGADIR, **fields)


def told(response: Any) -> str:
    assert response.status_code == 200, response.content
    text = response.content.decode()
    return re.sub(r"[\u00a0\u202f]", " ", text).replace("&#x27;", "'")


def do(client: Client, one: Claim, verb: str, **typed: str) -> Any:
    fields = {f"{verb}-{name}": value for name, value in typed.items()}
    return client.post(f"/claims/{one.pk}/{verb}/", fields, follow=True)


def test_from_the_counter_to_the_payment() -> None:
    person = fatima()
    counter = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{person.pk}/claims/declare/"
    assert "Consultation du médecin spécialiste" in told(counter.get(address))
    checked = told(counter.post(address, {**CARE, "documents": "3"}))
    assert "Serait remboursé" in checked
    assert not Claim.objects.exists()
    page = told(counter.post(address, {**CARE, "documents": "3", **SURE}, follow=True))
    assert "Dossier déclaré." in page
    one = Claim.objects.get()
    assert (one.paid_by_person_centimes, one.documents, one.place) == (20_000, 3, "private")
    assert "Il reste 41 jours." in page
    assert "Étudier" not in page
    assert "Réception des pièces enregistrée." in told(do(counter, one, "receive"))
    fund = signed_in(Role.FUND_LIAISON, province=None)
    assert f"/claims/{one.pk}/" in told(fund.get("/claims/"))
    assessed = told(do(fund, one, "assess"))
    assert "105 DH" in assessed
    paid = told(do(fund, one, "pay", reference="V-2026-77"))
    assert "Dossier " in paid
    assert "105,00 DH payés le 22/11/2026" in paid
    one.refresh_from_db()
    assert (one.state, one.payment_reference) == ("paid", "V-2026-77")
    assert "Remboursé" in told(counter.get(f"/people/{person.pk}/claims/"))


def test_refused_appealed_granted() -> None:
    one = claim("received", insured=fatima())
    fund, counter = signed_in(Role.FUND_LIAISON, province=None), signed_in(Role.COUNTER_AGENT)
    empty = do(fund, one, "refuse", reason="")
    assert empty.status_code == 422
    assert "<details open>" in empty.content.decode()
    told(do(fund, one, "refuse", reason="Ordonnance absente."))
    page = told(counter.get(f"/claims/{one.pk}/"))
    assert "Ordonnance absente." in page
    told(do(counter, one, "appeal", reason="La voici."))
    told(do(fund, one, "grant", waive_deadline="on"))
    one.refresh_from_db()
    assert (one.state, one.deadline_waived) == ("received", True)


def test_the_same_care_of_a_day_is_asked_about_with_the_earlier_claim() -> None:
    person = fatima()
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{person.pk}/claims/declare/"
    data = {**CARE, "documents": "1"}
    client.post(address, data | SURE)
    one = Claim.objects.get()
    asked = client.post(address, data)
    assert asked.status_code == 422
    page = asked.content.decode()
    assert f'href="/claims/{one.pk}/"' in page
    assert 'type="checkbox" name="another_time"' in page
    assert 'type="checkbox" name="another_time"' not in told(client.get(address))
    told(client.post(address, {**data, "another_time": "on", **SURE}, follow=True))
    assert Claim.objects.filter(another_time=True).count() == 1


def test_what_a_doctor_would_ask_is_said_before_and_parks_the_claim() -> None:
    person = fatima()
    counter, fund = signed_in(Role.COUNTER_AGENT), signed_in(Role.FUND_LIAISON, province=None)
    data = {**CARE, "paid": "90000", "documents": "1"}
    address = f"/people/{person.pk}/claims/declare/"
    assert "médecin" in told(counter.post(address, data))
    counter.post(address, data | SURE)
    one = Claim.objects.get()
    do(counter, one, "receive")
    parked = told(do(fund, one, "assess"))
    assert "À examiner par un médecin de la CNSS" in parked
    assert "Enregistrer le paiement" not in parked
    told(do(fund, one, "agree", reason="Prothèse rare."))
    assert "Enregistrer le paiement" in told(do(fund, one, "assess"))


def test_a_mistaken_decision_is_undone() -> None:
    one = claim("refused", insured=fatima())
    fund = signed_in(Role.FUND_LIAISON, province=None)
    told(do(fund, one, "undo", reason="Une erreur."))
    assert Claim.objects.get().state == "received"
    assert JournalEntry.objects.filter(verb="care.decision_undone").exists()


def test_what_the_rules_refuse_is_told_and_changes_nothing() -> None:
    one = claim("received", insured=fatima(status="suspended"))
    fund = signed_in(Role.FUND_LIAISON, province=None)
    assessed = told(do(fund, one, "assess"))
    assert "Enregistrer le paiement" not in assessed
    assert "Étudier de nouveau" in assessed
    assert re.search(r"<textarea[^>]*>\s*Les droits n’étaient pas ouverts", assessed)
    page = told(do(fund, one, "pay", reference="V1"))
    assert "Les droits n’étaient pas ouverts" in page
    assert Claim.objects.get().state == "assessed"
    assert fund.post(f"/claims/{one.pk}/burn/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"paid": "beaucoup"}, "beaucoup"),
        ({"paid": ""}, "Saisissez le montant payé."),
        ({"act_code": ""}, "Choisissez l’acte."),
        ({"act_code": "NONE"}, "n’a pas de tarif de référence"),
        ({"care_on": "2026-12-24"}, "24"),
        ({"care_on": "hier"}, "hier"),
        ({"place": ""}, "Choisissez le lieu des soins."),
        ({"illness": "rhume"}, "rhume"),
        ({"documents": "-1"}, "0"),
        ({"documents": "100"}, "99"),
        ({"paid": "0"}, "au-dessus de zéro"),
    ],
)
def test_a_wrong_declaration_keeps_what_was_typed(typed: dict[str, str], sentence: str) -> None:
    address = f"/people/{fatima().pk}/claims/declare/"
    client = signed_in(Role.COUNTER_AGENT)
    response = client.post(address, {**CARE, "documents": "1", **typed})
    assert response.status_code == 422
    summary = re.search(r'role="alert".*?</ul>', response.content.decode(), re.DOTALL)
    assert summary is not None
    assert not Claim.objects.exists()


@pytest.mark.parametrize("paid", ["1e3", "1.500", "12-3", "NaN"])
def test_an_amount_that_may_be_two_is_asked_about(paid: str) -> None:
    address = f"/people/{fatima().pk}/claims/declare/"
    client = signed_in(Role.COUNTER_AGENT)
    response = client.post(address, {**CARE, "documents": "1", "paid": paid} | SURE)
    assert response.status_code == 422
    assert 'href="#id_paid"' in response.content.decode()
    assert not Claim.objects.exists()


def test_a_child_s_care_is_claimed_for_the_child() -> None:
    person = fatima(sex="M")
    child = member(person, "declared", "child")
    client = signed_in(Role.COUNTER_AGENT)
    address = f"/people/{person.pk}/claims/declare/"
    assert f'value="{child.person_id}"' in told(client.get(address))
    data = {**CARE, "documents": "1", "patient": str(child.person_id)}
    told(client.post(address, data | SURE, follow=True))
    assert Claim.objects.get().patient_id == child.person_id
    strange = client.post(address, {**data, "patient": str(insured(card="JB9").pk)})
    assert strange.status_code == 422


def test_the_queue_by_state_and_territory() -> None:
    late = claim("declared", insured=fatima())
    page = told(signed_in(Role.COUNTER_AGENT).get("/claims/"))
    assert f"/claims/{late.pk}/" in page
    elsewhere = signed_in(Role.COUNTER_AGENT, province=SETTAT)
    assert f"/claims/{late.pk}/" not in told(elsewhere.get("/claims/"))
    assert elsewhere.get(f"/claims/{late.pk}/").status_code == 404
    fund = signed_in(Role.FUND_LIAISON, province=None)
    for query in ("?state=declared", "?state=nonsense&page=x", "?state=paid&page=99999999"):
        told(fund.get(f"/claims/{query}"))
    assert f"/claims/{late.pk}/" in told(fund.get("/claims/?state=declared"))
    assert "Aucun dossier en attente ici" in told(fund.get("/claims/?state=declared&after=25"))


def test_an_auditor_looks_and_changes_nothing() -> None:
    one = claim("received", insured=fatima())
    auditor = signed_in(Role.AUDITOR, province=None)
    page = told(auditor.get(f"/claims/{one.pk}/"))
    assert "move" not in page
    assert f"/claims/{one.pk}/assess/" not in page
    assert auditor.post(f"/claims/{one.pk}/assess/").status_code == 404
    assert auditor.get(f"/people/{one.insured_id}/claims/declare/").status_code == 404


def test_the_statement_is_a_paper() -> None:
    one = claim("paid", insured=fatima())
    response = signed_in(Role.COUNTER_AGENT).get(f"/people/{one.insured_id}/claims/statement/")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store"
    assert response.content.startswith(b"%PDF")


def test_an_estimate_for_anyone_tells_amount_and_reasons() -> None:
    client = signed_in(Role.COUNTER_AGENT)
    assert "Le remboursement s’affiche ici" in told(client.get("/estimate/"))
    page = told(
        client.get("/estimate/", {**CARE, "act_code": "ACC-N", "place": "public", "paid": ""})
    )
    assert "2 700,00 DH" in page
    assert "sans plafond annuel" in page
    assert "fictifs (démonstration)" in page
    wrong = client.get("/estimate/", {**CARE, "care_on": "2015-01-01"})
    assert wrong.status_code == 422
    assert "n’a pas de tarif de référence" in wrong.content.decode().replace("&#x27;", "'")


def test_no_answer_stays_beside_a_changed_question() -> None:
    """While a question is changed, what is complete is worked out anew and the rest withdrawn."""
    client = signed_in(Role.COUNTER_AGENT)
    changing = {"HX-Request": "true", "HX-Trigger": "estimate-questions"}
    asked = {**CARE, "act_code": "ACC-N", "place": "public", "paid": ""}
    complete = client.get("/estimate/", asked, headers=changing)
    assert "the-answer" in complete.text
    assert "autofocus" not in complete.text
    unfinished = client.get("/estimate/", {**asked, "care_on": "31/1"}, headers=changing)
    assert unfinished.status_code == 200
    assert "the-answer" not in unfinished.text
    assert 'value="31/1"' in unfinished.text
    assert "autofocus" in client.get("/estimate/", asked).text


def test_an_estimate_for_a_person_follows_the_rights_of_the_day() -> None:
    client = signed_in(Role.COUNTER_AGENT)
    opened, held = fatima(), fatima(card="JB2", status="suspended")
    assert "105 DH" in told(client.get(f"/people/{opened.pk}/estimate/", CARE))
    page = told(client.get(f"/people/{held.pk}/estimate/", CARE))
    assert "Les droits n’étaient pas ouverts" in page
    assert re.search(r">\s*0,00 DH\s*<", page)


@pytest.mark.parametrize("path", ["/estimate/", "/estimate/?act_code=CS&care_on=2026-11-02"
                                  "&place=public"])  # fmt: skip
def test_the_fragment_is_part_of_the_page(path: str) -> None:
    fragment, page = fragment_and_page(signed_in(Role.COUNTER_AGENT), path)
    assert fragment in page


def test_the_home_page_counts_the_claims_that_wait_for_the_role() -> None:
    for state in ("declared", "received", "appealed", "paid"):
        claim(state, insured=fatima(card=f"JB{state}"))
    waiting = re.compile(r'href="/claims/".*?<p class="big">(\d+)</p>', re.DOTALL)
    for role, province, number in (
        (Role.COUNTER_AGENT, AGADIR, "1"),
        (Role.FUND_LIAISON, None, "2"),
        (Role.CHAMBER_STAFF, SETTAT, ""),  # nothing waits: told in one line with the rest
    ):
        cards = told(signed_in(role, province=province).get("/home/")).partition("<h1>")[2]
        found = waiting.search(cards)
        assert (found[1] if found else "") == number, role
    auditor = told(signed_in(Role.AUDITOR, province=None).get("/home/"))
    assert 'href="/claims/"' not in auditor.partition("<h1>")[2]


def test_pages_take_few_queries(django_assert_max_num_queries: Any) -> None:
    person = fatima()
    for number in range(30):
        claim("declared", insured=person, paid_by_person_centimes=10_000 + number)
    one = Claim.objects.first()
    assert one is not None
    # The first look at a person is written down, and keeps the budget too.
    for path in ("/claims/?state=declared", f"/people/{person.pk}/claims/", f"/claims/{one.pk}/"):
        client = signed_in(Role.FUND_LIAISON, province=None)
        client.get("/")
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
