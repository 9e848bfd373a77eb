"""Every reversible act of a file offers the way back on the next page; the others say why not."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.accompaniment.factories import refresh, with_family
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, person, places
from tests.web.permission_table import CHANGES
from tests.web.staff import signed_in

from qafila.accompaniment.models import Progress
from qafila.enrolment.models import Enrolment
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.people.models import Consent, Person
from qafila.web.people.file_sections import SECTION_OF

pytestmark = pytest.mark.django_db

# Act → the address of its way back, which the page after it offers.
OFFERED = {
    "person_correct": "undo_correction",
    "person_contact": "undo_contact",
    "no_family": "undo_no_family",
    "person_note": "take_back_note",
    "person_plan": "end_plan",
    "person_consent": "person_consent",
    "ask_erase": "decide_erase",
    "final_tax": "take_back_tax",
    "tell_event": "take_back_event",
    "tell_member_event": "take_back_event",
    "declare_member": "remove_member",
    "join_household": "leave_household",
    "leave_household": "join_household",
    "declare_claim": "move_claim",
    "merge_files": "undo_merge",
    "part_pair": "undo_decision",
    "separate_row": "undo_decision",
    "undo_merge": "merge_files",
}
# Act → where the way back stands on the page that the act leads to, among its other buttons.
ON_THE_PAGE = {
    "person_payment": "the payment's own page takes it back, with the day and the reason",
    "person_link": "the same page withdraws the link",
    "person_application": "the chamber refuses it, or it is completed again on the same page",
    "declare_enrolment": "the fund's page ends it, with the reason",
    "enrolment_act": "the fund's page: an end is opened again, facts are corrected again",
    "choose_year_payment": "chosen again on the same page",
    "end_event": "the family's page takes the event back",
    "correct_declaration": "corrected again on the same page",
    "person_refund": "refused or cancelled from the list of credits",
    "application_act": "a refusal is appealed by applying again; an entry is struck off",
    "move_claim": "the claim's page undoes the decision, with the reason",
}
# Act → why nothing gives back what it ends.
FINAL = {
    "strike_off_entry": "the number is never given again: the person applies again",
    "person_relief": "the law decides what becomes of it",
    "decide_erase": "what was erased is nowhere any more",
    "end_plan": "another is agreed",
    "payment_reverse": "the money is booked again when it comes again",
    "withdraw_link": "another link is issued",
    "withdraw_attestation": "another attestation is made",
    "remove_member": "declared again, with what the law asks of it that day",
}
# These are themselves the way back from something.
WAYS_BACK = {
    "undo_correction", "undo_contact", "undo_no_family", "close_begun", "take_back_event",
    "take_back_note", "take_back_tax",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def test_every_act_of_a_file_has_a_way_back_or_says_why_not() -> None:
    acts = {name for name in CHANGES if name in SECTION_OF}
    told = [set(OFFERED), set(ON_THE_PAGE), set(FINAL), WAYS_BACK]
    assert acts == set().union(*told)
    assert sum(map(len, told)) == len(acts), "an act told twice"


def _undone(client: Client, page: Any) -> Any:
    """Press Undo in the banner of a page."""
    form = re.search(
        r'role="status">.*?<form action="([^"]+)".*?</form>', page.content.decode(), re.DOTALL
    )
    assert form, "no way back is offered"
    hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    return client.post(form[1], hidden, follow=True)


def test_a_contact_is_undone_and_makes_nobody_reached() -> None:
    fatima = person()
    client: Any = signed_in(Role.COUNTER_AGENT)
    told = {"channel": "phone", "note": "Elle vient mardi."}
    page = client.post(f"/people/{fatima.pk}/contact/", told, follow=True)
    assert Progress.objects.get(person=fatima).reached
    again = _undone(client, page)
    assert "Le contact a été annulé." in again.content.decode()
    assert not Progress.objects.get(person=fatima).reached


def test_a_correction_is_undone_once_and_only_in_its_own_file() -> None:
    fatima, other = person(sex="F"), person()
    client: Any = signed_in(Role.COUNTER_AGENT)
    shown = client.get(f"/people/{fatima.pk}/correct/").content.decode()
    fields = dict(re.findall(r'name="(before_\w+)" value="([^"]*)"', shown))
    typed = {name.removeprefix("before_"): value for name, value in fields.items()}
    typed |= {"commune": "", "sex": "M"}
    page = client.post(f"/people/{fatima.pk}/correct/", fields | typed, follow=True)
    assert Person.objects.get(pk=fatima.pk).sex == "M"
    assert client.post(f"/people/{other.pk}/correct/undo/").status_code == 404
    assert "La correction a été annulée." in _undone(client, page).content.decode()
    assert Person.objects.get(pk=fatima.pk).sex == "F"
    assert client.post(f"/people/{fatima.pk}/correct/undo/").status_code == 404


def test_that_there_is_no_family_is_undone_and_asked_about_again() -> None:
    fatima = enrolled().person
    refresh()
    client: Any = signed_in(Role.COUNTER_AGENT)
    page = client.post(f"/people/{fatima.pk}/family/none/", follow=True)
    assert Enrolment.objects.get(person=fatima).no_family_stated_on == AT.date()
    _undone(client, page)
    assert Enrolment.objects.get(person=fatima).no_family_stated_on is None


def test_a_note_of_a_receipt_and_a_consent_are_undone() -> None:
    fatima = enrolled().person
    client: Any = signed_in(Role.COUNTER_AGENT)
    receipt = {"amount": "50", "paid_on": f"{AT.date() - dt.timedelta(days=1):%d/%m/%Y}",
               "channel": "relay_point", "reference": "R77", "place": "Agadir"}  # fmt: skip
    page = client.post(f"/people/{fatima.pk}/money/note/", receipt, follow=True)
    assert "R77" in page.content.decode()
    assert "R77" not in _undone(client, page).content.decode()
    page = client.post(
        f"/people/{fatima.pk}/privacy/consent/messages/", {"given": "yes"}, follow=True
    )
    assert Consent.objects.filter(withdrawn_at=None).count() == 1
    _undone(client, page)
    assert not Consent.objects.filter(withdrawn_at=None).exists()


def test_the_family_of_somebody_covered_is_the_next_step_until_it_is_known() -> None:
    from tests.accompaniment.factories import covered

    fatima = covered()
    refresh()
    text = signed_in(Role.COUNTER_AGENT).get(f"/people/{fatima.pk}/").content.decode()
    assert f'<a class="button" href="/people/{fatima.pk}/family/">' in " ".join(text.split())
    with_family(fatima)
    refresh()
    text = signed_in(Role.COUNTER_AGENT).get(f"/people/{fatima.pk}/").content.decode()
    assert f'<a class="button" href="/people/{fatima.pk}/family/">' not in text


def test_a_family_that_cannot_be_declared_yet_is_not_offered() -> None:
    fatima = person()
    client: Any = signed_in(Role.COUNTER_AGENT)
    text = client.get(f"/people/{fatima.pk}/family/").content.decode()
    assert f'href="/people/{fatima.pk}/fund/"' in text.partition('class="file-body"')[2]
    assert "/family/declare/" not in text
    assert "/family/none/" not in text
