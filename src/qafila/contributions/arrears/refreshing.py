"""Keeping the list of people in arrears in line with calls, payments and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from qafila.contributions.access import require_posting_of
from qafila.contributions.arrears.derivation import (
    Derived,
    derive_arrears_between,
    derive_arrears_of,
)
from qafila.contributions.calls.liabilities import person_ranges
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting

PERSONS_PER_RANGE = 100_000


@dataclass(frozen=True)
class ArrearsOutcome:
    """How many people are in arrears, and how many rows changed or went."""

    in_arrears: int
    changed: int
    gone: int


def refresh_arrears(
    *, on: dt.date, actor: Actor, at: dt.datetime, person_ids: Sequence[int] | None = None
) -> ArrearsOutcome:
    """Derive again what is overdue on `on`, for everyone or for `person_ids`.

    Everyone: range by range, each in a transaction of its own, so that an agent waits for one range
    at most; repeated after a break it does the rest. Derived rows only: nothing is journalled.
    Errors: NotAllowed.
    """
    require_posting_of(person_ids, actor)
    if person_ids is not None:
        with acting(actor, at=at), connection.cursor() as cursor:
            derived = derive_arrears_of(cursor, on, person_ids)
    else:
        derived = Derived()
        with connection.cursor() as cursor:
            ranges = person_ranges(cursor, PERSONS_PER_RANGE)
        for first, last in ranges:
            with acting(actor, at=at), connection.cursor() as cursor:
                derived += derive_arrears_between(cursor, on, first, last)
    return ArrearsOutcome(derived.found, derived.written, derived.removed)
