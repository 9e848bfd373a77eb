"""Money given back to a person: asked for, approved by another person, paid out, or come back."""

from __future__ import annotations

from django.db import models

from qafila.contributions.models.calls_and_ledger import Payment
from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class Refund(models.Model):
    """A person's credit paid out. Once `approved` the money is no credit any more.

    `paid` names the bank's line; `returned`: the bank brought the money back, and it is credit
    again; `cancelled`: it was approved but never paid. What the bank paid out without a request is
    `paid` from the start. Of a person who died the money goes to `heir`, by `heir_document`.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        REFUSED = "refused"
        APPROVED = "approved"
        CANCELLED = "cancelled"
        PAID = "paid"
        RETURNED = "returned"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="refunds")
    amount_centimes = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=9, choices=State.choices)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=20, blank=True)
    bank_line = models.CharField(max_length=60, blank=True)
    credit_left_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    return_line = models.CharField(max_length=60, blank=True)
    returned_on = models.DateField(null=True)
    outcome = models.TextField(blank=True)
    heir = models.CharField(max_length=120, blank=True, default="", db_default="")
    heir_document = models.CharField(max_length=120, blank=True, default="", db_default="")
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refund_positive", condition=models.Q(amount_centimes__gt=0)
            ),
            models.CheckConstraint(
                name="refund_has_four_eyes",
                condition=models.Q(decided_by=None)
                | models.Q(state="refused")
                | ~models.Q(decided_by=models.F("asked_by")),
            ),
            models.CheckConstraint(
                name="refund_paid_with_its_line",
                condition=models.Q(state__in=["paid", "returned"], paid_on__isnull=False)
                & ~models.Q(bank_line="")
                | models.Q(state__in=["asked", "refused", "approved", "cancelled"], paid_on=None),
            ),
            models.CheckConstraint(
                name="refund_returned_with_its_day",
                condition=models.Q(state="returned", returned_on__isnull=False)
                | (~models.Q(state="returned") & models.Q(returned_on=None)),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state="asked"),
                name="one_refund_asked_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["channel", "bank_line"],
                condition=~models.Q(bank_line=""),
                name="a_refund_paid_once",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="refund_by_person")]

    def __str__(self) -> str:
        return f"refund {self.pk}"


class RefundPart(models.Model):
    """How much of a refund came from one payment; append-only, negative once it is credit again."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refund_parts")
    amount_centimes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refund_part_not_empty", condition=~models.Q(amount_centimes=0)
            )
        ]

    def __str__(self) -> str:
        return f"refund part {self.pk}"
