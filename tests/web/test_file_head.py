"""The head of a file and its parts: the same on each page, form pages too; forms open on a gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver
from tests.accompaniment.factories import applying, refresh
from tests.register.factories import AT, places
from tests.web.staff import signed_in
from tests.web.test_person_pages import indebted

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.web.people.file_sections import SECTION_OF, SECTIONS

pytestmark = pytest.mark.django_db
PAGES = ("", "identity/", "fund/", "money/", "attestations/", "journal/", "rows/", "contact/",
         "correct/", "family/", "family/rights/", "money/note/", "claims/declare/")  # fmt: skip


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def test_every_page_of_a_file_belongs_to_one_of_its_parts() -> None:
    patterns = [one for one in get_resolver().url_patterns if isinstance(one, URLPattern)]
    names = {one.name for one in patterns if str(one.pattern).startswith("people/<int:person_id>/")}
    assert names - SECTION_OF.keys() == set()
    assert len(SECTION_OF) == sum(1 + len(one.pages) for one in SECTIONS), "a page in two parts"


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_who_it_is_where_they_stand_and_what_is_next(page: str) -> None:
    fatima = indebted()
    text = signed_in(Role.COUNTER_AGENT).get(f"/people/{fatima.pk}/{page}").content.decode()
    head = text.partition('<div class="file-head">')[2].partition('<div class="file-layout">')[0]
    assert "AIT LAHCEN Fatima</bdi></h1>" in head
    assert 'href="tel:+212612345678"' in head
    assert "Prochaine étape" in head
    assert "En retard <strong>327,04" in head
    current = text.partition('class="file-index no-print"')[2].partition("</nav>")[0]
    assert current.count('aria-current="true"') == 1
    assert ("Voir ce qui est dû" in head) == (page != "money/"), "no button to where one is"


def test_the_correction_opens_on_what_is_missing() -> None:
    someone = applying(without_card=True)
    refresh()
    client: Any = signed_in(Role.COUNTER_AGENT)
    file = client.get(f"/people/{someone.pk}/").content.decode()
    address = f"/people/{someone.pk}/correct/?field=card_number"
    assert f'<a class="button" href="{address}">' in file
    text = client.get(address).content.decode()
    first, _, others = text.partition("<summary>Corriger autre chose")
    assert "autofocus" in first.partition('name="card_number"')[2].partition(">")[0]
    assert 'name="full_name_latn"' not in first
    assert 'name="birth_date"' in others
    refused = client.post(address, {"birth_date": "hier"}).content.decode()
    assert 'name="birth_date"' in refused.partition("<summary>Corriger autre chose")[0]


def test_the_history_folds_machines_and_names_people_with_their_post() -> None:
    fatima = indebted()
    client: Any = signed_in(Role.COUNTER_AGENT)
    told = {"channel": "phone", "note": "Elle vient mardi."}
    client.post(f"/people/{fatima.pk}/contact/", told)
    text = client.get(f"/people/{fatima.pk}/journal/").content.decode()
    assert "Elle vient mardi." in text
    line = text.partition("Elle vient mardi.")[2].partition("</li>")[0]
    assert "Agent de guichet · <bdi>Chambre</bdi>" in line
    assert "<summary>2 opérations automatiques</summary>" in text
    only = client.get(f"/people/{fatima.pk}/journal/?kind=care").content.decode()
    assert "Elle vient mardi." not in only
    assert "Aucune opération de ce type" in only
