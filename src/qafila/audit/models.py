"""Cases of unusual reading: what an agent read on one day that somebody has to look at."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qafila.foundation.models import ActorRecord


class UnusualReading(models.Model):
    """One kind of unusual reading of one agent on one day.

    `people`: how many it concerned; `usual`: what is usual for the agent, where there is such a
    measure; `persons`: the files, at most `unusual.MOST_NAMED`, where they are known one by one.
    """

    class Kind(models.TextChoices):
        MANY_FILES = "many_files"
        MANY_LISTED = "many_listed"
        ODD_HOURS = "odd_hours"
        ELSEWHERE = "elsewhere"
        OWN_FAMILY = "own_family"
        PROBING = "probing"

    class State(models.TextChoices):
        OPEN = "open"
        CLOSED = "closed"

    day = models.DateField()
    reader = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    people = models.PositiveIntegerField()
    usual = models.PositiveIntegerField(null=True)
    persons = ArrayField(models.BigIntegerField(), default=list)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True)

    class Meta:
        db_table = "audit_unusual_reading"
        constraints = [
            models.UniqueConstraint(fields=["day", "reader", "kind"], name="one_case_a_day"),
            models.CheckConstraint(
                name="closed_with_a_reason",
                condition=models.Q(state="open", closed_at=None, closed_by=None, reason="")
                | (
                    models.Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                    & ~models.Q(reason="")
                ),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-day", "id"], condition=models.Q(state="open"), name="open_cases_by_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.reader_id}"
