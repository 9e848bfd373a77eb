"""What an enrolment was already called for the months after a day on which it is to end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.contributions.ledger import facts as ledger
from qafila.enrolment.access import get_enrolment
from qafila.foundation.actors import Scope


@dataclass(frozen=True)
class CalledLater:
    """How many calls stand, what they come to, and what of it is paid."""

    number: int
    centimes: int
    paid_centimes: int


def called_from(enrolment_id: int, month: dt.date, *, scope: Scope) -> CalledLater:
    """The calls that stand for `month` and later. NotFoundInScope outside the territory."""
    get_enrolment(enrolment_id, scope=scope)
    with connection.cursor() as cursor:
        cursor.execute(_CALLED, {"enrolment": enrolment_id, "month": month.replace(day=1)})
        return CalledLater(*cursor.fetchone())


_CALLED = f"""
SELECT count(*), coalesce(sum(c.standing_centimes), 0)::bigint,
       coalesce(sum((SELECT sum(a.amount_centimes) FROM {ledger.ALLOCATIONS} a
                     WHERE a.call_id = c.id AND a.call_month = c.month AND a.source = 'payment')),
                0)::bigint
FROM {ledger.STANDING_CALLS} c
WHERE c.enrolment_id = %(enrolment)s AND c.month >= %(month)s
"""
