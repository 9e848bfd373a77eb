"""Who asks, as far as the front of the site has to know before the pages are reached."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, close_old_connections

from qafila.foundation.stores.counting import network_of


def address_of(scope: dict[str, Any]) -> str:
    """The address that asks; behind trusted proxies (QAFILA_PROXIES) what the last of them says."""
    client = scope.get("client")
    address = str(client[0]) if client else ""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
    if proxies and forwarded:
        told = [one.strip() for one in forwarded.split(",")]
        address = told[-proxies] if len(told) >= proxies else address
    return network_of(address)


def is_known(scope: dict[str, Any]) -> bool:
    """Whether somebody who is signed in asks, or a partner's program with a token that holds."""
    headers = dict(scope["headers"])
    try:
        if b"authorization" in headers:
            return _has_token(headers[b"authorization"].decode("latin-1"))
        return _is_signed_in(headers.get(b"cookie", b"").decode("latin-1"))
    except DatabaseError:
        return False
    finally:
        close_old_connections()


def _has_token(header: str) -> bool:
    from qafila.api.clients import partner_asking
    from qafila.api.coverage_check.connections import ask_through_django
    from qafila.api.problems import Problem
    from qafila.foundation.clock import now

    try:
        return bool(partner_asking(header, ask_through_django, now(), needs="payments:write"))
    except Problem:
        return False


def _is_signed_in(cookies: str) -> bool:
    from qafila.foundation.stores.sessions import SessionStore

    try:
        key = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return False
    if key is None:
        return False
    asker: Any = SimpleNamespace(session=SessionStore(key.value))
    return bool(get_user(asker).is_authenticated)
