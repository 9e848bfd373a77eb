"""A merge shown before it is done, and stale tabs of a merged file led to the kept one."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from tests.contributions.factories import in_arrears, pay, run
from tests.register.factories import AT, person, places, system
from tests.web.staff import AGADIR, signed_in, text_of

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.people.merging.merging import merge_persons
from qafila.people.models import Merge, Person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def test_a_merge_is_shown_before_it_is_done_and_changes_nothing_until_then() -> None:
    kept, other = in_arrears(0), in_arrears(4)
    run()
    chamber = signed_in(Role.CHAMBER_STAFF)
    address = f"/people/{kept.person_id}/merge/{other.person_id}/"
    page = chamber.get(address).content.decode()
    assert "Deux immatriculations sont réunies." in html.unescape(page)
    for number in (kept.fund_number, other.fund_number):
        assert number in page
    assert not Merge.objects.exists()
    assert Person.objects.filter(state="merged").count() == 0
    chamber.post(address)
    assert Merge.objects.get().absorbed_id == other.person_id


def test_a_stale_tab_leads_to_the_kept_file_with_what_was_typed() -> None:
    kept, hidden = person(province=AGADIR), person(province=AGADIR)
    merge_persons(kept.pk, hidden.pk, evidence={}, actor=system(), at=AT)
    counter = signed_in(Role.COUNTER_AGENT)
    stale = f"/people/{hidden.pk}/contact/"
    looked = counter.get(stale)
    assert looked.headers["Location"] == f"/people/{kept.pk}/contact/"
    sent = counter.post(stale, {"channel": "phone", "note": "Elle viendra lundi."})
    assert sent.status_code == 409
    page = sent.content.decode()
    assert f'action="/people/{kept.pk}/contact/"' in page
    assert page.count("Elle viendra lundi.") == 2


def test_the_preview_says_who_decides_and_what_each_file_holds() -> None:
    kept, other = in_arrears(0), in_arrears(4)
    run()
    chamber = signed_in(Role.CHAMBER_STAFF)
    page = text_of(chamber.get(f"/people/{kept.person_id}/merge/{other.person_id}/"))
    assert "Qui décide : le correspondant CNSS" in page
    assert "peut être annulée entièrement" in page
    assert "janvier 2024" in page
    assert "en attente d’une décision" in page


def test_what_speaks_against_one_person_is_said_before() -> None:
    kept, like, unlike = person(), person(card_number=""), person(sex="M")
    chamber = signed_in(Role.CHAMBER_STAFF)
    pages = [text_of(chamber.get(f"/people/{kept.pk}/merge/{one.pk}/")) for one in (like, unlike)]
    told = "Les deux dossiers diffèrent : sexe · numéro de carte."
    assert [told in page for page in pages] == [False, True]
    assert "Les deux dossiers diffèrent" not in pages[0]


def test_after_a_merge_its_undoing_is_at_hand_and_shows_both_files() -> None:
    kept, other = in_arrears(0), in_arrears(4)
    chamber = signed_in(Role.CHAMBER_STAFF)
    done = chamber.post(f"/people/{kept.person_id}/merge/{other.person_id}/", follow=True)
    undo = f"/people/{kept.person_id}/merges/{Merge.objects.get().pk}/undo/"
    assert undo in done.content.decode()
    page = html.unescape(chamber.get(undo).content.decode())
    assert "L’autre dossier, après" in page
    assert Merge.objects.get().undone_at is None
    told = html.unescape(chamber.post(undo, follow=True).content.decode())
    assert f"dossier {other.person_id}" in told
    assert Merge.objects.get().undone_at is not None


def test_what_stands_against_an_undoing_is_said_before_it_is_tried() -> None:
    kept, other = in_arrears(0), in_arrears(0)
    run()
    pay(other, 100)
    chamber = signed_in(Role.CHAMBER_STAFF)
    chamber.post(f"/people/{kept.person_id}/merge/{other.person_id}/")
    pay(kept, 200)
    undo = f"/people/{kept.person_id}/merges/{Merge.objects.get().pk}/undo/"
    page = chamber.get(undo).content.decode()
    assert 'class="banner tone-bad"' in page
    assert "button danger" not in page
    assert Merge.objects.get().undone_at is None
