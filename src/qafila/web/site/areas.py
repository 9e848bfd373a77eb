"""The areas of the site: every folder with a `pages` module is one, found by being there.

That module says what it offers in up to three names:
`urlpatterns` (its addresses), `NAV` (tuple of NavItem), `HOME_COUNTS` (how many things wait, by
home card: `{"review": function of the actor}`, which answers with a number, or with `Waiting`).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse
from django.utils.functional import Promise

from qafila import web
from qafila.foundation.actors import Actor, Where
from qafila.institutions.access import everyone
from qafila.web.design.rooms import Room

May = Callable[[Actor], bool]
MayThere = Callable[[Actor, Where], bool]


@dataclass(frozen=True)
class NavItem:
    """An entry of the main navigation; shown when its address exists and the actor may.

    `label` is also the heading and the title of its page. `public` entries are for visitors who
    are not signed in; those of staff lie in a `room`. `order` sorts from small to large.
    """

    label: str | Promise
    url_name: str
    order: int
    may: May = everyone
    public: bool = False
    room: Room | None = None
    icon: str = ""


@dataclass(frozen=True)
class Part:
    """Some of what waits, with the address where it is found."""

    label: str | Promise
    number: int
    href: str


@dataclass(frozen=True)
class Waiting:
    """How many things wait on a home card, and the kinds of which they are most."""

    number: int
    parts: tuple[Part, ...] = ()


Count = Callable[[Actor], int | Waiting | None]


@cache
def page_modules() -> tuple[ModuleType, ...]:
    """The `pages` module of every area, by the area's name."""
    areas = sorted(found.name for found in pkgutil.iter_modules(web.__path__) if found.ispkg)
    names = [f"{web.__name__}.{area}.pages" for area in areas]
    return tuple(import_module(name) for name in names if find_spec(name))


def all_addresses() -> list[URLPattern | URLResolver]:
    """The addresses of every area."""
    return [entry for module in page_modules() for entry in getattr(module, "urlpatterns", [])]


def navigation_for(actor: Actor | None) -> list[NavItem]:
    """The entries this actor (or a visitor) sees, in order."""
    items = [item for module in page_modules() for item in getattr(module, "NAV", ())]
    shown = [item for item in items if _is_for(item, actor) and find_address(item.url_name)]
    return sorted(shown, key=lambda item: item.order)


def waiting_counts(actor: Actor, keys: Collection[str]) -> dict[str, Waiting]:
    """What waits for the actor on each of these home cards; cards nobody counts are left out."""
    counters: dict[str, Count] = {}
    for module in page_modules():
        counters |= getattr(module, "HOME_COUNTS", {})
    counted = {key: count(actor) for key, count in counters.items() if key in keys}
    return {
        key: Waiting(found) if isinstance(found, int) else found
        for key, found in counted.items()
        if found is not None
    }


def find_address(url_name: str) -> str | None:
    """The address called `url_name`, or None when no area offers it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _is_for(item: NavItem, actor: Actor | None) -> bool:
    if actor is None:
        return item.public
    return not item.public and item.may(actor)
