"""A closed month opened again: asked for by one person, confirmed by another."""

from __future__ import annotations

from django.db import models

from qafila.foundation.models import ActorRecord


class MonthReopening(models.Model):
    """The latest closed month to be opened again, with its reason. Kept once it is decided."""

    class State(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        REFUSED = "refused"

    month = models.DateField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month"],
                condition=models.Q(state="asked"),
                name="one_reopening_of_a_month_at_a_time",
            ),
            models.CheckConstraint(
                name="month_reopening_has_four_eyes",
                condition=models.Q(state="asked", decided_by=None)
                | (
                    models.Q(state="confirmed", decided_by__isnull=False)
                    & ~models.Q(decided_by=models.F("asked_by"))
                )
                | models.Q(state="refused", decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"reopening {self.pk}"
