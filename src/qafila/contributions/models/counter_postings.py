"""The counter-posting of a month's run: asked for by one person, confirmed by another."""

from __future__ import annotations

from django.db import models

from qafila.contributions.models.calls_and_ledger import Run
from qafila.foundation.models import ActorRecord


class CounterPosting(models.Model):
    """One posted run taken back whole, with its reason: `asked`, `confirmed` or `refused`, `done`.

    Until a second person confirms it nothing of the run is touched.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        CONFIRMED = "confirmed"
        REFUSED = "refused"
        DONE = "done"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="counter_postings")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)
    total_centimes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(state__in=["asked", "confirmed"]),
                name="one_counter_posting_at_a_time",
            ),
            models.CheckConstraint(
                name="counter_posting_has_four_eyes",
                condition=models.Q(state="asked", decided_by=None)
                | (
                    models.Q(state__in=["confirmed", "done"], decided_by__isnull=False)
                    & ~models.Q(decided_by=models.F("asked_by"))
                )
                | models.Q(state="refused", decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"counter-posting {self.pk}"
