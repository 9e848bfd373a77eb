"""What follows when facts of persons change: the only place that says it, and in which order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from qafila.accompaniment.standings import StandingsRefreshed, refresh_standings
from qafila.contributions.arrears.refreshing import ArrearsOutcome, refresh_arrears
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.rights.actions import RightsOutcome, rebuild_rights

EVERYONE: Final = "everyone"
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class BroughtUpToDate:
    """What each derivation found and wrote."""

    arrears: ArrearsOutcome
    rights: RightsOutcome
    standings: StandingsRefreshed


def bring_up_to_date(
    persons: Sequence[int] | Literal["everyone"],
    *,
    actor: Actor,
    at: dt.datetime,
    on_progress: Progress | None = None,
) -> BroughtUpToDate:
    """Derive arrears, then rights, then where each stands, as of the day of `at` in Morocco.

    Rights follow from what is overdue, and the next step from both. Some `persons`: inside the
    transaction under way. `EVERYONE`: range by range, each in a transaction of its own; cut short,
    it is repeated. Facts themselves (corrections, relief) are other actions: run them before.
    `on_progress` is told ranges of rights done and in all. Errors: NotAllowed.
    """
    on = day_of(at)
    some = None if persons == EVERYONE else [int(one) for one in persons]
    arrears = refresh_arrears(on=on, actor=actor, at=at, person_ids=some)
    rights = rebuild_rights(on=on, actor=actor, at=at, person_ids=some, on_progress=on_progress)
    standings = refresh_standings(on=on, actor=actor, at=at, person_ids=some)
    return BroughtUpToDate(arrears, rights, standings)
