"""The register on the person's file: an application decided, an entry struck off, entered again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.enrolment.factories import enrolled, registered
from tests.register.factories import AT, person, system
from tests.web.staff import SETTAT, in_language, signed_in, text_of

from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.register.models import Application, Entry, Trade

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stage")]
SURE = {"confirm": "yes"}


def _submitted(who: Person) -> Application:
    with acting(system(), at=AT):
        trade = Trade.objects.create(name_fr="Potier", name_ar="خزاف", branch="b", status="draft")
        return Application.objects.create(person=who, trade=trade, state="submitted", opened_at=AT)


def _strike_off(entry: Entry) -> str:
    return reverse("strike_off_entry", args=[entry.person_id, entry.pk])


def test_an_entry_is_struck_off_once_what_follows_was_shown() -> None:
    entry = enrolled().person.register_entries.get()
    chamber = signed_in(Role.CHAMBER_STAFF)
    page = text_of(chamber.post(_strike_off(entry), {"reason": " "}), 422)
    assert 'href="#id_reason"' in page
    checked = text_of(chamber.post(_strike_off(entry), {"reason": "Atelier fermé."}))
    assert "L’immatriculation à la CNSS continue." in checked
    assert Entry.objects.get().state == "active"
    done = chamber.post(_strike_off(entry), {"reason": "Atelier fermé."} | SURE, follow=True)
    assert "Inscription radiée." in text_of(done)
    assert Entry.objects.get().state == "struck_off"


def test_who_was_struck_off_is_entered_again_by_a_new_application() -> None:
    entry = registered().register_entries.get()
    chamber = signed_in(Role.CHAMBER_STAFF)
    chamber.post(_strike_off(entry), {"reason": "Parti."} | SURE)
    page = text_of(chamber.get(reverse("person_register", args=[entry.person_id])))
    assert "Inscrire la personne de nouveau" in page
    _submitted(entry.person)
    application = Application.objects.get()
    accept = reverse("application_act", args=[entry.person_id, application.pk, "accept"])
    checked = text_of(chamber.get(accept))
    assert "sous un nouveau numéro" in checked
    assert Entry.objects.filter(state="active").count() == 0
    chamber.post(accept, SURE)
    assert Entry.objects.get(state="active").register_number != entry.register_number


def test_a_refusal_asks_for_its_reason() -> None:
    application = _submitted(person())
    chamber = signed_in(Role.CHAMBER_STAFF)
    refuse = reverse("application_act", args=[application.person_id, application.pk, "refuse"])
    chamber.post(refuse, {"reason": ""} | SURE)
    assert Application.objects.get().state == "submitted"
    chamber.post(refuse, {"reason": "Pas artisan."} | SURE)
    page = text_of(chamber.get(reverse("person_register", args=[application.person_id])))
    assert "Pas artisan." in page


def test_a_counter_sees_the_register_and_decides_nothing() -> None:
    entry = registered().register_entries.get()
    counter = in_language(signed_in(Role.COUNTER_AGENT), "ar")
    page = text_of(counter.get(reverse("person_register", args=[entry.person_id])))
    assert entry.register_number in page
    assert _strike_off(entry) not in page
    assert counter.get(_strike_off(entry)).status_code == 404


def test_another_person_s_entry_and_another_territory_are_not_found() -> None:
    entry, other = registered().register_entries.get(), registered()
    assert signed_in(Role.CHAMBER_STAFF, province=SETTAT).get(_strike_off(entry)).status_code == 404
    strange = reverse("strike_off_entry", args=[other.pk, entry.pk])
    assert signed_in(Role.CHAMBER_STAFF).get(strange).status_code == 404


def test_the_page_keeps_its_query_budget(django_assert_max_num_queries: Any) -> None:
    who = registered()
    chamber = signed_in(Role.CHAMBER_STAFF)
    with django_assert_max_num_queries(12):
        chamber.get(reverse("person_register", args=[who.pk]))
