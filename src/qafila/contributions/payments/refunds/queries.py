"""Credits that wait to be used or given back, and refunds as pages and commands tell them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.contributions.ledger import facts as ledger
from qafila.contributions.models.refunds import Refund
from qafila.foundation.actors import Scope
from qafila.institutions.actor_told import actor_told
from qafila.people.access import PersonFile, checked_person
from qafila.people.facts import PERSONS


@dataclass(frozen=True)
class Credit:
    """A person with money left over: how much, since when, and a refund asked for or approved."""

    person_id: int
    name_ar: str
    name_latn: str
    credit_centimes: int
    since: dt.date
    refund_state: str

    @property
    def place(self) -> tuple[int, int]:
        """Where the person is in the queue: `credits_waiting(after=…)` goes on from here."""
        return self.credit_centimes, self.person_id


@dataclass(frozen=True)
class RefundTold:
    """A refund with who asked and who decided; what the bank's lines say of it."""

    refund_id: int
    person_id: int
    name_ar: str
    name_latn: str
    amount_centimes: int
    reason: str
    state: str
    asked_by: str
    asked_by_id: int
    asked_at: dt.datetime
    decided_by: str
    bank_line: str
    paid_on: dt.date | None
    returned_on: dt.date | None
    outcome: str
    credit_left_on: dt.date | None = None
    province_id: str | None = None


def credits_waiting(
    *, scope: Scope, after: tuple[int, int] | None = None, count: int = 50
) -> list[Credit]:
    """People with money left over, the largest sum first; `after` is the last one's `place`."""
    amount, person = after if after is not None else (2**62, 0)
    params: dict[str, Any] = {
        "national": scope.national,
        "provinces": sorted(scope.province_codes),
        "amount": amount,
        "person": person,
        "count": count,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CREDITS, params)
        return [Credit(*row) for row in cursor.fetchall()]


_CREDITS = f"""
SELECT c.person_id, p.full_name_ar, p.full_name_latn, c.centimes, c.since, coalesce((
         SELECT r.state FROM contributions_refund r
         WHERE r.person_id = c.person_id AND r.state = 'asked'), '')
FROM (SELECT person_id, sum(unallocated_centimes)::bigint AS centimes, min(paid_on) AS since
      FROM {ledger.PAYMENTS} p WHERE unallocated_centimes > 0 GROUP BY person_id) c
JOIN {PERSONS} p ON p.id = c.person_id
WHERE (%(national)s OR p.province_id = ANY(%(provinces)s))
  AND (c.centimes, -c.person_id) < (%(amount)s, -%(person)s)
ORDER BY c.centimes DESC, c.person_id LIMIT %(count)s
"""


def refunds_waiting(*, scope: Scope, count: int = 200) -> list[RefundTold]:
    """Refunds that wait for a second person, then those that wait for the bank, oldest first."""
    found = Refund.objects.filter(state__in=["asked", "approved"])
    if not scope.national:
        found = found.filter(person__province_id__in=sorted(scope.province_codes))
    return _told(found.order_by("-state", "asked_at", "pk")[:count])


def refunds_of(
    person_id: int, *, scope: Scope, person: PersonFile | None = None
) -> list[RefundTold]:
    """Every refund of a person, the latest first. NotFoundInScope outside the territory."""
    checked_person(person_id, scope=scope, person=person)
    return _told(Refund.objects.filter(person_id=person_id).order_by("-pk"))


def _told(found: Any) -> list[RefundTold]:
    return [
        RefundTold(
            one.pk,
            one.person_id,
            one.person.full_name_ar,
            one.person.full_name_latn,
            one.amount_centimes,
            one.reason,
            one.state,
            actor_told(one.asked_by),
            one.asked_by_id,
            one.asked_at,
            actor_told(one.decided_by) if one.decided_by else "",
            one.bank_line,
            one.paid_on,
            one.returned_on,
            one.outcome,
            one.credit_left_on,
            one.person.province_id,
        )
        for one in found.select_related("person", "asked_by__account", "decided_by__account")
    ]
