"""What every page's template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from qafila.foundation.actors import Actor
from qafila.web.areas import NavItem, find_address, navigation_for
from qafila.web.role_names import ROLE_NAMES

THEME_COOKIE = "qafila_theme"
THEMES = ("light", "dark")
# Each language names itself.
LANGUAGE_NAMES = (("ar", "العربية"), ("fr", "Français"), ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"))


def _navigation(path: str, actor: Actor | None) -> list[tuple[NavItem, str, str]]:
    """Entry, address and what assistive technology is told: this page, this area, or nothing."""
    entries = []
    for item in navigation_for(actor):
        address = find_address(item.url_name) or "/"
        within = address != "/" and path.startswith(address)
        here = "page" if path == address else "true" if within else ""
        entries.append((item, address, here))
    return entries


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Language, direction, colours, the actor, the navigation; whether this is a demonstration."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    actor = getattr(request, "actor", None)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "language": language,
        "languages": LANGUAGE_NAMES,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "theme": theme if theme in THEMES else "",
        "actor": actor,
        "role_names": [ROLE_NAMES[role] for role in sorted(actor.roles)] if actor else [],
        "navigation": _navigation(request.path, actor),
        "search_address": find_address("people") if actor else None,
        "query": "",
        "demo": settings.DEMO,
    }
