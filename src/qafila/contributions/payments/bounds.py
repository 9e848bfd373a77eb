"""How large a single payment can plausibly be, by the day it was made.

No text sets it. The dearest month of any category is a few hundred dirhams; five years of it, with
what lateness adds, stay below. A figure with a lost decimal mark does not.
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings

_LARGEST = ((dt.date(2021, 12, 1), 5_000_000),)
"""From which day, and how much in centimes; the latest first day that has come counts."""


def largest_payment(on: dt.date) -> int:
    """The most centimes one payment made on `on` may bring, unless the installation set it."""
    set_here: int | None = settings.LARGEST_PAYMENT_DH
    if set_here is not None:
        return set_here * 100
    begun = [centimes for first, centimes in _LARGEST if first <= on]
    return (begun or [_LARGEST[0][1]])[-1]
