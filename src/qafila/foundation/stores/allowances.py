"""How much a partner may ask: an allowance that fills up again steadily, one for all processes.

The database keeps it, so a restart forgets nothing. `TAKE` takes at most what is there; `CHARGE`
takes more than that and may leave a debt. A holder is a partner's, never made by whoever asks.
The two functions are in the migration `what_all_processes_share`.
"""

from __future__ import annotations

import math

from django.db import connection

TABLE = "foundation_allowance"

TAKE = "SELECT granted, missing FROM qafila_take(%(holder)s, %(per_minute)s, %(wanted)s)"
"""granted: how many of `wanted` were taken; missing: the seconds until the next one, else 0."""

CHARGE = "SELECT qafila_charge(%(holder)s, %(cost)s)"
"""Takes `cost` for what was already answered."""


def take(holder: str, per_minute: int) -> int:
    """Take one from the holder's allowance; the seconds to wait when there is none, else 0."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"holder": holder, "per_minute": per_minute, "wanted": 1})
        [(granted, missing)] = cursor.fetchall()
    return 0 if granted else seconds_to_wait(missing)


def charge(holder: str, cost: int) -> None:
    """Take `cost` more for what was already answered."""
    with connection.cursor() as cursor:
        cursor.execute(CHARGE, {"holder": holder, "cost": cost})


def seconds_to_wait(missing: float) -> int:
    """Whole seconds, at least one, until there is one again."""
    return max(1, math.ceil(missing))
