"""Links undone and rows taken out from a person's page; the commune corrected by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.people.database_rows import all_rows
from tests.register.factories import AT, listed, person, places, system
from tests.web.staff import AGADIR, SETTAT, signed_in

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.lists.models import CandidatePair, Row
from qafila.people.models import Person, Phone
from qafila.places.models import Commune

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def of_three_rows() -> tuple[Person, list[Row]]:
    """Fatima on three lists; the last row, of another phone, may be somebody else's."""
    fatima = person()
    place = {"commune_code": f"{AGADIR}.01.01", "province_code": AGADIR, "region_code": "09"}
    name = {"full_name": "AIT LAHCEN Fatima", "card_number": fatima.card_number}
    rows = [
        listed(fatima, source, phone=phone, **name, **place)
        for source, phone in (
            ("chamber", "+212612345678"), ("fund", "+212612345678"), ("other", "+212698765432"),
        )
    ]  # fmt: skip
    with acting(system(), at=AT):
        for number in ("+212612345678", "+212698765432"):
            Phone.objects.create(person=fatima, number=number)
        for right in rows[1:]:
            CandidatePair.objects.create(
                left=rows[0], right=right, probability=0.9, state="automatic",
                evidence=[{"code": "card_same", "params": {"left": "JB1"}, "weight": 9.0}],
            )  # fmt: skip
    return fatima, rows


def content(response: Any) -> str:
    return str(response.content.decode())


def test_a_link_is_undone_with_one_click_and_the_click_with_another() -> None:
    fatima, rows = of_three_rows()
    pair = CandidatePair.objects.get(right=rows[2])
    client = signed_in(Role.CHAMBER_STAFF)
    page = content(client.get(f"/people/{fatima.pk}/rows/"))
    assert f'action="/people/{fatima.pk}/pairs/{pair.pk}/part/"' in page
    before = all_rows()
    parted = client.post(f"/people/{fatima.pk}/pairs/{pair.pk}/part/", follow=True)
    assert f'action="/review/{pair.pk}/undo/"' in content(parted)
    assert Row.objects.get(pk=rows[2].pk).person_id != fatima.pk
    client.post(f"/review/{pair.pk}/undo/", {"back": f"/people/{fatima.pk}/rows/"})
    assert all_rows() == before


def test_a_row_is_taken_out_after_asking_and_put_back() -> None:
    fatima, rows = of_three_rows()
    address = f"/people/{fatima.pk}/rows/{rows[2].pk}/separate/"
    client = signed_in(Role.DIRECTORATE)
    assert address in content(client.get(f"/people/{fatima.pk}/rows/"))
    before = all_rows()
    asked = client.get(address)
    assert "Cette ligne concerne-t-elle une autre personne" in content(asked)
    assert all_rows() == before
    done = client.post(address, follow=True)
    pair = CandidatePair.objects.get(state="different")
    assert f'action="/review/{pair.pk}/undo/"' in content(done)
    assert "Séparés par une décision" in content(done)
    assert [phone.number for phone in fatima.phones.all()] == ["+212612345678"]
    client.post(f"/review/{pair.pk}/undo/", {"back": f"/people/{fatima.pk}/rows/"})
    assert all_rows() == before


def test_the_only_row_offers_no_way_out_and_says_why() -> None:
    fatima = person()
    row = listed(fatima, "chamber", full_name="AIT LAHCEN Fatima")
    address = f"/people/{fatima.pk}/rows/{row.pk}/separate/"
    client = signed_in(Role.CHAMBER_STAFF)
    assert address not in content(client.get(f"/people/{fatima.pk}/rows/"))
    assert "la seule ligne" in content(client.post(address, follow=True))


def test_rows_of_others_and_other_roles_find_nothing() -> None:
    fatima, rows = of_three_rows()
    stranger = listed(person(), "chamber", full_name="DARIF Hassan")
    address = f"/people/{fatima.pk}/rows/{rows[2].pk}/separate/"
    chamber = signed_in(Role.CHAMBER_STAFF)
    wrong = f"/people/{fatima.pk}/rows/{stranger.pk}/separate/"
    for client, path in (
        (chamber, wrong),
        (chamber, f"/people/{fatima.pk}/rows/99999999/separate/"),
        (signed_in(Role.CHAMBER_STAFF, province=SETTAT), address),
        (signed_in(Role.COUNTER_AGENT), address),
        (signed_in(Role.AUDITOR, province=None), address),
    ):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
    assert address not in content(signed_in(Role.COUNTER_AGENT).get(f"/people/{fatima.pk}/rows/"))


def test_the_rows_keep_their_query_budget(django_assert_max_num_queries: Any) -> None:
    fatima, _ = of_three_rows()
    client = signed_in(Role.CHAMBER_STAFF)
    client.get(f"/people/{fatima.pk}/rows/")
    with django_assert_max_num_queries(12):
        assert client.get(f"/people/{fatima.pk}/rows/").status_code == 200


def corrected(client: Client, fatima: Person, commune: str, shown: str) -> Any:
    """The correction form sent with another commune."""
    sent = {
        "full_name_ar": fatima.full_name_ar, "before_full_name_ar": fatima.full_name_ar,
        "full_name_latn": fatima.full_name_latn, "before_full_name_latn": fatima.full_name_latn,
        "card_number": fatima.card_number, "before_card_number": fatima.card_number,
        "birth_date": "01/05/1980", "before_birth_date": "01/05/1980", "sex": "F",
        "before_sex": "F", "phone": "", "before_phone": "", "commune": commune,
        "before_commune": shown,
    }  # fmt: skip
    return client.post(f"/people/{fatima.pk}/correct/", sent)


@pytest.fixture
def tamri() -> str:
    with acting(system(), at=AT):
        for code, province in ((f"{AGADIR}.05.01", AGADIR), (f"{SETTAT}.05.01", SETTAT)):
            Commune.objects.create(
                code=code, province_id=province, kind="rural", name_fr="Tamri", name_ar="التامري",
                name_keys=["TMR"],
            )  # fmt: skip
    return f"{AGADIR}.05.01"


@pytest.mark.parametrize("typed", ["Tamri (Province 09.001)", "التامري (Province 09.001)"])
def test_the_commune_is_corrected_by_its_name(tamri: str, typed: str) -> None:
    fatima = person()
    client = signed_in(Role.COUNTER_AGENT)
    response = corrected(client, fatima, typed, f"{AGADIR}.01.01")
    assert response.status_code == 302
    fatima.refresh_from_db()
    assert (fatima.commune_id, fatima.province_id, fatima.region_code) == (tamri, AGADIR, "09")


@pytest.mark.parametrize(
    ("typed", "said"), [("Tamri", "Tamri (Province 06.141)"), ("Zzyzx", "Zzyzx")]
)
def test_an_unclear_commune_is_told(tamri: str, typed: str, said: str) -> None:
    fatima = person()
    response = corrected(signed_in(Role.COUNTER_AGENT), fatima, typed, f"{AGADIR}.01.01")
    assert response.status_code == 422
    assert said in content(response)
    fatima.refresh_from_db()
    assert fatima.commune_id == f"{AGADIR}.01.01"


def test_moved_to_another_territory_the_agent_is_told_and_led_away(tamri: str) -> None:
    fatima = person()
    client = signed_in(Role.COUNTER_AGENT)
    response = corrected(client, fatima, "Tamri (Province 06.141)", f"{AGADIR}.01.01")
    assert response.headers["Location"] == "/people/"
    fatima.refresh_from_db()
    assert fatima.province_id == SETTAT
    assert client.get(f"/people/{fatima.pk}/").status_code == 404


def test_a_commune_changed_meanwhile_is_not_overwritten(tamri: str) -> None:
    fatima = person()
    client = signed_in(Role.COUNTER_AGENT)
    response = corrected(client, fatima, "Tamri (Province 09.001)", f"{AGADIR}.09.09")
    assert response.status_code == 422
    fatima.refresh_from_db()
    assert fatima.commune_id == f"{AGADIR}.01.01"
