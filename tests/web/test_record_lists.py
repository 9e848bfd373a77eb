"""The component of lists: what an address asks, what is taken along, saved views, density."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from tests.contributions.factories import in_arrears
from tests.register.factories import AT, list_import, listed, person, places, system
from tests.web.staff import actor_behind, signed_in, text_of

from qafila.contributions.arrears.opening import open_reported_arrears
from qafila.contributions.arrears.refreshing import refresh_arrears
from qafila.foundation import clock
from qafila.foundation.actors import Role
from qafila.foundation.models import AccessLogEntry
from qafila.foundation.trail import acting
from qafila.institutions.accounts.saved_views import MOST_VIEWS, save_view, views_of
from qafila.linkage.names.name_keys import index_keys
from qafila.lists.models import ListImport
from qafila.web.arrears import presenter
from qafila.web.design.record_list import Asked, Record, RecordColumn, RecordList
from qafila.web.records import listing
from qafila.web.records.whole import Whole
from qafila.web.site.areas import page_modules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stage(db: None) -> Iterator[None]:
    places()
    with clock.stopped_at(AT):
        yield


@pytest.fixture
def fund() -> Client:
    """The fund's liaison before three people in arrears, who owe for 2, 3 and 4 months."""
    for months in (2, 3, 4):
        in_arrears(months)
    open_reported_arrears(AT.date(), actor=system(), at=AT)
    refresh_arrears(on=AT.date(), actor=system(), at=AT)
    return signed_in(Role.FUND_LIAISON)


def _body(client: Client, address: str) -> bytes:
    response: Any = client.get(address)
    assert response.status_code == 200, address
    return bytes(b"".join(response.streaming_content) if response.streaming else response.content)


def _sums(page: str) -> list[str]:
    found = re.findall(
        r'data-label="En retard"[^>]*>\s*<a [^>]*>\s*([\d, ]+)', page.replace("\xa0", " ")
    )
    return [one.replace(" ", "") for one in found]


def test_changing_one_part_of_an_address_keeps_the_others() -> None:
    asked = Asked("/list/", {"kind": "a", "place": "06"}, sort="-sum", after="9~1")
    assert asked.but(kind="b") == "/list/?kind=b&place=06&sort=-sum"
    assert asked.sorted_by("sum") == "/list/?kind=a&place=06&sort=sum"
    assert asked.here == "/list/?kind=a&place=06&sort=-sum&after=9~1"
    assert asked.as_file("csv") == "/list/?kind=a&place=06&sort=-sum&as=csv"


def test_a_heading_turns_the_order_round_and_says_which_it_is() -> None:
    columns = (RecordColumn("n", "N", "number", sort="n"), RecordColumn("t", "T"))
    up, plain = RecordList("", columns, (), Asked("/", sort="n")).headings
    assert (up.order, up.href, plain.href) == ("ascending", "/?sort=-n", "")
    (down, _) = RecordList("", columns, (), Asked("/", sort="-n")).headings
    assert (down.order, down.href) == ("descending", "/?sort=n")


def test_a_sum_or_else_the_state_stands_beside_the_name_on_a_card() -> None:
    name, state = RecordColumn("name", "N"), RecordColumn("state", "S", "tag")
    owed = RecordColumn("owed", "O", "money")
    assert RecordList("", (name, state, owed), (), Asked("/")).corner == "owed"
    assert RecordList("", (name, state), (), Asked("/")).corner == "state"
    assert RecordList("", (owed, name), (), Asked("/")).corner == ""


def test_a_whole_list_is_ordered_and_turned_in_memory() -> None:
    columns = (RecordColumn("n", "N", "number", sort="n"),)
    records = [Record({"n": n}) for n in (2, None, 3, 1)]
    source = Whole(records, Asked("/", sort="-n"), columns)
    found = source.read("", 3)
    assert [one.cells["n"] for one in source.show(found)] == [3, 2, 1]
    assert [one.cells["n"] for one in source.show(source.read(source.place(found[-1]), 3))] == [
        None
    ]


@pytest.mark.parametrize("order", ["sum", "since", "months"])
def test_every_order_turns_its_pages_both_ways(
    fund: Client, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presenter, "LISTING", replace(presenter.LISTING, a_page=2))
    whole = _sums(text_of(fund.get("/arrears/?sort=sum&as=print")))
    assert len(whole) == 3
    for sort, wanted in ((order, whole), (f"-{order}", whole[::-1])):
        first = text_of(fund.get(f"/arrears/?category=craftworker&sort={sort}"))
        following = re.findall(r'rel="next" href="([^"]+)"', first)
        assert f"category=craftworker&sort={sort}&" in following[0]
        found = _sums(first) + _sums(text_of(fund.get(following[0])))
        if order != "since":
            assert found == wanted
        assert sorted(found) == sorted(whole)


def test_a_file_holds_every_row_of_the_filters_and_is_logged_once(fund: Client) -> None:
    rows = _body(fund, "/arrears/?place=09.001&as=csv").decode("utf-8-sig").splitlines()
    assert len(rows) == 4
    assert rows[0].startswith("Dossier,")
    look = AccessLogEntry.objects.get(place="arrears", people_count=3)
    assert look.asked == "place=09.001 as=csv"
    sheet = ZipFile(io.BytesIO(_body(fund, "/arrears/?as=xlsx")))
    assert "xl/worksheets/sheet1.xml" in sheet.namelist()
    assert fund.get("/arrears/?as=exe").status_code == 404


def test_what_is_too_long_for_a_file_or_for_paper_says_so(
    fund: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_IN_A_FILE", 2)
    monkeypatch.setattr(listing, "MOST_ON_PAPER", 2)
    rows = _body(fund, "/arrears/?as=csv").decode("utf-8-sig").splitlines()
    assert (len(rows), "filtres" in rows[-1]) == (4, True)
    paper = text_of(fund.get("/arrears/?as=print"))
    assert "filtres" in paper
    assert len(_sums(paper)) == 2


def test_an_empty_list_says_which_filter_empties_it(fund: Client) -> None:
    page = text_of(fund.get("/arrears/?category=cpu&place=09.001"))
    assert 'class="empty"' in page
    assert 'href="/arrears/?place=09.001&sort=sum"' in page


def test_a_view_is_kept_for_its_holder_and_dropped(fund: Client) -> None:
    sent = {
        "place": "arrears",
        "asked": "category=craftworker&sort=-sum",
        "name": "Les plus gros",
        "back": "/arrears/?category=craftworker&sort=-sum",
    }
    saved: Any = fund.post("/views/save/", sent)
    assert saved.headers["Location"] == sent["back"]
    assert 'href="/arrears/?category=craftworker&sort=-sum" aria-current="true"' in text_of(
        fund.get(sent["back"])
    )
    other = signed_in(Role.FUND_LIAISON)
    assert "Les plus gros" not in text_of(other.get("/arrears/"))
    (view,) = views_of("arrears", actor=actor_behind(fund))
    assert other.post("/views/drop/", {"view": view.pk}).status_code == 404
    fund.post("/views/drop/", {"view": view.pk, "back": "/arrears/"})
    assert views_of("arrears", actor=actor_behind(fund)) == []


def test_views_are_bounded_and_hold_codes_alone(fund: Client) -> None:
    who = actor_behind(fund)
    for number in range(MOST_VIEWS):
        save_view(place="arrears", name=f"V{number}", asked="", actor=who, at=AT)
    sent = {"place": "arrears", "asked": "", "name": "Une de trop", "back": "/arrears/"}
    told = fund.post("/views/save/", sent, follow=True)
    assert f"déjà {MOST_VIEWS} vues" in text_of(told)
    for asked in ("q=Fatima Zahra", 'x="><script>'):
        assert fund.post("/views/save/", {**sent, "asked": asked}).status_code == 404
    assert fund.post("/views/save/", {**sent, "name": " "}, follow=True).status_code == 200
    away: Any = fund.post("/views/save/", {**sent, "back": "//evil.example/"})
    assert away.headers["Location"] == "/home/"


def test_rows_stand_as_close_as_the_reader_asked(fund: Client) -> None:
    fund.post("/density/", {"density": "compact", "next": "/arrears/"})
    assert 'class="records listed compact"' in text_of(fund.get("/arrears/"))


LISTS = {
    Role.FUND_LIAISON: (
        "arrears", "anomalies", "payments", "payment_notes", "runs", "books", "claims", "lists",
        "stalled", "applications",
    ),
    Role.ADMINISTRATOR: ("staff", "clients", "jobs", "audit_agents", "audit_sign_ins"),
}  # fmt: skip


@pytest.mark.parametrize("role", LISTS)
def test_every_list_is_taken_along_printed_and_keeps_its_filters(role: Role) -> None:
    client = signed_in(role, province=None)
    for name in LISTS[role]:
        address = reverse(name)
        page = text_of(client.get(address))
        assert 'class="record-list' in page, name
        for kind in ("csv", "xlsx", "print"):
            assert _body(client, f"{address}?as={kind}"), name
        for one in re.findall(r'href="([^"]*[?&]sort=[^"]*)"', page):
            assert client.get(one).status_code == 200, one


MADE_UP = (
    "9" * 80, "~", "1~" + "9" * 40, "-" + "9" * 70 + "~1", "2026-01-01T00:00:00~1",
    "9999-12-31T23:59:59-23:59~1", "2026-01-01T00:00:00+00:00~99999999999999999999",
)  # fmt: skip


@pytest.mark.parametrize("role", LISTS)
def test_a_place_in_a_list_that_somebody_made_up_is_answered(role: Role) -> None:
    client = signed_in(role, province=None)
    addresses = [f"{reverse(name)}?" for name in LISTS[role]]
    if role == Role.FUND_LIAISON:
        addresses += ["/anomalies/?state=done&sort=ended&", "/anomalies/?kind=all&sort=found&"]
        addresses += [f"/arrears/?sort={sort}&" for sort in ("-since", "months")]
    for address in addresses:
        for after in MADE_UP:
            asked = f"{address}{urlencode({'after': after})}"
            assert client.get(asked).status_code in (200, 422), asked


def test_every_list_of_the_navigation_is_one_of_these_or_says_why_not() -> None:
    """A new list page is made of the component, or stands here with its reason."""
    without = {
        "home": "cards", "people": "a search; what it finds is one",
        "review": "pairs, one at a time", "funnel": "figures with their own files",
        "credits": "sums to decide", "estimate": "a form", "audit": "cases, with own files",
        "audit_search": "a search", "merged_by_machine": "pairs, with what made them one",
        "access_requests": "requests to answer, each with its form", "begin_file": "a form",
    }  # fmt: skip
    shown = {
        item.url_name
        for module in page_modules()
        for item in getattr(module, "NAV", ())
        if not item.public
    }
    known = {name for names in LISTS.values() for name in names} | set(without)
    assert shown <= known, f"Show {shown - known} through `records.listing`, or say why not here."


def test_what_a_search_found_is_taken_along_and_logged_without_what_was_typed() -> None:
    name = "DARIF Hassan"
    hassan = person(full_name_ar="", full_name_latn=name, name_keys=[*index_keys(name)])
    client = signed_in(Role.COUNTER_AGENT)
    page = text_of(client.get("/people/?q=hassan"))
    assert f'href="/people/{hassan.pk}/"' in page
    assert 'href="/people/?q=hassan&as=csv"' in page
    assert "Vues enregistrées" not in page
    rows = _body(client, "/people/?q=hassan&as=csv").decode("utf-8-sig").splitlines()
    assert rows[1].startswith(f"{hassan.pk},")
    assert "Hassan" in text_of(client.get("/people/?q=hassan&as=print"))
    looks = AccessLogEntry.objects.filter(place="people", people_count=1)
    assert set(looks.values_list("asked", flat=True)) == {
        "query=name", "query=name as=csv", "query=name as=print",
    }  # fmt: skip


def test_rows_of_an_import_are_found_by_what_became_of_them() -> None:
    imported = list_import("chamber")
    listed(None, imported, outcome="rejected", reasons=[], cells={"0": "=1+1"})
    listed(None, imported, outcome="accepted", reasons=[], cells={"0": "Darif"})
    client = signed_in(Role.CHAMBER_STAFF, province=None)
    address = f"/lists/{imported.pk}/rows/"
    assert "Darif" in text_of(client.get(address))
    rejected = text_of(client.get(f"{address}?outcome=rejected"))
    assert "=1+1" in rejected
    assert "Darif" not in rejected
    rows = _body(client, f"{address}?outcome=rejected&as=csv").decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "'=1+1" in rows[1]


def test_a_file_that_failed_is_put_away_and_brought_back() -> None:
    imported = list_import("chamber")
    with acting(system(), at=AT):
        ListImport.objects.filter(pk=imported.pk).update(state="failed", finished_at=AT)
    client = signed_in(Role.CHAMBER_STAFF, province=None)
    here = f'href="/lists/{imported.pk}/"'
    assert here in text_of(client.get("/lists/"))
    told = text_of(client.post(f"/lists/{imported.pk}/away/", follow=True))
    assert here not in told
    assert f'action="/lists/{imported.pk}/back/"' in told
    assert here in text_of(client.get("/lists/?shown=away"))
    assert here in text_of(client.post(f"/lists/{imported.pk}/back/", follow=True))
