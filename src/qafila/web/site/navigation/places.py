"""The places of the navigation as one reader sees them on one page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.contributions.account.ways_to_pay import CALL_CENTRE
from qafila.foundation.actors import Actor
from qafila.web.design.rooms import (
    MOST_IN_BAR,
    ROOM_ICONS,
    ROOM_NAMES,
    Room,
    rooms_in_order,
)
from qafila.web.site.areas import NavItem, find_address, navigation_for

Here = Literal["page", "true", ""]


@dataclass(frozen=True)
class Place:
    """Somewhere to go; `here`, as assistive technology hears it: this page, or within it.

    A room with several pages has them as its `parts`.
    """

    label: str | Promise
    href: str
    here: Here = ""
    icon: str = ""
    parts: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Navigation:
    """What leads around: a bar with what is left over behind "More", and a bar for phones.

    `public` is what a craftworker needs, at the foot of every page.
    """

    home: Place
    rooms: tuple[Place, ...]
    phone: tuple[Place, ...]
    public: tuple[Place, ...]

    @property
    def bar(self) -> tuple[Place, ...]:
        """The home page and the first rooms."""
        return (self.home, *self.rooms[:MOST_IN_BAR])

    @property
    def more(self) -> tuple[Place, ...]:
        """The rooms for which the bar has no place."""
        return self.rooms[MOST_IN_BAR:]

    @property
    def more_here(self) -> bool:
        """Whether this page is in a room for which the bar has no place."""
        return any(room.here for room in self.more)

    @property
    def room(self) -> Place | None:
        """The room this page lies in, where that has parts."""
        return next((room for room in self.rooms if room.here and room.parts), None)


def navigation(path: str, actor: Actor | None, roles: Collection[str]) -> Navigation:
    """The rooms and pages that this actor (or a visitor) finds, seen from the page at `path`.

    `roles` order the rooms; what is found is asked of each page.
    """
    home = _fixed(_("Home"), "home" if actor else "front_page", "home", path)
    public = _places(navigation_for(None), path)
    rooms = _rooms(path, actor, roles) if actor else tuple(place for _item, place in public)
    foot = tuple(place for _item, place in public) + _for_everyone(path, actor)
    return Navigation(home, rooms, _phone(home, rooms, path, actor), foot)


def _rooms(path: str, actor: Actor, roles: Collection[str]) -> tuple[Place, ...]:
    items = [item for item in navigation_for(actor) if item.room]
    found: dict[Room, list[Place]] = defaultdict(list)
    for item, place in _places(items, path):
        found[item.room or Room.PEOPLE].append(place)
    return tuple(_room(room, tuple(found[room])) for room in rooms_in_order(roles) if room in found)


def _room(room: Room, parts: tuple[Place, ...]) -> Place:
    """A room of one page is that page, by its own name."""
    if len(parts) == 1:
        return replace(parts[0], icon=ROOM_ICONS[room])
    here: Here = "true" if any(part.here for part in parts) else ""
    return Place(ROOM_NAMES[room], parts[0].href, here, ROOM_ICONS[room], parts)


def _places(items: list[NavItem], path: str) -> list[tuple[NavItem, Place]]:
    """Each entry seen from `path`: of addresses that lie within one another the narrowest is it."""
    addresses = [find_address(item.url_name) or "/" for item in items]
    narrowest = max((one for one in addresses if path.startswith(one)), key=len, default="")
    return [
        (item, Place(item.label, address, _here(path, address, narrowest), item.icon))
        for item, address in zip(items, addresses, strict=True)
    ]


def _here(path: str, address: str, narrowest: str) -> Here:
    return "page" if path == address else "true" if address == narrowest else ""


def _fixed(label: str | Promise, url_name: str, icon: str, path: str) -> Place:
    address = reverse(url_name)
    return Place(label, address, "page" if path == address else "", icon)


def _for_everyone(path: str, actor: Actor | None) -> tuple[Place, ...]:
    """Whom to call, what is done with data and for access; staff sign in here."""
    return (
        Place(
            _("Call the CNSS: %(number)s") % {"number": CALL_CENTRE},
            f"tel:{CALL_CENTRE}",
            "",
            "phone",
        ),
        _fixed(_("Personal data"), "personal_data", "lock", path),
        _fixed(_("Accessibility"), "accessibility", "info", path),
        *([] if actor else [_fixed(_("Staff sign-in"), "account_login", "key", path)]),
    )


def _phone(
    home: Place, rooms: tuple[Place, ...], path: str, actor: Actor | None
) -> tuple[Place, ...]:
    """Four places at most, the menu last; it is marked where none of the others is."""
    first = _staff_first(home, rooms, path) if actor else (home, *rooms[:2])
    menu = _fixed(_("Menu"), "menu", "menu", path)
    if not menu.here and not any(place.here for place in first):
        menu = replace(menu, here="true")
    return (*first, menu)


def _staff_first(home: Place, rooms: tuple[Place, ...], path: str) -> tuple[Place, ...]:
    """Home, the search where the reader finds people, and the first room that is not that."""
    search = _fixed(_("Search"), "people", "search", path)
    others = [room for room in rooms if not _leads_to(room, search.href)]
    if len(others) == len(rooms):
        return (home, *others[:1])
    within: Here = "true" if path.startswith(search.href) else ""
    return (home, replace(search, here=search.here or within), *others[:1])


def _leads_to(room: Place, address: str) -> bool:
    return address in {room.href, *(part.href for part in room.parts)}
