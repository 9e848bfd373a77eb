"""The funnel, the people behind each count, the export, and those who are stalled."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from tests.indicators.factories import standing
from tests.register.factories import AT, person, places, system
from tests.web.staff import SETTAT, fragment_and_page, in_language, signed_in

from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.models import AccessLogEntry
from qafila.foundation.trail import acting
from qafila.people.models import Phone
from qafila.places.models import Region

pytestmark = pytest.mark.django_db
PHONE = "+212612345678"
ADDRESSES = ("/indicators/", "/indicators/people/?step=registered", "/stalled/")


@pytest.fixture(autouse=True)
def _counted(db: None) -> Iterator[None]:
    """Three people of Agadir and one of Settat; one is covered."""
    places()
    standing(reason="no_card_number")
    standing(reason="no_card_number", sex="M")
    standing(done=("registered", "rights_open"), reason="covered", rights="open")
    standing(province_code=SETTAT, reason="not_registered", done=("reached",))
    with clock.stopped_at(AT):
        yield


@pytest.mark.parametrize("language", ["ar", "fr", "zgh"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_speak_the_language_and_htmx_gets_a_part_of_them(address: str, language: str) -> None:
    client = signed_in(Role.PROGRAMME_LEAD, province=None, language=language)
    fragment, page = fragment_and_page(client, address)
    assert f'lang="{language}"'.encode() in page
    assert fragment in page
    assert len(fragment) > 300


def test_the_counts_are_those_of_the_territory_and_lead_to_their_people() -> None:
    text = signed_in(Role.CHAMBER_STAFF).get("/indicators/").content.decode()
    assert "/indicators/people/?commune=09.001.01.01&amp;step=registered" in text
    assert SETTAT not in text
    behind = signed_in(Role.CHAMBER_STAFF).get("/indicators/people/?reason=no_card_number")
    assert _people_in(behind.content.decode()) == 2
    assert "2 personnes" in behind.content.decode()


def test_one_goes_down_from_region_to_commune_and_back_up() -> None:
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    country = client.get("/indicators/").content.decode()
    assert 'href="/indicators/?region=09"' in country
    region = client.get("/indicators/?region=09").content.decode()
    assert 'href="/indicators/?region=09&amp;province=09.001"' in region
    province = client.get("/indicators/?region=09&province=09.001").content.decode()
    assert "Commune 09.001" in province
    assert '<a href="/indicators/?region=09">Région 09</a>' in province
    assert '<a href="/indicators/">Ensemble du territoire national</a>' in province


@pytest.mark.parametrize(
    "asked",
    ["by=colour", "region=99", "province=x", "sex=%27%3B--", "trade=abc", "rights=maybe",
     "reason=none", "commune=1", "category=%00"],
)  # fmt: skip
def test_unknown_filters_are_told_and_break_nothing(asked: str) -> None:
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    for page in ("/indicators/", "/indicators/table.csv", "/stalled/", "/indicators/people/"):
        status = client.get(f"{page}?{asked}").status_code
        assert status in ({200} if asked.startswith("by") and "people" in page else {200, 400, 404})
        assert status != 500
    told = client.get("/indicators/?by=colour")
    assert told.status_code == 400
    assert "colour" in told.content.decode()


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "1.5"])
def test_a_cursor_that_is_none_is_told(after: str) -> None:
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    assert client.get("/indicators/people/", {"after": after}).status_code == 400
    assert client.get("/indicators/people/", {"step": "sideways"}).status_code == 400


def _people_in(page: str) -> int:
    return len(set(re.findall(r'href="/people/(\d+)/"', page)))


def test_the_people_behind_a_count_can_be_called_and_taken_along() -> None:
    who = person()
    with acting(system(), at=AT):
        Phone.objects.create(person=who, number=PHONE)
    standing(
        who,
        done=("enrolled",),
        reason="contributions_unpaid",
        months_overdue=2,
        overdue_centimes=20_050,
    )
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    figures = client.get("/indicators/").content.decode()
    behind = "/indicators/people/?step=enrolled&without=paying"
    assert behind.replace("&", "&amp;") in figures
    page = client.get(behind).content.decode()
    assert f'href="tel:{PHONE}"' in page
    assert re.search(r"200,50.DH", page)
    assert "without=paying&amp;step=enrolled&amp;as=print" in page
    reads = AccessLogEntry.objects.filter(place="people_behind")
    before = reads.count()
    told = client.get(f"{behind}&as=csv").content.decode("utf-8-sig")
    assert "200.50" in told
    assert len(told.splitlines()) == 2
    assert client.get(f"{behind}&as=print").status_code == 200
    assert reads.count() == before + 2


def _next(page: str) -> str:
    return re.findall(r'rel="next" href="[^"]*after=(\d+)', page)[0]


def test_people_come_a_page_at_a_time() -> None:
    for _ in range(60):
        standing(person(), reason="trade_unknown")
    client = signed_in(Role.CHAMBER_STAFF)
    first = client.get("/indicators/people/?reason=trade_unknown").content.decode()
    assert _people_in(first) == 25
    after = _next(first)
    second = client.get(f"/indicators/people/?reason=trade_unknown&after={after}").content.decode()
    assert _people_in(second) == 25
    after = _next(second)
    third = client.get(f"/indicators/people/?reason=trade_unknown&after={after}").content.decode()
    assert _people_in(third) == 10
    assert 'rel="next"' not in third


def test_the_export_runs_no_formula_and_names_nobody() -> None:
    with acting(system(), at=AT):
        Region.objects.filter(code="09").update(name_fr="=HYPERLINK(1)")
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    response = client.get("/indicators/table.csv?by=region")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[1] == "'=HYPERLINK(1),3,0,1,0,0,0,1"
    assert lines[-1].endswith("4,1,1,0,0,0,1")
    assert "attachment" in response.headers["Content-Disposition"]
    assert "AIT LAHCEN" not in response.content.decode()


def test_filters_in_force_can_be_taken_away() -> None:
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    text = client.get("/indicators/?region=09&sex=F&category=craftworker").content.decode()
    assert 'href="/indicators/?region=09&amp;category=craftworker"' in text
    assert "Femmes" in text


def test_stalled_people_have_their_reason_and_next_step() -> None:
    client = signed_in(Role.FIELD_AGENT)
    text = client.get("/stalled/").content.decode()
    assert "Sans numéro de carte" in text
    assert "/indicators/people/?reason=no_card_number" in text
    assert "2 personnes ne sont pas encore couvertes" in text
    home = in_language(client, "fr").get("/home/").content.decode()
    assert 'href="/stalled/"' in home


def test_where_everyone_is_covered_it_is_said() -> None:
    text = signed_in(Role.FIELD_AGENT, province="09.541").get("/stalled/").content.decode()
    assert "Toutes les personnes sont couvertes" in text


@pytest.mark.parametrize(
    ("address", "budget"),
    [("/indicators/", 11), ("/indicators/?region=09", 12), ("/stalled/", 7),
     ("/indicators/people/?reason=no_card_number", 8)],
)  # fmt: skip
def test_the_figures_keep_their_query_budget(
    address: str, budget: int, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(Role.PROGRAMME_LEAD, province=None)
    client.get(address)
    with django_assert_max_num_queries(budget):
        assert client.get(address).status_code == 200
