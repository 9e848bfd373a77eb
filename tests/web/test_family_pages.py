"""A family's rights on the person's file: seen, told of with what it changes, taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.contributions.factories import in_arrears
from tests.enrolment.factories import member
from tests.register.factories import AT, places, system
from tests.web.staff import AGADIR, SETTAT, in_language, signed_in

from qafila.enrolment.models import Dependant, Enrolment, LifeEvent
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.people.models import Person
from qafila.rights.actions import rebuild_rights
from qafila.rights.models import Attestation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    places()
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", AT.date)


def family() -> tuple[Dependant, Dependant]:
    """A husband and a student without this year's certificate, of a woman who has paid."""
    insured = in_arrears(0).person
    spouse, child = member(insured), member(insured, relation="child")
    with acting(system(), at=AT):
        Person.objects.filter(pk=child.person_id).update(birth_date=dt.date(2004, 5, 5))
    rebuild_rights(on=AT.date(), actor=system(), at=AT)
    return spouse, child


def page(client: Client, name: str, *args: Any, status: int = 200) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == status
    return response.content.decode()


def test_each_member_s_rights_are_shown_with_the_reason() -> None:
    _, child = family()
    clerk = signed_in(Role.COUNTER_AGENT)
    told = page(clerk, "family_rights", child.insured_id)
    assert "Droits ouverts" in told
    assert "pas de certificat de scolarité" in told
    arabic = page(in_language(clerk, "ar"), "family_rights", child.insured_id)
    assert "لا توجد شهادة مدرسية" in arabic


def test_a_school_year_is_shown_first_and_written_down_once_confirmed() -> None:
    _, child = family()
    clerk = signed_in(Role.COUNTER_AGENT)
    address = reverse("tell_member_event", args=[child.insured_id, "schooling", child.pk])
    sent = {"year": "2026", "document": "Certificat 214"}
    shown = clerk.post(address, sent)
    assert shown.status_code == 200
    assert "Droits ouverts" in shown.content.decode()
    assert not LifeEvent.objects.exists()
    assert clerk.post(address, sent | {"confirm": "yes"}).status_code == 302
    event = LifeEvent.objects.get()
    assert (event.since, event.until) == (dt.date(2026, 9, 1), dt.date(2027, 9, 1))
    told = page(clerk, "family_rights", child.insured_id)
    assert "pas de certificat" not in told
    assert "Du 1er septembre 2026 au 31 août 2027 inclus" in told
    back = reverse("take_back_event", args=[child.insured_id, event.pk])
    undone = {"reason": "Erreur de dossier"}
    checked = clerk.post(back, undone)
    assert (checked.status_code, LifeEvent.objects.get().state) == (200, "told")
    assert clerk.post(back, undone | {"confirm": "yes"}).status_code == 302
    assert "pas de certificat" in page(clerk, "family_rights", child.insured_id)


@pytest.mark.parametrize(
    ("kind", "sent", "words"),
    [
        ("divorce", {"since": "2027-01-01", "document": "Jugement 3"}, "postérieure à aujourd’hui"),
        ("divorce", {"since": "2026-01-01", "document": ""}, "obligatoire"),
        ("divorce", {"since": "31/31/2026", "document": "Jugement 3"}, "30/11/2026"),
    ],
)
def test_what_cannot_be_is_told_beside_the_form(
    kind: str, sent: dict[str, str], words: str
) -> None:
    spouse, _ = family()
    clerk = signed_in(Role.COUNTER_AGENT)
    response = clerk.post(
        reverse("tell_member_event", args=[spouse.insured_id, kind, spouse.pk]), sent
    )
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not LifeEvent.objects.exists()


def test_own_insurance_ends_on_a_day_with_its_paper() -> None:
    spouse, _ = family()
    clerk = signed_in(Role.COUNTER_AGENT)
    tell = reverse("tell_member_event", args=[spouse.insured_id, "own_scheme", spouse.pk])
    sent = {"since": "01/10/2026", "document": "Attestation 5", "confirm": "yes"}
    assert clerk.post(tell, sent).status_code == 302
    event = LifeEvent.objects.get()
    told = page(clerk, "family_rights", spouse.insured_id)
    end = reverse("end_event", args=[spouse.insured_id, event.pk])
    assert end in told
    wrong = clerk.post(end, {"until": "01/09/2026", "document": "Attestation 6"})
    assert 'href="#id_until"' in wrong.content.decode()
    sent = {"until": "01/11/2026", "document": "Attestation 6"}
    assert "Droits ouverts" in clerk.post(end, sent).content.decode()
    assert LifeEvent.objects.get().until is None
    assert clerk.post(end, sent | {"confirm": "yes"}).status_code == 302
    assert LifeEvent.objects.get().until == dt.date(2026, 11, 1)
    strange = reverse("end_event", args=[in_arrears(0).person_id, event.pk])
    assert clerk.get(strange).status_code == 404


def test_a_death_of_the_insured_person_closes_the_enrolment_and_keeps_the_family() -> None:
    spouse, _ = family()
    clerk = signed_in(Role.COUNTER_AGENT)
    address = reverse("tell_event", args=[spouse.insured_id, "death"])
    sent = {"since": "2026-11-10", "document": "Acte 77", "confirm": "yes"}
    assert clerk.post(address, sent).status_code == 302
    assert Enrolment.objects.get(person_id=spouse.insured_id).state == "closed"
    assert "est décédé" in page(clerk, "family_rights", spouse.insured_id)


def test_kinds_members_and_territories_that_are_not_there_are_not_found() -> None:
    spouse, child = family()
    clerk, elsewhere = signed_in(Role.COUNTER_AGENT), signed_in(Role.COUNTER_AGENT, province=SETTAT)
    page(clerk, "tell_event", spouse.insured_id, "wedding", status=404)
    page(clerk, "tell_member_event", spouse.insured_id, "divorce", 0, status=404)
    page(elsewhere, "family_rights", child.insured_id, status=404)
    page(elsewhere, "attestations", child.insured_id, status=404)


def test_who_only_looks_sees_no_forms() -> None:
    _, child = family()
    told = page(signed_in(Role.AUDITOR, province=AGADIR), "family_rights", child.insured_id)
    assert "/family/tell/" not in told


def test_attestations_are_made_printed_and_withdrawn() -> None:
    _, child = family()
    clerk = signed_in(Role.COUNTER_AGENT)
    address = reverse("attestations", args=[child.insured_id])
    assert clerk.post(address).status_code == 302
    assert clerk.post(address, {"dependant": str(child.pk)}).status_code == 302
    own, childs = Attestation.objects.order_by("pk")
    assert (own.status, childs.status, childs.dependant_id) == ("open", "closed", child.pk)
    sheet = reverse("attestation_sheet", args=[child.insured_id, own.pk])
    printed = clerk.get(sheet)
    assert printed.content.startswith(b"%PDF-")
    assert printed["Cache-Control"] == "no-store"
    gone = reverse("withdraw_attestation", args=[child.insured_id, own.pk])
    clerk.post(gone, {"reason": ""})
    own.refresh_from_db()
    assert own.withdrawn_at is None
    clerk.post(gone, {"reason": "Imprimée deux fois"})
    own.refresh_from_db()
    assert own.withdrawn_at == AT
    assert clerk.get(sheet).status_code == 302
    other = in_arrears(0).person_id
    page(clerk, "attestation_sheet", other, own.pk, status=404)


def test_a_change_of_custody_is_shown_first_then_written_down() -> None:
    _, child = family()
    with acting(system(), at=AT):
        Person.objects.filter(pk=child.person_id).update(birth_date=dt.date(2018, 5, 5))
        Dependant.objects.filter(pk=child.pk).update(other_parent_insured=True, custody="insured")
    clerk = signed_in(Role.COUNTER_AGENT)
    address = reverse("tell_member_event", args=[child.insured_id, "custody", child.pk])
    sent = {"since": "2026-10-01", "document": "Jugement 31", "custody": "other_parent"}
    assert clerk.post(address, {**sent, "custody": ""}).status_code == 422
    shown = clerk.post(address, sent).content.decode()
    assert "Droits fermés" in shown
    assert not LifeEvent.objects.exists()
    assert clerk.post(address, sent | {"confirm": "yes"}).status_code == 302
    assert LifeEvent.objects.get().custody == "other_parent"
    told = page(clerk, "family_rights", child.insured_id)
    assert "Changement de garde" in told
    assert "L’autre parent" in told
    rebuilt = rebuild_rights(on=AT.date(), actor=system(), at=AT)
    assert (rebuilt.added, rebuilt.removed) == (0, 0)
