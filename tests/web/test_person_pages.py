"""The pages of a person's file: who may see what, in three languages, within a query budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.accompaniment.factories import applying, called, refresh, with_family
from tests.enrolment.factories import enrolled
from tests.register.factories import AT, listed, person, places, system
from tests.web.staff import SETTAT, actor_behind, in_language, signed_in, text_of

from qafila.care.journal import CLAIM_REFUSED
from qafila.enrolment.family.life_events import NewEvent, tell_life_event
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.journal import write
from qafila.foundation.models import AccessLogEntry
from qafila.foundation.trail import acting
from qafila.lists.models import CandidatePair
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Merge, Person, Phone

pytestmark = pytest.mark.django_db
LANGUAGES = ("ar", "fr", "zgh")
PARTS = ("", "money/", "rows/", "journal/", "correct/", "contact/", "family/", "application/")


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def indebted() -> Person:
    """Fatima: on two lists, enrolled, two months behind, with a spouse nobody named."""
    enrolment = enrolled()
    fatima = enrolment.person
    place = {"commune_code": "09.001.01.01", "province_code": "09.001", "region_code": "09"}
    rows = [
        listed(fatima, source, full_name="فاطمة أيت لحسن", **place)
        for source in ("chamber", "fund")
    ]
    with_family(fatima, "mentioned")
    called(enrolment, AT.date().replace(month=8, day=1))
    called(enrolment, AT.date().replace(month=9, day=1))
    with acting(system(), at=AT):
        Phone.objects.create(person=fatima, number="+212612345678")
        CandidatePair.objects.create(
            left=rows[0], right=rows[1], probability=0.99, state="automatic",
            evidence=[{"code": "card_same", "params": {"left": "JB1", "right": "JB1"},
                       "weight": 9.0}],
        )  # fmt: skip
    refresh()
    return fatima


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", PARTS)
def test_every_part_renders_in_every_language(part: str, language: str) -> None:
    fatima = indebted()
    client = signed_in(Role.CHAMBER_STAFF, language=language)
    response = client.get(f"/people/{fatima.pk}/{part}")
    assert response.status_code == 200
    text = response.content.decode()
    assert f'lang="{language}"' in text
    assert ("فاطمة" if language == "ar" else "AIT LAHCEN") in text.partition("<h1>")[2][:120]


def test_first_comes_who_then_why_not_yet_then_the_next_step_then_the_way() -> None:
    fatima = indebted()
    text = signed_in(Role.COUNTER_AGENT).get(f"/people/{fatima.pk}/").content.decode()
    places_in_text = [
        text.index(part)
        for part in ("AIT LAHCEN Fatima</bdi></h1>", "Motif de non-couverture",
                     "2 mois sont impayés", "Prochaine étape", f"/people/{fatima.pk}/money/",
                     "Parcours vers la couverture", "Inscrit(e) au registre", "Droits ouverts")
    ]  # fmt: skip
    assert places_in_text == sorted(places_in_text)
    assert 'href="tel:+212612345678"' in text


@pytest.mark.parametrize("part", PARTS)
def test_outside_the_territory_there_is_nothing(part: str) -> None:
    fatima = person()
    client = signed_in(Role.CHAMBER_STAFF, province=SETTAT)
    assert client.get(f"/people/{fatima.pk}/{part}").status_code == 404
    assert client.get(f"/people/9{fatima.pk}9/{part}").status_code == 404
    assert not AccessLogEntry.objects.exists()


@pytest.mark.parametrize("part", PARTS[4:])
def test_an_auditor_changes_nothing(part: str) -> None:
    client = signed_in(Role.AUDITOR, province=None)
    assert client.get(f"/people/{person().pk}/{part}").status_code == 404


def test_visitors_are_asked_to_sign_in(client: Any) -> None:
    response = client.get(f"/people/{person().pk}/")
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("role", "reason"),
    [(Role.COUNTER_AGENT, "serving"), (Role.FUND_LIAISON, "following_up"),
     (Role.AUDITOR, "auditing")],
)  # fmt: skip
def test_reading_is_recorded_with_the_reason_of_the_role(role: Role, reason: str) -> None:
    fatima = indebted()
    client = signed_in(role)
    client.get(f"/people/{fatima.pk}/")
    entry = AccessLogEntry.objects.get()
    assert (entry.person_id, entry.reader_id) == (fatima.pk, actor_behind(client).id)
    assert (entry.reason, entry.place) == (reason, "file")


def test_only_those_who_watch_see_who_read() -> None:
    fatima = indebted()
    signed_in(Role.COUNTER_AGENT).get(f"/people/{fatima.pk}/")
    address = f"/people/{fatima.pk}/journal/"
    auditor = signed_in(Role.AUDITOR, province=None)
    assert b"Consultations du dossier" in auditor.get(address).content
    assert b"Consultations du dossier" not in signed_in(Role.COUNTER_AGENT).get(address).content


def test_only_those_who_see_claims_read_of_care_in_the_history() -> None:
    fatima = indebted()
    with acting(system(), at=AT):
        write(CLAIM_REFUSED, fatima, actor=system(), at=AT, person_id=fatima.pk, reason="Hors AMO")
    address = f"/people/{fatima.pk}/journal/"
    seen, hidden = signed_in(Role.COUNTER_AGENT), signed_in(Role.DIRECTORATE)
    for asked in ("", "?kind=care"):
        assert "Hors AMO" in text_of(seen.get(address + asked))
        assert "Hors AMO" not in text_of(hidden.get(address + asked))
    assert "kind=care" not in text_of(hidden.get(address))


def test_money_has_the_running_balance_and_its_sum() -> None:
    fatima = indebted()
    text = text_of(signed_in(Role.FUND_LIAISON).get(f"/people/{fatima.pk}/money/"))
    assert "327,04 DH" in text
    assert "163,52 DH" in text


def test_rows_tell_why_they_are_one_person() -> None:
    fatima = indebted()
    client = signed_in(Role.CHAMBER_STAFF)
    text = text_of(client.get(f"/people/{fatima.pk}/rows/"))
    assert "Annuler ce rapprochement" in text
    assert "Une seule personne, car : même numéro de carte (\u2068JB1\u2069)." in text
    arabic = in_language(client, "ar").get(f"/people/{fatima.pk}/rows/").content.decode()
    assert "سبب اعتبار هذه الأسطر لشخص واحد" in arabic


def test_two_rows_of_one_file_are_parted_and_joined_again() -> None:
    fatima = indebted()
    pair = CandidatePair.objects.get()
    client = signed_in(Role.CHAMBER_STAFF)
    parted = client.post(f"/people/{fatima.pk}/pairs/{pair.pk}/part/", follow=True)
    assert "Les deux lignes concernent désormais deux personnes" in parted.content.decode()
    assert Person.objects.filter(state="active").count() == 2
    back = f"/people/{fatima.pk}/rows/"
    again = client.post(f"/review/{pair.pk}/undo/", {"back": back})
    assert again.headers["Location"] == back
    pair.refresh_from_db()
    assert pair.state == "automatic"


def test_a_merge_is_undone_after_asking_and_not_twice() -> None:
    kept, absorbed = person(), person()
    with acting(system(), at=AT):
        merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system(), at=AT)
    merge = Merge.objects.get()
    client = signed_in(Role.CHAMBER_STAFF)
    led = client.get(f"/people/{absorbed.pk}/", follow=True)
    assert led.redirect_chain[0][0] == f"/people/{kept.pk}/"
    address = f"/people/{kept.pk}/merges/{merge.pk}/undo/"
    assert client.get(address).status_code == 200
    assert b"deux" not in client.get(f"/people/{kept.pk}/rows/").content.split(b"<h1>")[0]
    assert "l’autre personne retrouve" in client.post(address, follow=True).content.decode()
    absorbed.refresh_from_db()
    assert absorbed.state == "active"
    assert client.post(address).status_code == 404


def test_a_counter_agent_undoes_no_merge() -> None:
    kept, absorbed = person(), person()
    with acting(system(), at=AT):
        merge_persons(kept.pk, absorbed.pk, evidence={}, actor=system(), at=AT)
    address = f"/people/{kept.pk}/merges/{Merge.objects.get().pk}/undo/"
    assert signed_in(Role.COUNTER_AGENT).post(address).status_code == 404


@pytest.mark.parametrize("part", ["", "money/", "rows/", "journal/"])
def test_the_file_keeps_its_query_budget(part: str, django_assert_max_num_queries: Any) -> None:
    fatima = indebted()
    client = signed_in(Role.CHAMBER_STAFF)
    client.get(f"/people/{fatima.pk}/{part}")
    for _ in range(5):
        listed(fatima, "chamber")
    with django_assert_max_num_queries(13):
        assert client.get(f"/people/{fatima.pk}/{part}").status_code == 200


@pytest.mark.parametrize("part", ["", "money/", "rows/", "journal/"])
def test_the_first_read_with_its_record_keeps_the_budget_too(
    part: str, django_assert_max_num_queries: Any
) -> None:
    fatima = indebted()
    client = signed_in(Role.AUDITOR, province=None)
    client.get("/")
    with django_assert_max_num_queries(13):
        assert client.get(f"/people/{fatima.pk}/{part}").status_code == 200
    assert AccessLogEntry.objects.count() == 1


def test_the_money_tab_tells_what_lateness_may_add_and_who_decides() -> None:
    text = signed_in(Role.COUNTER_AGENT).get(f"/people/{indebted().pk}/money/").content.decode()
    assert "Pénalité de retard possible" in text
    assert "la CNSS décide" in text


def test_after_a_death_the_family_is_followed_up_and_then_nobody() -> None:
    fatima = indebted()
    client = signed_in(Role.COUNTER_AGENT)
    event = NewEvent("death", AT.date(), document="Certificat 7/2026")
    tell_life_event(insured_id=fatima.pk, event=event, actor=system(), at=AT)
    text = client.get(f"/people/{fatima.pk}/").content.decode()
    assert "La personne est décédée" in text
    assert "why-not tone-none" in text
    assert "Motif de non-couverture" not in text
    assert "La personne est décédée" not in client.get("/stalled/").content.decode()
    assert f"/people/{fatima.pk}/" not in client.get("/arrears/").content.decode()


def test_someone_without_place_or_standing_has_a_file_for_the_country_only() -> None:
    nowhere = applying(province=None, without_card=True)
    address = f"/people/{nowhere.pk}/"
    assert signed_in(Role.COUNTER_AGENT).get(address).status_code == 404
    assert signed_in(Role.PROGRAMME_LEAD, province=None).get(address).status_code == 200
