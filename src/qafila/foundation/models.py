"""Actors, the journal, the log of reads, commands already carried out, and what all share."""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models


class ActorRecord(models.Model):
    """One row for everything that can write: a person's account, a job, a device, a partner."""

    class Kind(models.TextChoices):
        STAFF = "staff"
        SYSTEM = "system"
        DEVICE = "device"
        PARTNER = "partner"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=150)

    class Meta:
        db_table = "foundation_actor"
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(kind="system"), name="one_system_actor_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class JournalEntry(models.Model):
    """What was done, by whom, to what: written in the transaction that did it.

    `data` holds the placeholders of the sentence shown to readers; personal values in it are listed
    by the room's journal type so that erasure can remove them.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "foundation_journal_entry"
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="journal_by_subject"),
            models.Index(
                fields=["person_id", "at"],
                condition=models.Q(person_id__isnull=False),
                name="journal_by_person",
            ),
            models.Index(fields=["actor", "at"], name="journal_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_type} {self.subject_id}"


class AccessLogEntry(models.Model):
    """Somebody looked at a person's file, or at people on a list, and why.

    A file: `person_id`. A list, a search, an export: `people_count` people at once, and in `asked`
    what was asked for as codes of filters, never a name or a number that was typed.
    """

    class Reason(models.TextChoices):
        SERVING = "serving"
        REVIEWING = "reviewing"
        FOLLOWING_UP = "following_up"
        AUDITING = "auditing"

    at = models.DateTimeField()
    reader = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    person_id = models.BigIntegerField(db_index=True, null=True)
    people_count = models.PositiveIntegerField(null=True)
    asked = models.CharField(max_length=200, blank=True, default="", db_default="")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    place = models.CharField(max_length=120)

    class Meta:
        db_table = "foundation_access_log_entry"
        indexes = [
            models.Index(fields=["reader", "at"], name="reads_by_reader"),
            BrinIndex(fields=["at"], name="reads_by_moment"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person_id=None) ^ models.Q(people_count=None),
                name="one_file_or_a_list_was_read",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} read {self.person_id or self.people_count}"


class SignInEntry(models.Model):
    """Somebody signed in or out, or tried to.

    `actor` is empty when no account has the address of mail that was typed: what was typed is not
    kept, it may have been a password.
    """

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in"
        SIGNED_OUT = "signed_out"
        WRONG_PASSWORD = "wrong_password"  # noqa: S105
        WRONG_CODE = "wrong_code"
        LOCKED_OUT = "locked_out"

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=15, choices=Kind.choices)
    actor = models.ForeignKey(ActorRecord, null=True, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        db_table = "foundation_sign_in_entry"
        indexes = [models.Index(fields=["actor", "at"], name="sign_ins_by_actor")]

    def __str__(self) -> str:
        return f"{self.kind} {self.actor_id}"


class CompletedCommand(models.Model):
    """A command already carried out, with its answer: asked again, the same answer is given."""

    command_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=80)
    answer = models.JSONField(default=dict)

    class Meta:
        db_table = "foundation_completed_command"

    def __str__(self) -> str:
        return f"{self.verb} {self.command_id}"


class SharedValue(models.Model):
    """What every process agrees on until it expires: counts, used codes (`stores.shared_cache`)."""

    key = models.BinaryField(primary_key=True, max_length=32)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "foundation_shared_value"

    def __str__(self) -> str:
        return f"until {self.expires}"


class Allowance(models.Model):
    """How much of a steady allowance a partner has left (`stores.allowances`)."""

    holder = models.CharField(max_length=60, primary_key=True)
    remaining = models.DecimalField(max_digits=14, decimal_places=4)
    at = models.DateTimeField()

    class Meta:
        db_table = "foundation_allowance"

    def __str__(self) -> str:
        return f"{self.holder}: {self.remaining}"
