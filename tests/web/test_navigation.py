"""One name for each place, rooms by role, and where one is."""

from __future__ import annotations

import re
from itertools import product

import pytest
from django.test import Client
from django.utils import translation
from tests.web.staff import signed_in, text_of

from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.web.design.rooms import MOST_IN_BAR, ROOM_NAMES, Room
from qafila.web.site.areas import find_address, navigation_for
from qafila.web.site.navigation.places import Navigation, navigation

pytestmark = pytest.mark.django_db
STAFF = [role for role in Role if role is not Role.SYSTEM]


def _seen_by(role: Role, path: str = "/home/") -> Navigation:
    actor = Actor.holding(1, "Driss", [role], WHOLE_COUNTRY)
    return navigation(path, actor, [role])


def _labels(places: tuple[object, ...]) -> list[str]:
    return [str(place.label) for place in places]  # type: ignore[attr-defined]


def _headings(page: str) -> list[str]:
    found = re.findall(r"<h1[^>]*>(.*?)</h1>|<title>([^<]*?) · ", page, re.DOTALL)
    return [re.sub(r"<[^>]+>|\s+", " ", one or other).strip() for one, other in found]


@pytest.mark.parametrize("role", [Role.PROGRAMME_LEAD, Role.AUDITOR, Role.ADMINISTRATOR])
def test_a_place_has_one_name_in_menu_heading_and_title(stage: None, role: Role) -> None:
    client = signed_in(role, province=None)
    actor = Actor.holding(1, "Driss", [role], WHOLE_COUNTRY)
    wrong = {}
    for item in navigation_for(actor):
        page = text_of(client.get(find_address(item.url_name)))
        with translation.override("fr"):
            names = {str(item.label), *_headings(page)}
        if len(names) > 1:
            wrong[item.url_name] = names
    assert not wrong


def test_a_public_place_has_one_name(client: Client) -> None:
    client.cookies["qafila_language"] = "fr"
    for item in navigation_for(None):
        page = text_of(client.get(find_address(item.url_name)))
        assert len(set(_headings(page))) == 1, item.url_name


@pytest.mark.parametrize("role", STAFF)
def test_a_bar_holds_five_places_at_most_and_loses_none(role: Role) -> None:
    seen = _seen_by(role)
    assert len(seen.bar) <= MOST_IN_BAR + 1
    assert len(seen.phone) <= 4
    addresses = [part.href for room in seen.rooms for part in room.parts or (room,)]
    offered = navigation_for(Actor.holding(1, "Driss", [role], WHOLE_COUNTRY))
    assert sorted([*addresses, "/home/"]) == sorted(
        find_address(item.url_name) or "" for item in offered
    )


@pytest.mark.parametrize(
    ("role", "first"),
    [
        (Role.FUND_LIAISON, Room.MONEY),
        (Role.CHAMBER_STAFF, Room.LISTS),
        (Role.AUDITOR, Room.AUDIT),
        (Role.ADMINISTRATOR, Room.ADMINISTRATION),
    ],
)
def test_the_bar_begins_with_the_room_of_the_role(role: Role, first: Room) -> None:
    assert _labels(_seen_by(role).rooms)[0] == str(ROOM_NAMES[first])


def test_on_every_page_one_place_of_the_phone_s_bar_is_marked() -> None:
    paths = ("/home/", "/people/", "/people/7/money/", "/payments/noted/", "/jobs/", "/menu/")
    for role, path in product(STAFF, paths):
        marked = [place for place in _seen_by(role, path).phone if place.here]
        assert len(marked) == 1, (role, path)


def test_of_places_within_one_another_the_narrowest_is_here() -> None:
    room = _seen_by(Role.FUND_LIAISON, "/payments/noted/").room
    assert room
    assert [part.href for part in room.parts if part.here] == ["/payments/noted/"]


def test_the_menu_works_without_a_script_and_holds_every_place(driss_client: Client) -> None:
    page = driss_client.get("/menu/").text
    for wanted in ("/people/", "/stalled/", "/language/", "/theme/", "/accounts/logout/", "tel:"):
        assert wanted in page


def test_components_are_not_in_the_public_footer(client: Client) -> None:
    foot = client.get("/").text.partition("<footer")[2]
    assert "/gallery" not in foot
    assert "tel:3939" in foot
    assert "/accessibility/" in foot
