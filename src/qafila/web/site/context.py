"""What every page's template may use."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from qafila.foundation.actors import Actor
from qafila.institutions.role_names import ROLE_NAMES
from qafila.web.design.components import Tab
from qafila.web.site.areas import NavItem, find_address, navigation_for

THEME_COOKIE = "qafila_theme"
THEMES = ("light", "dark")
# Each language names itself.
LANGUAGE_NAMES = (("ar", "العربية"), ("fr", "Français"), ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"))


@dataclass(frozen=True)
class Entry:
    """A place in the navigation; `here`: "page" or "true" (within it), for assistive technology."""

    label: str
    href: str
    here: str


def _entry(item: NavItem, path: str) -> Entry:
    address = find_address(item.url_name) or "/"
    within = address != "/" and path.startswith(address)
    return Entry(str(item.label), address, "page" if path == address else "true" if within else "")


def _navigation(path: str, actor: Actor | None) -> tuple[list[Entry], list[Tab]]:
    """The main entries, one for a whole section, and the tabs of the section this page is in."""
    entries: list[Entry] = []
    tabs: list[Tab] = []
    for section, items in groupby(navigation_for(actor), key=lambda item: str(item.section)):
        members = [_entry(item, path) for item in items]
        if not section or len(members) == 1:
            entries += members
            continue
        # The narrowest address that leads here: one part of a section may lie within another.
        leading = [member for member in members if member.here]
        here = max(leading, key=lambda member: len(member.href), default=None)
        entries.append(Entry(section, members[0].href, here.here and "true" if here else ""))
        if here:
            tabs = [Tab(member.label, member.href, member is here) for member in members]
    return entries, tabs


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Language, direction, colours, the actor, the navigation; whether this is a demonstration."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    actor = getattr(request, "actor", None)
    navigation, section_tabs = _navigation(request.path, actor)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "language": language,
        "languages": LANGUAGE_NAMES,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "theme": theme if theme in THEMES else "",
        "actor": actor,
        "role_names": [ROLE_NAMES[role] for role in sorted(actor.roles)] if actor else [],
        "navigation": navigation,
        "section_tabs": section_tabs,
        "search_address": find_address("people") if actor else None,
        "query": "",
        "demo": settings.DEMO,
        "mail_is_sent": settings.MAIL_IS_SENT,
    }
