"""How often one address may ask something that needs no sign-in."""

from __future__ import annotations

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest

_WINDOW_SECONDS = 60


def within_limit(request: HttpRequest, what: str, *, per_minute: int) -> bool:
    """Count this request; False once its address asked `what` more than `per_minute` times.

    The window starts at the first request. The address is that of the sign-in library (behind a
    balancer see ALLAUTH_TRUSTED_PROXY_COUNT) and is kept only as a hash, for one minute.
    """
    address = get_adapter().get_client_ip(request)
    key = f"asked:{what}:{hashlib.sha256(address.encode()).hexdigest()}"
    if cache.add(key, 1, timeout=_WINDOW_SECONDS):
        return True
    try:
        return cache.incr(key) <= per_minute
    except ValueError:
        return True  # the window ended between the two lines
