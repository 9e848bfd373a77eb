"""How often one address may ask something that needs no sign-in."""

from __future__ import annotations

from django.http import HttpRequest

from qafila.foundation.stores.counting import Counter, address_of

_WINDOW_SECONDS = 60


def within_limit(request: HttpRequest, what: str, *, per_minute: int) -> bool:
    """Count this request; False once its address asked `what` more than `per_minute` times.

    The window starts at the first request and is one for all processes.
    """
    return Counter(f"{what} from {address_of(request)}", per_minute, _WINDOW_SECONDS).count()
