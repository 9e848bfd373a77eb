"""What an auditor looks at first: merges, payments taken back and exports of the last days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.foundation.actors import Scope
from qafila.foundation.facts import JOURNAL, READS
from qafila.institutions.access import accounts_in


@dataclass(frozen=True)
class WatchFigures:
    """How often since a moment; what the system did by itself counts too."""

    merges: int
    merges_undone: int
    payments_reversed: int
    exports: int


_FIGURES = f"""
SELECT count(*) FILTER (WHERE j.verb = 'people.persons_merged'),
  count(*) FILTER (WHERE j.verb = 'people.merge_undone'),
  count(*) FILTER (WHERE j.verb = 'contributions.payment_reversed'),
  (SELECT count(*) FROM {READS} r
   WHERE r.at >= %(since)s AND (%(national)s OR r.reader_id = ANY(%(actors)s))
   AND (r.asked ~ '\\mkind=(csv|xlsx)' OR r.place LIKE '%%\\_file'))
FROM {JOURNAL} j
WHERE j.at >= %(since)s AND (%(national)s OR j.actor_id = ANY(%(actors)s))
  AND j.verb IN (
    'people.persons_merged', 'people.merge_undone', 'contributions.payment_reversed'
  )
"""


def watch_figures(since: dt.datetime, *, scope: Scope) -> WatchFigures:
    """What those did whose traces may be read in the scope. One query, two where it is a part."""
    actors: list[int] = []
    if not scope.national:
        actors = list(accounts_in(scope).values_list("actor_id", flat=True))
    params: dict[str, Any] = {"since": since, "national": scope.national, "actors": actors}
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, params)
        return WatchFigures(*cursor.fetchone())
