"""Payment of arrears in instalments: agreed, followed every night, ended.

No text read so far gives a right to instalments, limits them, or says that they reopen rights
(`docs/reference/law-doubts.md`): the fund agrees to them, and rights stay as the law derives them
from what is paid. How many instalments and how soon the first is due is the programme's choice.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from qafila.contributions import journal as entries
from qafila.contributions.access import require_deciding, require_posting_everywhere
from qafila.contributions.arrears.plan_terms import (
    DAYS_PAYMENTS_TRAVEL,
    FEWEST,
    LONGEST_WAIT_DAYS,
    MOST,
    parts_of,
)
from qafila.contributions.errors import NothingOverdue, PlanNotPossible, PlanUnderWay
from qafila.contributions.ledger.allocation import lock_settlement
from qafila.contributions.ledger.facts import rest_of
from qafila.contributions.ledger.overdue import overdue_calls
from qafila.contributions.models.plans import (
    InstalmentPlan,
    PlanInstalment,
    PlannedCall,
)
from qafila.foundation import typed_text
from qafila.foundation.actors import Actor
from qafila.foundation.clock import day_of
from qafila.foundation.errors import NotFoundInScope, SomeoneElseActed
from qafila.foundation.idempotency import once
from qafila.foundation.journal import write
from qafila.foundation.models import ActorRecord
from qafila.foundation.trail import acting
from qafila.people.access import person_to_change
from qafila_law.money import dirhams

_STATE = InstalmentPlan.State


@dataclass(frozen=True)
class PlanOutcome:
    """A plan as agreed: what it covers in all, and the last day to pay the first and last part."""

    plan_id: int
    total_centimes: int
    instalments: int
    first_due_on: dt.date
    last_due_on: dt.date


@dataclass(frozen=True)
class PlansReviewed:
    """How many plans were found kept and broken, and how many run on."""

    kept: int
    broken: int
    running: int


def agree_plan(
    person_id: int,
    *,
    instalments: int,
    first_due_on: dt.date,
    actor: Actor,
    at: dt.datetime,
    command_id: uuid.UUID | None = None,
) -> PlanOutcome:
    """Agree that what a person has overdue is paid in monthly instalments from `first_due_on` on.

    Covers the calls overdue on the day of `at`; each part is due on the same day of the month, the
    last takes the odd centimes. Errors: NotAllowed, NotFoundInScope, PlanUnderWay, NothingOverdue,
    PlanNotPossible (too few or many instalments, first day past or too far), CommandIdReused.
    """
    scope = require_deciding(actor)

    def do() -> dict[str, Any]:
        with connection.cursor() as cursor:
            lock_settlement(cursor)
            person = person_to_change(person_id, scope)
            if InstalmentPlan.objects.filter(person=person, state=_STATE.RUNNING).exists():
                raise PlanUnderWay
            owed = overdue_calls(cursor, person_id, day_of(at))
        total = sum(call.rest_centimes for call in owed)
        if not owed:
            raise NothingOverdue
        _refuse_impossible(instalments, first_due_on, total, day_of(at))
        plan = InstalmentPlan.objects.create(
            person=person,
            total_centimes=total,
            agreed_at=at,
            agreed_by_id=actor.id,
            region_code=person.region_code,
        )
        parts = parts_of(total, instalments, first_due_on)
        PlanInstalment.objects.bulk_create(
            PlanInstalment(plan=plan, number=number, due_on=due_on, amount_centimes=amount)
            for number, (due_on, amount) in enumerate(parts, 1)
        )
        PlannedCall.objects.bulk_create(
            PlannedCall(
                plan=plan,
                call_id=call.call_id,
                call_month=call.month,
                rest_centimes=call.rest_centimes,
            )
            for call in owed
        )
        write(
            entries.PLAN_AGREED,
            plan,
            actor=actor,
            at=at,
            person_id=person_id,
            total_dh=dirhams(total),
            instalments=instalments,
        )
        return {
            "plan_id": plan.pk,
            "total_centimes": total,
            "instalments": instalments,
            "first_due_on": f"{parts[0][0]}",
            "last_due_on": f"{parts[-1][0]}",
        }

    answer = once(command_id, "contributions.agree_plan", actor=actor, at=at, do=do)
    days = {name: dt.date.fromisoformat(answer[name]) for name in ("first_due_on", "last_due_on")}
    return PlanOutcome(**{**answer, **days})


def _refuse_impossible(instalments: int, first_due_on: dt.date, total: int, today: dt.date) -> None:
    if not FEWEST <= instalments <= min(MOST, total):
        raise PlanNotPossible(problem="instalments", fewest=FEWEST, most=min(MOST, total))
    latest = today + dt.timedelta(days=LONGEST_WAIT_DAYS)
    if not today <= first_due_on <= latest:
        raise PlanNotPossible(problem="first_due_on", earliest=f"{today}", latest=f"{latest}")


def end_plan(plan_id: int, *, reason: str, actor: Actor, at: dt.datetime) -> None:
    """End a running plan, with the reason; what is left is due as it was before.

    Errors: NotAllowed, NotFoundInScope, PlanNotPossible (no reason given), SomeoneElseActed (the
    plan does not run any more).
    """
    scope = require_deciding(actor)
    told = typed_text.note(reason)
    if not told:
        raise PlanNotPossible(problem="reason")
    with acting(actor, at=at):
        plan = InstalmentPlan.objects.filter(pk=plan_id).first()
        if plan is None:
            raise NotFoundInScope(plan=plan_id)
        person_to_change(plan.person_id, scope)
        moved = InstalmentPlan.objects.filter(pk=plan_id, state=_STATE.RUNNING).update(
            state=_STATE.ENDED, ended_at=at, ended_by_id=actor.id, reason=told
        )
        if not moved:
            raise SomeoneElseActed
        write(entries.PLAN_ENDED, plan, actor=actor, at=at, person_id=plan.person_id, reason=told)


def review_plans(*, actor: Actor, at: dt.datetime) -> PlansReviewed:
    """Mark the running plans that are paid as kept, and those with a missed instalment as broken.

    An instalment is missed once it is unpaid some days after its day, so that payment files have
    time to arrive. Set-based; repeating it changes nothing. Errors: NotAllowed.
    """
    require_posting_everywhere(actor)
    last_known = day_of(at) - dt.timedelta(days=DAYS_PAYMENTS_TRAVEL)
    with acting(actor, at=at), connection.cursor() as cursor:
        cursor.execute(_REVIEW, {"at": at, "actor": actor.id, "last_known": last_known})
        kept, broken = cursor.fetchone()
        if kept or broken:
            subject = ActorRecord.objects.get(pk=actor.id)
            write(entries.PLANS_REVIEWED, subject, actor=actor, at=at, kept=kept, broken=broken)
        running = InstalmentPlan.objects.filter(state=_STATE.RUNNING).count()
    return PlansReviewed(kept, broken, running)


_REVIEW = f"""
WITH standing AS MATERIALIZED (
    SELECT p.id, p.total_centimes - (
               SELECT sum(least(k.rest_centimes, {rest_of("c")}))
               FROM contributions_plannedcall k JOIN contributions_call c
                 ON c.id = k.call_id AND c.month = k.call_month
               WHERE k.plan_id = p.id) AS paid,
           p.total_centimes AS total,
           coalesce((SELECT sum(i.amount_centimes) FROM contributions_planinstalment i
                     WHERE i.plan_id = p.id AND i.due_on < %(last_known)s), 0) AS due
    FROM contributions_instalmentplan p WHERE p.state = 'running'
), moved AS (
    UPDATE contributions_instalmentplan p
    SET state = CASE WHEN s.paid >= s.total THEN 'kept' ELSE 'broken' END,
        ended_at = %(at)s, ended_by_id = %(actor)s
    FROM standing s
    WHERE p.id = s.id AND p.state = 'running' AND (s.paid >= s.total OR s.paid < s.due)
    RETURNING p.state
)
SELECT count(*) FILTER (WHERE state = 'kept'), count(*) FILTER (WHERE state = 'broken') FROM moved
"""
