"""The balances of the years that are paid with the tax."""

from __future__ import annotations

from django.db import models

from qafila.enrolment.models import Enrolment


class YearBalance(models.Model):
    """A year of an enrolment settled by its final tax: what it owes against what was called.

    Append-only; a final tax told again, or an end written in later, makes the next `sequence`.
    `months` are those worked in the year, `called_centimes` is what stood called for them before
    this balance, and `balance_centimes` (negative: called too much) was posted on `posted_on`.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="year_balances")
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveSmallIntegerField()
    final_tax_dh = models.IntegerField()
    months = models.PositiveSmallIntegerField()
    owed_centimes = models.BigIntegerField()
    called_centimes = models.BigIntegerField()
    balance_centimes = models.BigIntegerField()
    posted_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "year", "sequence"], name="a_year_balance_once"
            ),
            models.CheckConstraint(
                name="year_balance_adds_up",
                condition=models.Q(
                    balance_centimes=models.F("owed_centimes") - models.F("called_centimes")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"balance of {self.year} of {self.enrolment_id}"
