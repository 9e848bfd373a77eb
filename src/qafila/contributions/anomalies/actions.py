"""Filling the work queue at night, and ending its matters."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from qafila.contributions import journal as entries
from qafila.contributions.access import require_deciding, require_posting_everywhere
from qafila.contributions.anomalies.searches import SEARCHES, exchange_findings
from qafila.contributions.arrears.plans import review_plans
from qafila.contributions.arrears.refreshing import refresh_arrears
from qafila.contributions.errors import SecondPersonNeeded
from qafila.contributions.ledger.facts import CALLS
from qafila.contributions.models.calls_and_ledger import WorkItem
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope, SomeoneElseActed
from qafila.foundation.journal import write
from qafila.foundation.trail import acting
from qafila.people.access import person_to_change

FOUR_EYES = frozenset({"number_of_another"})
ASKED = "asked"
"""In the details of a matter: who said what was done, while a second person has to confirm it."""


@dataclass(frozen=True)
class SearchOutcome:
    """New matters by kind, and how many open ones were no longer found."""

    opened: dict[str, int]
    gone: int


def find_anomalies(*, actor: Actor, at: dt.datetime) -> SearchOutcome:
    """Search for everything in `anomalies.SEARCHES`; matters already open stay as they are.

    Plans are reviewed first (a broken one is a matter), and everyone's arrears brought to the day.
    """
    require_posting_everywhere(actor)
    opened: dict[str, int] = {}
    review_plans(actor=actor, at=at)
    refresh_arrears(on=day_of(at), actor=actor, at=at)
    with acting(actor, at=at):
        ended = _facts_no_longer_missing(at)
        for kind in SEARCHES:
            opened[kind], gone = exchange_findings(kind, at=at)
            ended += gone
    return SearchOutcome(opened, ended)


def _facts_no_longer_missing(at: dt.datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contributions_workitem w SET state = 'gone', ended_at = %s"
            " WHERE w.kind = 'missing_fact' AND w.state = 'open' AND EXISTS ("
            f"   SELECT FROM {CALLS} c"
            "   WHERE c.enrolment_id = w.enrolment_id AND c.month = w.month)",
            [at],
        )
        return int(cursor.rowcount)


def end_work_item(item_id: int, *, outcome: str, actor: Actor, at: dt.datetime) -> bool:
    """End a matter with what was done about it, in a few words; False while it waits for a second.

    A number that two people bear decides whose cover a hospital is told of: one person says what
    was done, another one confirms it. Errors: NotAllowed, NotFoundInScope, SomeoneElseActed,
    SecondPersonNeeded.
    """
    scope = require_deciding(actor)
    with acting(actor, at=at):
        item = WorkItem.objects.filter(pk=item_id).first()
        if item is None:
            raise NotFoundInScope(item=item_id)
        person_to_change(item.person_id, scope)
        if item.kind in FOUR_EYES and ASKED not in item.details:
            _ask(item, outcome, actor, at)
            return False
        if item.details.get(ASKED, {}).get("by") == actor.id:
            raise SecondPersonNeeded
        _end(item, outcome, actor, at)
    return True


def _ask(item: WorkItem, outcome: str, actor: Actor, at: dt.datetime) -> None:
    said = {"by": actor.id, "name": actor.name, "at": at.isoformat(), "outcome": outcome}
    same = WorkItem.objects.filter(pk=item.pk, state=WorkItem.State.OPEN, details=item.details)
    if not same.update(details={**item.details, ASKED: said}):
        raise SomeoneElseActed
    write(
        entries.WORK_ITEM_END_ASKED,
        item,
        actor=actor,
        at=at,
        person_id=item.person_id,
        outcome=outcome,
    )


def _end(item: WorkItem, outcome: str, actor: Actor, at: dt.datetime) -> None:
    # Without who asked: what was found is compared with what later nights find.
    found = {name: value for name, value in item.details.items() if name != ASKED}
    if ASKED in item.details:
        outcome = f"{item.details[ASKED]['outcome']} · {outcome}"
    same = WorkItem.objects.filter(pk=item.pk, state=WorkItem.State.OPEN, details=item.details)
    if not same.update(
        state=WorkItem.State.DONE,
        ended_at=at,
        ended_by_id=actor.id,
        outcome=outcome,
        details=found,
    ):
        raise SomeoneElseActed
    write(
        entries.WORK_ITEM_ENDED,
        item,
        actor=actor,
        at=at,
        person_id=item.person_id,
        outcome=outcome,
    )
