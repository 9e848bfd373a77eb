"""Rights to cover, derived from facts by the law and materialised for lists and for the check."""

from __future__ import annotations

from django.db import models

from qafila.people.models import Person


class RightsPeriod(models.Model):
    """From one day to another the person's rights are in one status, for one reason.

    `until` is the first day after the period (empty: no end known). A person's periods follow each
    other without gaps; someone without a period has no rights. Rebuilt from enrolments, calls and
    payments; a rebuild gives the same rows.
    """

    class Status(models.TextChoices):
        OPEN = "open"
        WAITING = "waiting"
        SUSPENDED = "suspended"
        CLOSED = "closed"

    # Derived rows by the million: the person's key is checked on the facts, and the constraint
    # below already makes an index that begins with the person.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="rights_periods",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    status = models.CharField(max_length=9, choices=Status.choices)
    reason = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "since"], name="one_status_a_day"),
            models.CheckConstraint(
                name="period_not_empty",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.person_id}"
