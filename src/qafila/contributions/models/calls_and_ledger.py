"""Runs, calls, payments and the double-entry ledger. Money is integer centimes.

Calls and ledger lines are partitioned by month (see `partitions.py`). PostgreSQL then wants the
month in every unique key, so the tables' primary keys are (id, month); `id` alone comes from one
sequence and is unique in fact, which is what Django needs.
"""

from __future__ import annotations

from django.db import models

from qafila.enrolment.models import Enrolment
from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class Run(models.Model):
    """The calling of one month's contributions, for everyone, once.

    One that was wrong is counter-posted as a whole (`reversing`, then `reversed`); the month may be
    called again then, and `times` counts how often that was done.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        POSTED = "posted"
        REVERSING = "reversing"
        REVERSED = "reversed"

    month = models.DateField(unique=True)
    state = models.CharField(max_length=9, choices=State.choices)
    times = models.PositiveSmallIntegerField(default=0, db_default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    started_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    calls = models.PositiveIntegerField(default=0)
    total_centimes = models.BigIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(name="run_month_is_first_day", condition=models.Q(month__day=1))
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class RunPart(models.Model):
    """The people of one range of a run: posted whole, in one transaction, or not at all."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="parts")
    first_person = models.BigIntegerField()
    last_person = models.BigIntegerField()
    posted_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    calls = models.PositiveIntegerField(default=0)
    total_centimes = models.BigIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "first_person"], name="one_part_per_range")
        ]

    def __str__(self) -> str:
        return f"{self.first_person}-{self.last_person}"


class ClosedMonth(models.Model):
    """A month of the books that is closed: nothing is posted in it any more, only after it."""

    month = models.DateField(primary_key=True)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="closed_month_is_first_day", condition=models.Q(month__day=1)
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Call(models.Model):
    """What one enrolment owes for one month. `opening` calls come from the fund's arrears.

    `sequence` is 0 for the month's call and counts its later `adjustment`s; where the run was
    counter-posted, the next calling of the month begins at 1000. The `balance` of a year stands in
    the last month of that year. `settled_on` (the day the whole amount was paid or
    credited) and `corrected_centimes` (what corrections and yearly balances took back) are derived
    from the allocations; nothing else of a call ever changes. No database key to the run: a
    national run would lock that one row millions of times.
    """

    class Origin(models.TextChoices):
        RUN = "run"
        OPENING = "opening"
        ADJUSTMENT = "adjustment"
        BALANCE = "balance"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="calls")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="calls")
    month = models.DateField()
    sequence = models.PositiveSmallIntegerField(default=0)
    category = models.CharField(max_length=20)
    amount_centimes = models.BigIntegerField()
    due_on = models.DateField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    run = models.ForeignKey(
        Run,
        null=True,
        on_delete=models.PROTECT,
        related_name="posted_calls",
        db_constraint=False,
        db_index=False,
    )
    settled_on = models.DateField(null=True)
    corrected_centimes = models.BigIntegerField(default=0, db_default=0)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "month", "sequence"], name="one_call_per_month"
            ),
            models.CheckConstraint(
                name="call_amount_positive", condition=models.Q(amount_centimes__gt=0)
            ),
            models.CheckConstraint(
                name="only_adjustments_repeat",
                condition=models.Q(sequence=0)
                | models.Q(origin__in=["adjustment", "balance"])
                | models.Q(sequence__gte=1000, origin="run"),
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
    """Money received for a person, once per reference; one taken back leaves its reference free.

    `unallocated_centimes` is the part that settles no call yet; `reversed_on` is the day the bank
    or the operator took the money back.
    """

    payment_file = models.ForeignKey(
        PaymentFile, null=True, on_delete=models.PROTECT, related_name="payments"
    )
    reference = models.CharField(max_length=60)
    channel = models.CharField(max_length=20)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="payments")
    amount_centimes = models.BigIntegerField()
    unallocated_centimes = models.BigIntegerField()
    paid_on = models.DateField()
    reversed_on = models.DateField(null=True)
    reversal_reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "reference"],
                condition=models.Q(reversed_on=None),
                name="a_payment_once",
            ),
            models.CheckConstraint(
                name="payment_positive", condition=models.Q(amount_centimes__gt=0)
            ),
            models.CheckConstraint(
                name="payment_rest_in_bounds",
                condition=models.Q(unallocated_centimes__gte=0)
                & models.Q(unallocated_centimes__lte=models.F("amount_centimes")),
            ),
            models.CheckConstraint(
                name="reversed_payment_is_empty",
                condition=models.Q(reversed_on=None) | models.Q(unallocated_centimes=0),
            ),
        ]
        indexes = [
            models.Index(fields=["person", "paid_on"], name="payment_by_person"),
            models.Index(
                fields=["channel", "reference"],
                condition=models.Q(reversed_on__isnull=False),
                name="payment_taken_back",
            ),
            models.Index(
                fields=["person"],
                condition=models.Q(unallocated_centimes__gt=0),
                name="payment_with_rest",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"


class Allocation(models.Model):
    """What settles a part of a call; append-only. Negative when it undoes an earlier allocation.

    The source is a payment, a correction of the call, the balance of its year, or relief under
    law 41-23.
    """

    class Source(models.TextChoices):
        PAYMENT = "payment"
        CORRECTION = "correction"
        BALANCE = "balance"
        RELIEF = "relief"

    source = models.CharField(max_length=10, choices=Source.choices, default=Source.PAYMENT)
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="allocations"
    )
    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, related_name="allocations", db_constraint=False
    )
    call_month = models.DateField()
    amount_centimes = models.BigIntegerField()
    allocated_on = models.DateField()
    undoes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="undone_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="allocation_has_its_source",
                condition=models.Q(source="payment", payment__isnull=False)
                | (~models.Q(source="payment") & models.Q(payment=None)),
            ),
            models.CheckConstraint(
                name="allocation_sign",
                condition=models.Q(undoes=None, amount_centimes__gt=0)
                | models.Q(undoes__isnull=False, amount_centimes__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"allocation {self.pk}"


class LedgerLine(models.Model):
    """One side of a posting, append-only: the lines of a `posting` add up to zero.

    Debit is positive, credit negative. Accounts: receivable (what people owe), contributions
    (what was called), received (money in), unallocated (money not yet matched to a call),
    relieved (arrears erased by law), refund_due (to be paid out). `month` is the month of the books
    the posting belongs to.
    No database key to the person: the posting's call or payment carries it.
    """

    class Book(models.TextChoices):
        RECEIVABLE = "receivable"
        CONTRIBUTIONS = "contributions"
        RECEIVED = "received"
        UNALLOCATED = "unallocated"
        RELIEVED = "relieved"
        REFUND_DUE = "refund_due"

    posting = models.CharField(max_length=40)
    book = models.CharField(max_length=13, choices=Book.choices)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="ledger_lines",
        db_constraint=False, db_index=False,
    )  # fmt: skip
    amount_centimes = models.BigIntegerField()
    posted_on = models.DateField()
    month = models.DateField()
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["posting", "book", "month"], name="posting_side_once"),
            models.CheckConstraint(
                name="ledger_line_not_empty", condition=~models.Q(amount_centimes=0)
            ),
        ]
        indexes = [models.Index(fields=["person", "posted_on"], name="ledger_by_person")]

    def __str__(self) -> str:
        return f"{self.posting} {self.book}"


class ReliefApplication(models.Model):
    """A person's request under law 41-23; how far it is follows from calls and payments by law.

    While it runs, payments leave the months to be erased alone.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        ERASED = "erased"
        LOST = "lost"

    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="relief")
    state = models.CharField(max_length=7, choices=State.choices)
    applied_at = models.DateTimeField()
    taken_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    first_payment_on = models.DateField(null=True)
    lost_on = models.DateField(null=True)
    erased_on = models.DateField(null=True)
    erased_centimes = models.BigIntegerField(default=0)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="relief_state_known",
                condition=models.Q(state="running", erased_on=None, lost_on=None)
                | models.Q(state="erased", erased_on__isnull=False, lost_on=None)
                | models.Q(state="lost", erased_on=None, lost_on__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"relief {self.pk}"


class WorkItem(models.Model):
    """Something a person at the fund has to look at, found by a run or a nightly search.

    What each kind means and its remedy: `work_queue.py`. One open item per kind, person, enrolment.
    """

    class State(models.TextChoices):
        OPEN = "open"
        DONE = "done"
        GONE = "gone"

    kind = models.CharField(max_length=30)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="work_items")
    enrolment = models.ForeignKey(
        Enrolment, null=True, on_delete=models.PROTECT, related_name="work_items"
    )
    month = models.DateField(null=True)
    details = models.JSONField(default=dict)
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(ActorRecord, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(blank=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "person", "enrolment"],
                condition=models.Q(state="open"),
                nulls_distinct=False,
                name="one_open_item_per_matter",
            ),
            models.CheckConstraint(
                name="work_item_state_known",
                condition=models.Q(state="open", ended_at=None)
                | models.Q(state__in=["done", "gone"], ended_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["state", "kind", "id"], name="work_item_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
