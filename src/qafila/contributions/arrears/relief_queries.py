"""Relief under law 41-23 as pages show it: where a request stands, and what one would erase."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

import qafila_law
from qafila.contributions.access import require_asking
from qafila.contributions.arrears.relief import apply_for_relief
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.ledger.law_facts import law_months
from qafila.contributions.models.calls_and_ledger import ReliefApplication
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.trail import acting
from qafila.institutions.actor_told import actor_told
from qafila.people.access import PersonFile, checked_person, person_in_scope
from qafila_law.contributions.relief import last_month_erased


@dataclass(frozen=True)
class ReliefTold:
    """A request: its state (running, erased, lost), who took it, the law's answer on the day."""

    state: str
    applied_at: dt.datetime
    taken_by: str
    first_payment_on: dt.date | None
    erased_on: dt.date | None
    erased_centimes: int
    lost_on: dt.date | None
    answer: qafila_law.Relief


@dataclass(frozen=True)
class MonthToErase:
    """An old month: what is left of it today, and what would be erased in the end."""

    month: dt.date
    left_centimes: int
    erased_centimes: int


@dataclass(frozen=True)
class WouldErase:
    """What a request would bring: the months, and the law's answer.

    What was paid for them since the window opened would move to the months after.
    """

    months: tuple[MonthToErase, ...]
    answer: qafila_law.Relief

    @property
    def erased_centimes(self) -> int:
        """All that would be erased."""
        return sum(one.erased_centimes for one in self.months)

    @property
    def moved_centimes(self) -> int:
        """Money that would leave the old months for later ones."""
        return self.erased_centimes - sum(one.left_centimes for one in self.months)


class _SeenEnough(Exception):
    """Ends the trial: whatever it wrote is taken back."""


def relief_of(
    person_id: int, on: dt.date, *, scope: Scope, person: PersonFile | None = None
) -> ReliefTold | None:
    """The person's request for relief; None when there is none. NotFoundInScope outside."""
    checked_person(person_id, scope=scope, person=person)
    rows = ReliefApplication.objects.filter(person_id=person_id).select_related("taken_by__account")
    found = rows.first()
    if found is None:
        return None
    return ReliefTold(
        found.state,
        found.applied_at,
        actor_told(found.taken_by),
        found.first_payment_on,
        found.erased_on,
        found.erased_centimes,
        found.lost_on,
        qafila_law.relief(law_months(person_id), on),
    )


def relief_if_asked(person_id: int, *, actor: Actor, at: dt.datetime) -> WouldErase:
    """Try the request, look at the old months, and take everything back: nothing is changed.

    Raises what `apply_for_relief` raises.
    """
    person_in_scope(person_id, require_asking(actor))
    before = _left(person_id)
    found: list[WouldErase] = []
    try:
        with acting(actor, at=at):
            asked = apply_for_relief(person_id, actor=actor, at=at)
            done = asked.state == ReliefApplication.State.ERASED
            after = _erased(person_id) if done else _left(person_id)
            months = [
                MonthToErase(month, before.get(month, 0), after.get(month, 0))
                for month in sorted({*before, *after})
            ]
            found.append(WouldErase(tuple(months), asked.answer))
            raise _SeenEnough
    except _SeenEnough:
        return found[0]


def _left(person_id: int) -> dict[dt.date, int]:
    return _by_month(_LEFT, person_id)


def _erased(person_id: int) -> dict[dt.date, int]:
    return _by_month(_ERASED, person_id)


def _by_month(statement: str, person_id: int) -> dict[dt.date, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"person": person_id, "last": last_month_erased()})
        return {month: int(centimes) for month, centimes in cursor.fetchall()}


_LEFT = f"""
SELECT c.month, sum(c.rest_centimes) FROM {ledger.UNSETTLED} c
WHERE c.person_id = %(person)s AND c.month <= %(last)s
GROUP BY c.month ORDER BY c.month
"""

_ERASED = f"""
SELECT c.month, sum(a.amount_centimes) FROM {ledger.CALLS} c
JOIN {ledger.ALLOCATIONS} a ON a.call_id = c.id AND a.call_month = c.month
WHERE c.person_id = %(person)s AND c.month <= %(last)s AND a.source = 'relief'
GROUP BY c.month ORDER BY c.month
"""
