"""Which personal link a browser has opened, for twenty minutes; the link itself is not kept."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.http import HttpRequest

OPEN_FOR = dt.timedelta(minutes=20)
_KEY = "personal_link"


def remember_open(request: HttpRequest, token: str, at: dt.datetime) -> None:
    """The link stays open in this browser for twenty minutes; the session gets a new key."""
    request.session.cycle_key()
    request.session[_KEY] = {"link": _hash(token), "until": (at + OPEN_FOR).timestamp()}
    if not request.user.is_authenticated:
        request.session.set_expiry(int(OPEN_FOR.total_seconds()))


def is_open(request: HttpRequest, token: str, at: dt.datetime) -> bool:
    """Whether this browser opened this very link less than twenty minutes ago."""
    kept = request.session.get(_KEY)
    if not kept:
        return False
    return bool(kept["link"] == _hash(token) and at.timestamp() < kept["until"])


def forget_open(request: HttpRequest) -> None:
    """Close the link in this browser."""
    request.session.pop(_KEY, None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
