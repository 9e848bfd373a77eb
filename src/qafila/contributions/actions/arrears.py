"""Keeping the list of people in arrears in line with calls, payments and the day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from qafila.contributions.access import require_posting
from qafila.contributions.arrears_rows import derive_arrears
from qafila.foundation.actors import Actor
from qafila.foundation.trail import acting


@dataclass(frozen=True)
class ArrearsOutcome:
    """How many people are in arrears, and how many rows changed or went."""

    in_arrears: int
    changed: int
    gone: int


def refresh_arrears(
    *, on: dt.date, actor: Actor, at: dt.datetime, person_ids: Sequence[int] | None = None
) -> ArrearsOutcome:
    """Derive anew what is overdue on `on`, for everyone or for `person_ids`.

    Derived rows only: nothing is journalled. Repeating it changes nothing. Errors: NotAllowed.
    """
    require_posting(actor)
    with acting(actor, at=at), connection.cursor() as cursor:
        if person_ids is None:
            found = derive_arrears(cursor, on)
        else:
            people = "c.person_id = ANY(%(people)s)"
            found = derive_arrears(cursor, on, people, people=sorted(person_ids))
    return ArrearsOutcome(*found)
