"""Runs, calls, payments and the double-entry ledger. Money is integer centimes."""

from __future__ import annotations

from django.db import models

from qafila.enrolment.models import Enrolment
from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class Run(models.Model):
    """The calling of one month's contributions, for everyone, once."""

    class State(models.TextChoices):
        RUNNING = "running"
        POSTED = "posted"

    month = models.DateField(unique=True)
    state = models.CharField(max_length=8, choices=State.choices)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    calls = models.PositiveIntegerField(default=0)
    total_centimes = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="run_month_is_first_day", condition=models.Q(month__day=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Call(models.Model):
    """What one enrolment owes for one month. `opening` calls come from the fund's arrears."""

    class Origin(models.TextChoices):
        RUN = "run"
        OPENING = "opening"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calls")
    month = models.DateField()
    category = models.CharField(max_length=20)
    amount_centimes = models.BigIntegerField()
    due_on = models.DateField()
    origin = models.CharField(max_length=8, choices=Origin.choices)
    run = models.ForeignKey(Run, null=True, on_delete=models.PROTECT, related_name="posted_calls")
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "month"], name="one_call_per_month"),
            models.CheckConstraint(
                name="call_amount_positive", condition=models.Q(amount_centimes__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["person", "month"], name="call_by_person")]

    def __str__(self) -> str:
        return f"call {self.pk}"


class PaymentFile(models.Model):
    """A file of payments from the fund, a bank or a relay-point operator."""

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    channel = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_repeated = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="payment_file_balance_holds",
                condition=models.Q(
                    rows_read=models.F("rows_accepted")
                    + models.F("rows_rejected")
                    + models.F("rows_repeated")
                ),
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Payment(models.Model):
    """Money received for a person, once per reference."""

    payment_file = models.ForeignKey(
        PaymentFile, null=True, on_delete=models.PROTECT, related_name="payments"
    )
    reference = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payments")
    amount_centimes = models.BigIntegerField()
    paid_on = models.DateField()
    recorded_at = models.DateTimeField()
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "reference"], name="a_payment_once"),
            models.CheckConstraint(
                name="payment_positive", condition=models.Q(amount_centimes__gt=0)
            ),
        ]
        indexes = [models.Index(fields=["person", "paid_on"], name="payment_by_person")]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class Allocation(models.Model):
    """The part of a payment that settles a call; append-only."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="allocations")
    amount_centimes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "call"], name="allocation_once"),
            models.CheckConstraint(
                name="allocation_positive", condition=models.Q(amount_centimes__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return f"allocation {self.pk}"


class LedgerLine(models.Model):
    """One side of a posting, append-only: the lines of a `posting` add up to zero.

    Debit is positive, credit negative. Accounts: receivable (what people owe), contributions
    (what was called), received (money in), unallocated (money not yet matched to a call).
    """

    class Book(models.TextChoices):
        RECEIVABLE = "receivable"
        CONTRIBUTIONS = "contributions"
        RECEIVED = "received"
        UNALLOCATED = "unallocated"

    posting = models.CharField(max_length=40)
    book = models.CharField(max_length=13, choices=Book.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="ledger_lines")
    amount_centimes = models.BigIntegerField()
    posted_on = models.DateField()
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "book"], name="posting_side_once")
        ]
        indexes = [models.Index(fields=["person", "posted_on"], name="ledger_by_person")]

    def __str__(self) -> str:
        return f"{self.posting} {self.book}"
