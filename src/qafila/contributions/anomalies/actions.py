"""Filling the work queue at night, and ending its matters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
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
from qafila.foundation.actors import Actor, Scope
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope, SomeoneElseActed
from qafila.foundation.journal import write, write_many
from qafila.foundation.trail import acting
from qafila.people.access import person_to_change, persons_visible

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


@dataclass(frozen=True)
class EndedTogether:
    """How many matters were ended at once, and how many were left as they are."""

    ended: int
    left: int


def end_work_items(
    item_ids: Collection[int], *, outcome: str, actor: Actor, at: dt.datetime
) -> EndedTogether:
    """End several matters with one outcome; `matters_ended` finds them again by the moment.

    Left as they are: matters that wait for a second person, that somebody else has ended meanwhile
    or that lie outside the territory, and those of files that were merged. Raises NotAllowed.
    """
    scope = require_deciding(actor)
    with acting(actor, at=at):
        found = _items_to_change(item_ids, scope, state=WorkItem.State.OPEN)
        ending = [one for one in found if one.kind not in FOUR_EYES and ASKED not in one.details]
        WorkItem.objects.filter(pk__in=[one.pk for one in ending]).update(
            state=WorkItem.State.DONE, ended_at=at, ended_by_id=actor.id, outcome=outcome
        )
        write_many(entries.WORK_ITEM_ENDED, ending, actor=actor, at=at, outcome=outcome)
    return EndedTogether(len(ending), len(set(item_ids)) - len(ending))


def reopen_work_items(item_ids: Collection[int], *, actor: Actor, at: dt.datetime) -> int:
    """Open matters again that a person had ended; how many. What was written about them is kept in
    the journal. Those found anew meanwhile stay ended.

    Raises NotAllowed; SomeoneElseActed where none of them can be opened again.
    """
    scope = require_deciding(actor)
    with acting(actor, at=at):
        found = _items_to_change(item_ids, scope, state=WorkItem.State.DONE)
        again = _not_found_anew(found)
        if not again:
            raise SomeoneElseActed
        WorkItem.objects.filter(pk__in=[one.pk for one in again]).update(
            state=WorkItem.State.OPEN, ended_at=None, ended_by=None, outcome=""
        )
        write_many(entries.WORK_ITEM_REOPENED, again, actor=actor, at=at)
    return len(again)


def _items_to_change(item_ids: Collection[int], scope: Scope, *, state: str) -> list[WorkItem]:
    """The matters of the territory that are in that state, locked after the persons they concern.

    Two statements for the locks: persons first and in one order, as every verb locks them.
    """
    wanted = WorkItem.objects.filter(pk__in=item_ids, state=state)
    persons = persons_visible(scope).filter(pk__in=wanted.values("person_id"), merged_into=None)
    locked = list(
        persons.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
    )
    return list(wanted.filter(person_id__in=locked).order_by("pk").select_for_update(of=("self",)))


def _not_found_anew(items: list[WorkItem]) -> list[WorkItem]:
    """The latest of each matter, where none about the same is open."""
    about = {(one.kind, one.person_id, one.enrolment_id): one for one in items}
    same = WorkItem.objects.filter(
        state=WorkItem.State.OPEN, person_id__in={one.person_id for one in items}
    )
    anew = set(same.values_list("kind", "person_id", "enrolment_id"))
    return [one for key, one in about.items() if key not in anew]
