"""The home page by role, and the counts that areas offer."""

from __future__ import annotations

import types

import pytest
from django.test import Client

from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.institutions.models import Account
from qafila.web.home import pages
from qafila.web.site import areas

pytestmark = pytest.mark.django_db


def _actor(*roles: Role) -> Actor:
    return Actor.holding(1, "Driss", frozenset(roles), WHOLE_COUNTRY)


def test_the_front_page_sends_staff_home(driss_client: Client) -> None:
    assert driss_client.get("/").headers["Location"] == "/home/"


def test_home_names_the_person_and_the_role(driss_client: Client, driss: Account) -> None:
    page = driss_client.get("/home/").text
    assert driss.name in page
    assert "عون الشباك" in page


def test_cards_follow_the_role() -> None:
    of_agent = {card.key for card in pages.CARDS if card.may(_actor(Role.COUNTER_AGENT))}
    of_staff = {card.key for card in pages.CARDS if card.may(_actor(Role.CHAMBER_STAFF))}
    assert "people" in of_agent
    assert "lists" not in of_agent
    assert {"people", "lists", "review"} <= of_staff


def test_counts_come_from_the_areas(driss_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    area = types.ModuleType("area")
    area.HOME_COUNTS = {"people": lambda actor: 1204}  # type: ignore[attr-defined]
    monkeypatch.setattr(areas, "page_modules", lambda: (pages, area))
    assert '<p class="big">1\N{NO-BREAK SPACE}204</p>' in driss_client.get("/home/").text


def test_a_count_of_none_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    area = types.ModuleType("area")
    area.HOME_COUNTS = {"review": lambda actor: None}  # type: ignore[attr-defined]
    monkeypatch.setattr(areas, "page_modules", lambda: (area,))
    assert areas.waiting_counts(_actor(Role.CHAMBER_STAFF)) == {}


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
