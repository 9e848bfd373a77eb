"""Rights to cover, derived from facts by the law and materialised for lists and for the check."""

from __future__ import annotations

from django.db import models

from qafila.enrolment.models import Dependant
from qafila.foundation.models import ActorRecord
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
        Person,
        on_delete=models.PROTECT,
        related_name="rights_periods",
        db_constraint=False,
        db_index=False,
    )
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


class DependantPeriod(models.Model):
    """From one day to another a dependant's rights are in one status, for one reason.

    Rebuilt beside those of the insured person, from the same facts and in the same transaction.
    Before birth, marriage or kafala there is no period. Bounds as in `RightsPeriod`.
    """

    dependant = models.ForeignKey(
        Dependant,
        on_delete=models.PROTECT,
        related_name="rights_periods",
        db_constraint=False,
        db_index=False,
    )
    insured = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="dependants_periods", db_constraint=False
    )
    member = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="periods_as_dependant", db_constraint=False
    )
    status = models.CharField(max_length=9, choices=RightsPeriod.Status.choices)
    reason = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dependant", "since"], name="one_family_status_a_day"),
            models.CheckConstraint(
                name="family_period_not_empty",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.dependant_id}"


class Attestation(models.Model):
    """An attestation of rights that was issued: what its code stands for, and its withdrawal.

    `person` is whom it is about; for a member of a family `dependant` says through whom. `digest`
    is that of the sheet's text, in the token too. The key is the serial on the sheet.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attestations")
    dependant = models.ForeignKey(
        Dependant, null=True, on_delete=models.PROTECT, related_name="attestations"
    )
    status = models.CharField(max_length=9)
    reason = models.CharField(max_length=40)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    valid_from = models.DateField()
    valid_until = models.DateField()
    digest = models.BinaryField(max_length=16)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="attestation_withdrawn_by_someone",
                condition=models.Q(withdrawn_at=None, withdrawn_by=None)
                | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
            models.CheckConstraint(
                name="attestation_ends_after_it_begins",
                condition=models.Q(valid_until__gte=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"attestation {self.pk}"
