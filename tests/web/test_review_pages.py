"""The review queue: decide, undo, put off; someone else decided meanwhile."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.register.factories import AT, listed, person, places, system
from tests.web.staff import AGADIR, SETTAT, fragment_and_page, signed_in

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.trail import acting
from qafila.institutions.models import Post
from qafila.lists.models import CandidatePair, Row

pytestmark = pytest.mark.django_db
EVIDENCE = [
    {"code": "family_same", "params": {"left": "DARIF", "right": "DARIF"}, "weight": 5.0},
    {"code": "card_differs", "params": {"left": "JB1", "right": "JB2"}, "weight": -4.0},
    {"code": "ambiguous", "params": None, "weight": None},
]


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


def waiting(probability: float = 0.7, province: str = AGADIR) -> CandidatePair:
    """Two rows of two people that may be one."""
    left, right = (
        listed(person(province=province), "chamber", full_name=name, card_number=card)
        for name, card in (("DARIF Hassan", "JB1"), ("DARIF Hasan", "JB2"))
    )
    with acting(system(), at=AT):
        return CandidatePair.objects.create(
            left=left, right=right, probability=probability, state="waiting", evidence=EVIDENCE
        )


def answer(client: Client, pair: CandidatePair, said: str, **more: str) -> Any:
    """Press one of the two buttons, as htmx does."""
    sent = {"answer": said, "command_id": str(uuid.uuid4()), **more}
    return client.post(f"/review/{pair.pk}/", sent, headers={"HX-Request": "true"})


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_the_pair_stands_side_by_side_with_its_evidence(language: str) -> None:
    waiting()
    client = signed_in(Role.CHAMBER_STAFF, language=language)
    fragment, page = fragment_and_page(client, "/review/")
    assert fragment in page
    text = page.decode()
    assert text.count('class="differs"') >= 1
    assert "JB2" in text
    assert ("عناصر متطابقة" in text) == (language == "ar")
    assert 'data-key="s"' in text


def doubtful() -> CandidatePair:
    """Two rows of one file that the machine would not join today."""
    one = person(province=AGADIR)
    left, right = (
        listed(one, "chamber", full_name=name, card_number=card)
        for name, card in (("SABBANE Hassan", "EE101010"), ("SABBANE Houcine", "EE101011"))
    )
    with acting(system(), at=AT):
        return CandidatePair.objects.create(
            left=left, right=right, probability=0.5, state="doubtful", evidence=EVIDENCE
        )


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
def test_what_the_machine_merged_has_a_queue_of_its_own(language: str) -> None:
    pair = doubtful()
    client = signed_in(Role.CHAMBER_STAFF, language=language)
    queue = client.get("/review/").content.decode()
    assert 'href="/review/merged/"' in queue
    assert f"/review/{pair.pk}/" not in queue
    fragment, page = fragment_and_page(client, "/review/merged/")
    assert fragment in page
    assert f"/review/{pair.pk}/" in page.decode()
    assert 'data-key="d"' in page.decode()


def test_one_key_takes_a_merge_apart_and_stays_in_its_queue() -> None:
    first, second = doubtful(), doubtful()
    client = signed_in(Role.CHAMBER_STAFF)
    text = answer(client, first, "different", queue="merged_by_machine").content.decode()
    assert f"/review/{second.pk}/" in text
    first = CandidatePair.objects.select_related("left", "right").get(pk=first.pk)
    assert first.left.person_id != first.right.person_id
    undone = client.post(
        f"/review/{first.pk}/undo/",
        {"queue": "merged_by_machine"},
        headers={"HX-Request": "true"},
    )
    assert f"/review/{first.pk}/" in undone.content.decode()
    first = CandidatePair.objects.select_related("left", "right").get(pk=first.pk)
    assert first.left.person_id == first.right.person_id


def test_a_queue_without_doubts_says_how_to_look() -> None:
    text = signed_in(Role.CHAMBER_STAFF).get("/review/merged/").content.decode()
    assert "une fois que l’administrateur les a recherchés" in text.replace("&#x27;", "’")


@pytest.mark.parametrize(("said", "files"), [("same", 1), ("different", 2)])
def test_a_decision_brings_the_next_pair_and_can_be_undone(said: str, files: int) -> None:
    first, second = waiting(0.9), waiting(0.6)
    client = signed_in(Role.CHAMBER_STAFF)
    text = answer(client, first, said).content.decode()
    assert f"/review/{second.pk}/" in text
    assert f"/review/{first.pk}/undo/" in text
    first = CandidatePair.objects.select_related("left", "right").get(pk=first.pk)
    assert first.state == said
    assert len({first.left.person_id, first.right.person_id}) == files
    undone = client.post(f"/review/{first.pk}/undo/", headers={"HX-Request": "true"})
    assert "La décision est annulée." in undone.content.decode()
    first.refresh_from_db()
    assert first.state == "waiting"


def test_without_javascript_the_answer_leads_to_the_next_page() -> None:
    first, second = waiting(0.9), waiting(0.6)
    client = signed_in(Role.CHAMBER_STAFF)
    sent = {"answer": "different", "command_id": str(uuid.uuid4())}
    response = client.post(f"/review/{first.pk}/", sent)
    assert response.headers["Location"] == f"/review/?done={first.pk}"
    assert f"/review/{second.pk}/" in client.get(response.headers["Location"]).content.decode()


def test_a_double_click_decides_once() -> None:
    pair = waiting()
    client = signed_in(Role.CHAMBER_STAFF)
    same_click = str(uuid.uuid4())
    for _ in range(2):
        response = answer(client, pair, "same", command_id=same_click)
        assert "tone-bad" not in response.content.decode()
    pair.refresh_from_db()
    assert pair.state == "same"


def test_someone_elses_decision_meanwhile_is_told() -> None:
    pair, later = waiting(0.9), waiting(0.5)
    answer(signed_in(Role.DIRECTORATE), pair, "different")
    text = answer(signed_in(Role.CHAMBER_STAFF), pair, "same").content.decode()
    assert "tone-bad" in text
    assert f"/review/{later.pk}/" in text
    pair.refresh_from_db()
    assert pair.state == "different"


def test_later_shows_the_next_and_at_the_end_offers_to_begin_again() -> None:
    first, second = waiting(0.9), waiting(0.5)
    client = signed_in(Role.CHAMBER_STAFF)
    after_first = client.get(f"/review/?after={first.pk}").content.decode()
    assert f"/review/{second.pk}/" in after_first
    at_the_end = client.get(f"/review/?after={second.pk}").content.decode()
    assert "Recommencer" in at_the_end
    assert "2 doublons en attente" in at_the_end


@pytest.mark.parametrize(
    "asked", ["after=x", "after=-1", "after=999999", "done=abc", "done=999999"]
)
def test_odd_addresses_begin_at_the_likeliest_pair(asked: str) -> None:
    pair = waiting()
    response = signed_in(Role.CHAMBER_STAFF).get(f"/review/?{asked}")
    assert response.status_code == 200
    assert f"/review/{pair.pk}/" in response.content.decode()


def test_no_answer_is_told_and_decides_nothing() -> None:
    pair = waiting()
    client = signed_in(Role.CHAMBER_STAFF)
    assert "tone-bad" in answer(client, pair, "perhaps").content.decode()
    pair.refresh_from_db()
    assert pair.state == "waiting"
    assert client.get(f"/review/{pair.pk}/").status_code == 405


def test_an_empty_queue_says_so() -> None:
    text = signed_in(Role.CHAMBER_STAFF).get("/review/").content.decode()
    assert "Aucun doublon en attente" in text


def test_other_territories_and_roles_find_nothing() -> None:
    pair = waiting()
    elsewhere = signed_in(Role.CHAMBER_STAFF, province=SETTAT)
    assert answer(elsewhere, pair, "same").status_code == 404
    assert f"/review/{pair.pk}/" not in elsewhere.get("/review/").content.decode()
    for role in (Role.COUNTER_AGENT, Role.FIELD_AGENT, Role.AUDITOR):
        outsider = signed_in(role)
        assert outsider.get("/review/").status_code == 404
        assert answer(outsider, pair, "same").status_code == 404
    liaison = signed_in(Role.FUND_LIAISON)
    looked = liaison.get("/review/")
    assert looked.status_code == 200
    assert f'action="/review/{pair.pk}/"' not in looked.content.decode()
    assert answer(liaison, pair, "same").status_code == 404


def test_the_queue_comes_as_a_file_with_nothing_that_runs() -> None:
    pair = waiting()
    with acting(system(), at=AT):
        Row.objects.filter(pk=pair.left_id).update(full_name="=cmd()", birth_date="1971-03-12",
                                                   birth_precision="day")  # fmt: skip
    waiting(province=SETTAT)
    client = signed_in(Role.CHAMBER_STAFF)
    response = client.get("/review/qafila-review.csv")
    assert response.headers["Content-Disposition"].startswith("attachment")
    head, *lines = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    (line,) = lines
    told = dict(zip(head, line, strict=True))
    assert told["Doublon"] == str(pair.pk)
    assert "'=cmd()" in line
    assert "Numéros de carte différents : JB1 / JB2." in line[-1].replace("\xa0", " ")
    assert not any("\u2068" in cell for cell in line)
    assert client.get("/review/qafila-review.xlsx").status_code == 200
    assert client.get("/review/qafila-review.pdf").status_code == 404
    assert signed_in(Role.COUNTER_AGENT).get("/review/qafila-review.csv").status_code == 404


def test_undoing_goes_back_only_to_our_own_pages() -> None:
    pair = waiting()
    client = signed_in(Role.CHAMBER_STAFF)
    answer(client, pair, "different")
    response = client.post(f"/review/{pair.pk}/undo/", {"back": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/review/"


def test_the_queue_keeps_its_query_budget(django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        waiting()
    client = signed_in(Role.CHAMBER_STAFF)
    client.get("/review/")
    with django_assert_max_num_queries(9):
        assert client.get("/review/").status_code == 200


def test_with_two_posts_each_pair_is_decided_where_a_post_decides() -> None:
    """Of the fund in the whole country, which looks; at the chamber of Agadir, which decides."""
    client = signed_in(Role.FUND_LIAISON, province=None)
    account = client.account  # type: ignore[attr-defined]
    held = account.posts.get()
    with acting(system(), at=AT):
        Post.objects.create(
            account=account, role=Role.CHAMBER_STAFF, institution=held.institution,
            province_id=AGADIR, held_from=held.held_from,
        )  # fmt: skip
    there, here = waiting(0.9, SETTAT), waiting(0.8, AGADIR)
    first = client.get("/review/").text
    assert f"/review/{there.pk}/" not in first
    assert f'href="/review/?after={there.pk}"' in first
    second = client.get(f"/review/?after={there.pk}").text
    assert f'action="/review/{here.pk}/"' in second
    answer(client, there, "different")
    there.refresh_from_db()
    assert there.state == "waiting"
    answer(client, here, "different")
    here.refresh_from_db()
    assert here.state == "different"


def test_what_speaks_against_stands_first_and_differing_rows_lead() -> None:
    waiting()
    text = signed_in(Role.CHAMBER_STAFF).get("/review/").content.decode()
    table, favour = text.index("compare-table"), text.index("evidence-title")
    assert text.index("counter-evidence") < table < favour
    rows = re.findall(r'<tr role="row" class="(\w*)"', text)
    judged = [row for row in rows if row]
    assert judged == sorted(judged)
    assert rows[0] == "differs"


def test_each_of_the_last_decisions_can_be_undone_and_says_what_that_does() -> None:
    pairs = [waiting(0.9), waiting(0.8), waiting(0.7)]
    client = signed_in(Role.CHAMBER_STAFF)
    for pair, said in zip(pairs, ("same", "different", "same"), strict=True):
        queue = answer(client, pair, said).content.decode()
    assert "3 décisions aujourd’hui" in queue
    mine = client.get("/review/mine/").content.decode()
    assert mine.count("/undo/") == 3
    assert mine.count("Annuler rétablit les deux dossiers") == 2
    assert mine.count("aucun dossier ne change") == 1
    client.post(f"/review/{pairs[0].pk}/undo/", {"back": "/review/mine/"})
    pairs[0].refresh_from_db()
    assert pairs[0].state == "waiting"
    assert client.get("/review/mine/").content.decode().count("/undo/") == 2
    other = signed_in(Role.DIRECTORATE).get("/review/mine/").content.decode()
    assert "/undo/" not in other
