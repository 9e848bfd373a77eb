"""Who is in arrears, derived from calls and payments for lists that must answer at once."""

from __future__ import annotations

from django.db import models

from qafila.people.models import Person


class PersonArrears(models.Model):
    """What one person has overdue as of a day; derived, one row for each person in arrears.

    `band` counts the ages of `AGES` the oldest overdue call is past. Rebuilt every night, and for a
    person in the transaction that changes their calls or payments.
    """

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.PROTECT, related_name="arrears"
    )
    as_of = models.DateField()
    band = models.PositiveSmallIntegerField()
    overdue_centimes = models.BigIntegerField()
    overdue_calls = models.PositiveIntegerField()
    oldest_due_on = models.DateField()
    category = models.CharField(max_length=20)
    province_code = models.CharField(max_length=10, blank=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["overdue_centimes", "person"], name="arrears_by_amount"),
            models.Index(fields=["band", "overdue_centimes", "person"], name="arrears_by_band"),
            models.Index(
                fields=["province_code", "overdue_centimes", "person"], name="arrears_by_province"
            ),
        ]

    def __str__(self) -> str:
        return f"arrears of person {self.person_id}"
