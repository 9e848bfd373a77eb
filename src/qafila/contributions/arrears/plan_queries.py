"""Plans of instalments as they stand now, derived from what is left on the calls they cover."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

import qafila_law
from qafila.contributions.arrears.plan_terms import DAYS_PAYMENTS_TRAVEL
from qafila.contributions.ledger import facts as ledger
from qafila.contributions.ledger.facts import rest_of
from qafila.contributions.models.plans import InstalmentPlan, PlanInstalment
from qafila.foundation import clock
from qafila.foundation.actors import Scope
from qafila.foundation.clock import day_of
from qafila.people.access import PersonFile, checked_person


@dataclass(frozen=True)
class Instalment:
    """One part of a plan. `state`: kept (paid), missed (unpaid after its day), or due."""

    number: int
    due_on: dt.date
    amount_centimes: int
    left_centimes: int
    state: str


@dataclass(frozen=True)
class Plan:
    """A plan with its instalments. `state`: running, kept, broken or ended (with `reason`).

    `reopens_rights`: whether the law reopens rights because of the agreement alone.
    """

    plan_id: int
    state: str
    agreed_on: dt.date
    total_centimes: int
    paid_centimes: int
    instalments: tuple[Instalment, ...]
    ended_on: dt.date | None
    reason: str
    reopens_rights: bool

    @property
    def next_instalment(self) -> Instalment | None:
        """The first part not paid yet; None once all are."""
        return next((part for part in self.instalments if part.state != "kept"), None)


def plan_of(
    person_id: int, *, scope: Scope, on: dt.date | None = None, person: PersonFile | None = None
) -> Plan | None:
    """The person's latest plan as it stands on `on` (None: today); None when there never was one.

    A running plan is told as kept or broken from the moment it is, before the nightly review says
    so. One statement when `person` was loaded already. NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope, person=person)
    plan: Any = _with_parts(InstalmentPlan.objects.filter(person_id=person_id)).first()
    if plan is None:
        return None
    paid = plan.total_centimes - plan.left
    rows = [(one["number"], dt.date.fromisoformat(one["day"]), one["sum"]) for one in plan.parts]
    parts = instalments_standing(rows, paid, on or clock.today())
    ended_on = day_of(plan.ended_at) if plan.ended_at else None
    agreed_on = day_of(plan.agreed_at)
    told = Plan(
        plan.pk,
        plan.state,
        agreed_on,
        plan.total_centimes,
        paid,
        parts,
        ended_on,
        plan.reason,
        qafila_law.instalments_reopen_rights(agreed_on),
    )
    return replace(told, state=_state_now(told)) if plan.state == "running" else told


def instalments_standing(
    rows: Sequence[tuple[int, dt.date, int]], paid: int, on: dt.date
) -> tuple[Instalment, ...]:
    """Each part (number, day, amount) after `paid` centimes, which fill the earliest first."""
    known_until = on - dt.timedelta(days=DAYS_PAYMENTS_TRAVEL)
    parts: list[Instalment] = []
    for number, due_on, amount in rows:
        left = amount - max(0, min(amount, paid))
        paid -= amount - left
        state = "kept" if not left else "missed" if due_on < known_until else "due"
        parts.append(Instalment(number, due_on, amount, left, state))
    return tuple(parts)


def _state_now(plan: Plan) -> str:
    states = {part.state for part in plan.instalments}
    return "broken" if "missed" in states else "kept" if states == {"kept"} else "running"


def _with_parts(plans: QuerySet[InstalmentPlan]) -> QuerySet[Any]:
    """The latest first, each with its instalments and what is left on the calls it covers."""
    parts = PlanInstalment.objects.filter(plan=OuterRef("pk")).order_by("number")
    told = JSONObject(number="number", day="due_on", sum="amount_centimes")
    left = RawSQL(_LEFT, [])  # noqa: S611  constant text
    parts_told = ArraySubquery(parts.values(told=told))
    return plans.annotate(parts=parts_told, left=left).order_by("-agreed_at", "-pk")


# A payment taken back may leave more on a call than was planned of it: the plan asks no more.
_LEFT = f"""
(SELECT coalesce(sum(least(k.rest_centimes, {rest_of("c")})), 0)
FROM contributions_plannedcall k
JOIN {ledger.CALLS} c ON c.id = k.call_id AND c.month = k.call_month
WHERE k.plan_id = contributions_instalmentplan.id)::bigint
"""
