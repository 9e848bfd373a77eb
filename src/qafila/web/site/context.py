"""What every page's template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

from qafila.foundation import clock
from qafila.institutions.role_names import ROLE_NAMES
from qafila.web.site.areas import find_address
from qafila.web.site.navigation.places import navigation

THEME_COOKIE = "qafila_theme"
THEMES = ("light", "dark")
# Each language names itself.
LANGUAGE_NAMES = (("ar", "العربية"), ("fr", "Français"), ("zgh", "ⵜⴰⵎⴰⵣⵉⵖⵜ"))


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Language, direction, colours, the actor, the navigation; whether this is a demonstration."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    actor = getattr(request, "actor", None)
    roles = sorted(actor.roles) if actor else []
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "language": language,
        "languages": LANGUAGE_NAMES,
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "theme": theme if theme in THEMES else "",
        "actor": actor,
        "role_names": [ROLE_NAMES[role] for role in roles],
        "navigation": navigation(request.path, actor, roles),
        "search_address": find_address("people") if actor else None,
        "query": "",
        "printed_at": clock.now(),
        "demo": settings.DEMO,
        "mail_is_sent": settings.MAIL_IS_SENT,
    }
