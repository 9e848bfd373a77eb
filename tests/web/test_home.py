"""The home page by role, and the counts that areas offer."""

from __future__ import annotations

import datetime as dt
import types

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.web.staff import actor_behind, signed_in

from qafila.audit.access import traces_seen_by
from qafila.audit.month_figures import WatchFigures, watch_figures
from qafila.foundation import clock
from qafila.foundation.access_log import record_list_read
from qafila.foundation.actors import NOWHERE, WHOLE_COUNTRY, Actor, Role
from qafila.foundation.models import JournalEntry
from qafila.institutions.models import Account
from qafila.institutions.queries import accounts_without_second_factor
from qafila.web.home import pages
from qafila.web.home.cards import CARDS, cards_for
from qafila.web.site import areas
from qafila.web.stalled import pages as stalled_pages

pytestmark = pytest.mark.django_db


def _actor(*roles: Role) -> Actor:
    return Actor.holding(1, "Driss", frozenset(roles), WHOLE_COUNTRY)


def test_the_front_page_sends_staff_home(driss_client: Client) -> None:
    assert driss_client.get("/").headers["Location"] == "/home/"


def test_home_names_the_person_and_the_role(driss_client: Client, driss: Account) -> None:
    page = driss_client.get("/home/").text
    assert driss.name in page
    assert "عون الشباك" in page


def _keys(*roles: Role) -> set[str]:
    return {card.key for card in CARDS if card.may(_actor(*roles))}


def test_cards_are_what_the_role_can_end() -> None:
    assert "stalled" in _keys(Role.COUNTER_AGENT)
    assert "review" not in _keys(Role.COUNTER_AGENT)
    assert {"review", "applications"} <= _keys(Role.CHAMBER_STAFF)
    assert {"runs", "anomalies", "arrears", "payment_notes", "claims"} <= _keys(Role.FUND_LIAISON)
    assert not {"review", "stalled"} & _keys(Role.FUND_LIAISON)
    assert "review" not in _keys(Role.PROGRAMME_LEAD)
    assert _keys(Role.AUDITOR) == {"audit", "anomalies"}
    assert {"staff", "jobs"} <= _keys(Role.ADMINISTRATOR)


def test_cards_come_by_number_and_urgency_and_zeros_are_folded() -> None:
    names = ("review", "applications", "anomalies", "stalled")
    items = [areas.NavItem(f"{name}!", name, 1) for name in names]
    waiting = {
        "review": areas.Waiting(90),
        "applications": areas.Waiting(10),
        "anomalies": areas.Waiting(0),
        "stalled": areas.Waiting(700),
    }
    shown, nothing = cards_for(_actor(Role.CHAMBER_STAFF), items, waiting)
    assert [one.card.key for one in shown] == ["stalled", "applications", "review"]
    assert [str(one.title) for one in nothing] == ["anomalies!"]


def test_counts_come_from_the_areas(driss_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    area = types.ModuleType("area")
    parts = (areas.Part("Sans carte", 1200, "/stalled/?reason=x"),)
    area.HOME_COUNTS = {"stalled": lambda actor: areas.Waiting(1204, parts)}  # type: ignore[attr-defined]
    monkeypatch.setattr(areas, "page_modules", lambda: (pages, stalled_pages, area))
    page = driss_client.get("/home/").text
    assert '<p class="big">1\N{NO-BREAK SPACE}204</p>' in page
    assert 'href="/stalled/?reason=x"' in page


def test_a_count_of_none_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    area = types.ModuleType("area")
    area.HOME_COUNTS = {"review": lambda actor: None}  # type: ignore[attr-defined]
    monkeypatch.setattr(areas, "page_modules", lambda: (area,))
    assert areas.waiting_counts(_actor(Role.CHAMBER_STAFF), ["review"]) == {}


@pytest.mark.parametrize(
    ("role", "wanted", "most"),
    [
        (Role.COUNTER_AGENT, 'id="home-search"', 12),
        (Role.FUND_LIAISON, 'href="/contributions/"', 20),
        (Role.PROGRAMME_LEAD, 'id="covered"', 20),
        (Role.AUDITOR, 'id="watched"', 14),
        (Role.ADMINISTRATOR, 'id="system"', 20),
    ],
)
def test_home_shows_what_the_role_needs_with_few_queries(
    stage: None, role: Role, wanted: str, most: int
) -> None:
    client = signed_in(role, province=None)
    client.get("/home/")
    with CaptureQueriesContext(connection) as made:
        assert wanted in client.get("/home/").text
    assert len(made) <= most, len(made)


def test_an_auditor_counts_merges_reversals_and_exports(stage: None, system: Actor) -> None:
    actor = actor_behind(signed_in(Role.AUDITOR, province=None))
    at = clock.now()
    record_list_read(12, actor=system, at=at, place="arrears", asked="kind=csv")
    record_list_read(12, actor=system, at=at, place="arrears", asked="age=2")
    for verb in ("persons_merged", "merge_undone"):
        JournalEntry.objects.create(
            at=at, actor_id=system.id, verb=f"people.{verb}", subject_type="people.Person",
            subject_id=1, data={},
        )  # fmt: skip
    found = watch_figures(at - dt.timedelta(days=1), scope=traces_seen_by(actor))
    assert found == WatchFigures(merges=1, merges_undone=1, payments_reversed=0, exports=1)
    assert watch_figures(at - dt.timedelta(days=1), scope=NOWHERE) == WatchFigures(0, 0, 0, 0)


def test_accounts_that_decide_without_a_second_factor_are_counted(stage: None) -> None:
    signed_in(Role.FUND_LIAISON, province=None)
    assert accounts_without_second_factor(scope=WHOLE_COUNTRY, on=clock.today()) == 0
    Authenticator.objects.all().delete()
    assert accounts_without_second_factor(scope=WHOLE_COUNTRY, on=clock.today()) == 1
    assert accounts_without_second_factor(scope=NOWHERE, on=clock.today()) == 0


def test_visitors_and_staff_have_different_navigation() -> None:
    public = {item.url_name for item in areas.navigation_for(None)}
    staff = {item.url_name for item in areas.navigation_for(_actor(Role.COUNTER_AGENT))}
    assert public == {"mine_code", "pay", "verify"}
    assert "home" in staff
    assert "pay" not in staff


def test_an_entry_without_address_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    area = types.ModuleType("area")
    area.NAV = (areas.NavItem("Nowhere", "no_such_address", 1),)  # type: ignore[attr-defined]
    monkeypatch.setattr(areas, "page_modules", lambda: (area,))
    assert areas.navigation_for(_actor(Role.COUNTER_AGENT)) == []


def test_every_area_is_found() -> None:
    names = {module.__name__.split(".")[-2] for module in areas.page_modules()}
    assert {"home", "pay", "gallery", "health", "preferences"} <= names
