"""Payment of arrears in instalments: what was agreed, and the calls it covers."""

from __future__ import annotations

from django.db import models

from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class InstalmentPlan(models.Model):
    """A person's agreement with the fund to pay what is overdue in instalments.

    How far it is follows from what is left on its calls; `state` is what the last review found:
    running, kept (all paid), broken (an instalment missed) or ended (by someone, with a reason).
    """

    class State(models.TextChoices):
        RUNNING = "running"
        KEPT = "kept"
        BROKEN = "broken"
        ENDED = "ended"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="plans")
    state = models.CharField(max_length=7, choices=State.choices, default=State.RUNNING)
    total_centimes = models.BigIntegerField()
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(ActorRecord, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state="running"),
                name="one_running_plan_per_person",
            ),
            models.CheckConstraint(
                name="plan_total_positive", condition=models.Q(total_centimes__gt=0)
            ),
            models.CheckConstraint(
                name="plan_state_known",
                condition=models.Q(state="running", ended_at=None)
                | models.Q(state__in=["kept", "broken"], ended_at__isnull=False)
                | (models.Q(state="ended", ended_at__isnull=False) & ~models.Q(reason="")),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "agreed_at"], name="plan_by_person"),
            models.Index(fields=["state"], name="plan_by_state"),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"


class PlanInstalment(models.Model):
    """One part of a plan and the last day to pay it."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount_centimes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="instalment_number_once"),
            models.CheckConstraint(
                name="instalment_positive", condition=models.Q(amount_centimes__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"instalment {self.number} of plan {self.plan_id}"


class PlannedCall(models.Model):
    """A call a plan covers and what was left to pay of it on the day of the agreement."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="planned_calls")
    call = models.ForeignKey(
        "contributions.Call",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    call_month = models.DateField()
    rest_centimes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "call"], name="a_call_once_in_a_plan"),
            models.CheckConstraint(
                name="planned_rest_positive", condition=models.Q(rest_centimes__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"call {self.call_id} in plan {self.plan_id}"
