"""The rooms of the site and the bar of each role. A room without a page is not shown."""

from __future__ import annotations

import enum
from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

# Beside the home page and before "More".
MOST_IN_BAR = 4


class Room(enum.StrEnum):
    """Where a page belongs; in the order in which the menu lists them."""

    PEOPLE = "people"
    DESK = "desk"
    LISTS = "lists"
    REGISTER = "register"
    MONEY = "money"
    PROGRAMME = "programme"
    FOLLOW = "follow"
    AUDIT = "audit"
    ADMINISTRATION = "administration"


ROOM_NAMES: dict[Room, Promise] = {
    Room.PEOPLE: pgettext_lazy("room", "People"),
    Room.DESK: pgettext_lazy("room", "Counter and field"),
    Room.LISTS: pgettext_lazy("room", "Lists"),
    Room.REGISTER: pgettext_lazy("room", "Register"),
    Room.MONEY: pgettext_lazy("room", "Contributions and rights"),
    Room.PROGRAMME: pgettext_lazy("room", "Programme"),
    Room.FOLLOW: pgettext_lazy("room", "Follow-up"),
    Room.AUDIT: pgettext_lazy("room", "Audit"),
    Room.ADMINISTRATION: pgettext_lazy("room", "Administration"),
}
ROOM_ICONS: dict[Room, str] = {
    Room.PEOPLE: "people",
    Room.DESK: "place",
    Room.LISTS: "list",
    Room.REGISTER: "file",
    Room.MONEY: "coins",
    Room.PROGRAMME: "law",
    Room.FOLLOW: "funnel",
    Room.AUDIT: "compare",
    Room.ADMINISTRATION: "key",
}
# By the value of a role. An order only: what is shown is asked of each page.
BARS: dict[str, tuple[Room, ...]] = {
    "counter_agent": (Room.DESK, Room.PEOPLE, Room.REGISTER),
    "field_agent": (Room.DESK, Room.PEOPLE),
    "chamber_staff": (Room.LISTS, Room.REGISTER, Room.PEOPLE, Room.PROGRAMME),
    "directorate": (Room.PEOPLE, Room.PROGRAMME, Room.FOLLOW, Room.LISTS),
    "fund_liaison": (Room.MONEY, Room.LISTS, Room.PEOPLE),
    "programme_lead": (Room.FOLLOW, Room.PROGRAMME, Room.PEOPLE),
    "auditor": (Room.AUDIT, Room.PEOPLE, Room.FOLLOW),
    "administrator": (Room.ADMINISTRATION, Room.LISTS),
}


def rooms_in_order(roles: Collection[str]) -> list[Room]:
    """All rooms, those of the roles' bars first, as their bars order them."""
    wanted = [room for role in BARS if role in roles for room in BARS[role]]
    return list(dict.fromkeys([*wanted, *Room]))
