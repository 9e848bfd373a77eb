"""What another reading of the law would change for claims: which come in time, which too late."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from django.db import connection

import qafila_law
from qafila.care.tariffs.assessing import PAYABLE
from qafila.foundation.actors import Actor
from qafila.rights.access import require_rebuilding
from qafila_law.reforms.readings import under

IN_TIME, LATE = "in_time", "late"


@dataclass(frozen=True)
class ClaimsDifference:
    """What a reading would change for claims declared up to a day.

    `moves` counts those whose time limit it changes, by (now, under the reading). `centimes_lost`
    was found payable for claims that would have come too late. Withdrawn claims are left out, and
    those whose lateness was excused in an appeal.
    """

    claims: int = 0
    moves: Counter[tuple[str, str]] = field(default_factory=Counter)
    centimes_lost: int = 0


# Claims of one day of care whose papers came on one day share one answer: few, whatever the number.
_BY_DAYS = """
SELECT care_on, least(coalesce(received_on, %(on)s), %(on)s), count(*),
  coalesce(sum(reimbursed_centimes) FILTER (WHERE finding = %(payable)s), 0)::bigint
FROM care_claim
WHERE declared_on <= %(on)s AND state <> 'withdrawn' AND NOT deadline_waived
GROUP BY 1, 2
"""


def claims_under(reform: str, *, on: dt.date, actor: Actor) -> ClaimsDifference:
    """Compare the time limits of claims with the reading `reform`, as of the day `on`.

    Papers that have not come yet are taken as coming that day. Nothing is written. Raises
    NotAllowed, and LawError for a reading that does not exist.
    """
    require_rebuilding(actor)
    with connection.cursor() as cursor:
        cursor.execute(_BY_DAYS, {"on": on, "payable": PAYABLE})
        groups = cursor.fetchall()
    now = _answers(groups, nullcontext())
    then = _answers(groups, under(reform))
    moves: Counter[tuple[str, str]] = Counter()
    lost = 0
    for before, after, (_, _, count, centimes) in zip(now, then, groups, strict=True):
        if before != after:
            moves[before, after] += count
            lost += centimes if after == LATE else 0
    return ClaimsDifference(sum(count for _, _, count, _ in groups), moves, lost)


def _answers(
    groups: list[tuple[dt.date, dt.date, int, int]], law: AbstractContextManager[None]
) -> list[str]:
    with law:
        return [
            IN_TIME if qafila_law.claim_in_time(care_on, filed_on) else LATE
            for care_on, filed_on, _, _ in groups
        ]
