"""Which enrolment gives cover when two enrolled files become one, until somebody decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from qafila.enrolment.merged_files import enrolments_that_meet, leave_undecided
from qafila.foundation.actors import WHOLE_COUNTRY
from qafila.foundation.clock import day_of
from qafila.foundation.scope import known_by
from qafila.people.ports import ChangedRow
from qafila.rights.queries import rights_of

_BEST_FIRST = ("open", "waiting", "suspended", "closed")


@known_by("the merge")
def let_paid_cover_stand(
    kept: int, absorbed: int, at: dt.datetime
) -> Callable[[], list[ChangedRow]]:
    """Of two enrolments that meet, the one with the better rights goes on; the other waits.

    Nobody loses cover by a merge: what the waiting enrolment owes counts once somebody decided.
    """
    meeting = enrolments_that_meet(kept, absorbed)
    waiting: list[int] = []
    if meeting:
        worse = absorbed if _rank(kept, at) <= _rank(absorbed, at) else kept
        waiting = meeting[worse]
    return lambda: leave_undecided(waiting, at)


def _rank(person_id: int, at: dt.datetime) -> int:
    on = day_of(at)
    status = rights_of(person_id, on, scope=WHOLE_COUNTRY).status
    return _BEST_FIRST.index(status) if status in _BEST_FIRST else len(_BEST_FIRST)
