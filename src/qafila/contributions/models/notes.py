"""Payments a person showed a receipt of, until the money itself is confirmed."""

from __future__ import annotations

from django.db import models

from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class PaymentNote(models.Model):
    """A payment as its paper receipt tells it. No money: the books know nothing of it.

    It waits (`noted`) until a payment of the fund's, the bank's or the operator's file is found to
    be the same; then it is `confirmed` by that payment, which it belongs to alone. A note made by
    mistake is `taken_back` with its reason.
    """

    class State(models.TextChoices):
        NOTED = "noted"
        CONFIRMED = "confirmed"
        TAKEN_BACK = "taken_back"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payment_notes")
    channel = models.CharField(max_length=20)
    reference = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=120, blank=True)
    amount_centimes = models.BigIntegerField()
    paid_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NOTED)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    payment = models.OneToOneField(
        "contributions.Payment", null=True, on_delete=models.PROTECT, related_name="note"
    )
    reason = models.TextField(blank=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_note_state_known",
                condition=models.Q(state="noted", ended_at=None, payment=None, reason="")
                | models.Q(
                    state="confirmed", ended_at__isnull=False, payment__isnull=False, reason=""
                )
                | (
                    models.Q(state="taken_back", ended_at__isnull=False, payment=None)
                    & ~models.Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="payment_note_positive", condition=models.Q(amount_centimes__gt=0)
            ),
            models.CheckConstraint(
                name="payment_note_can_be_found",
                condition=~models.Q(reference="") | ~models.Q(place=""),
            ),
            models.UniqueConstraint(
                fields=["channel", "reference"],
                condition=~models.Q(reference="") & ~models.Q(state="taken_back"),
                name="a_receipt_noted_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=models.Q(state="noted"), name="payment_note_waiting"
            ),
            models.Index(fields=["person", "paid_on"], name="payment_note_by_person"),
        ]

    def __str__(self) -> str:
        return f"payment note {self.pk}"
