"""The National Register of Crafts: trades, applications and entries (law 50-17)."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class Trade(models.Model):
    """A craft trade. The list is a draft until the decree's 172 activities are imported."""

    name_fr = models.CharField(max_length=120, unique=True)
    name_ar = models.CharField(max_length=120)
    branch = models.CharField(max_length=80)
    family_fr = models.CharField(max_length=80)
    family_ar = models.CharField(max_length=80)
    status = models.CharField(max_length=30)
    name_keys = ArrayField(models.TextField(), default=list)

    class Meta:
        indexes = [GinIndex(fields=["name_keys"], name="trade_by_name_key")]

    def __str__(self) -> str:
        return self.name_fr


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Application(models.Model):
    """A request to enter the register. States and verbs: `register/states.py`."""

    class State(models.TextChoices):
        INCOMPLETE = "incomplete"
        SUBMITTED = "submitted"
        ACCEPTED = "accepted"
        REFUSED = "refused"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="applications")
    trade = models.ForeignKey(Trade, null=True, on_delete=models.PROTECT, related_name="+")
    trade_text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    missing = ArrayField(models.CharField(max_length=30), default=list)
    refusal_reason = models.TextField(blank=True)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="application_state_known",
                condition=models.Q(state__in=["incomplete", "submitted", "accepted", "refused"]),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["incomplete", "submitted"]),
                name="one_open_application_per_person",
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.pk}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Entry(models.Model):
    """A person's entry in the register under its number (NIA)."""

    class State(models.TextChoices):
        ACTIVE = "active"
        STRUCK_OFF = "struck_off"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="register_entries")
    register_number = models.CharField(max_length=20, unique=True)
    trade = models.ForeignKey(Trade, null=True, on_delete=models.PROTECT, related_name="+")
    trade_text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACTIVE)
    application = models.OneToOneField(
        Application, null=True, on_delete=models.PROTECT, related_name="entry"
    )
    entered_on = models.DateField()
    struck_off_on = models.DateField(null=True)
    region_code = models.CharField(max_length=2, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="entry_state_known",
                condition=models.Q(state="active", struck_off_on=None)
                | models.Q(state="struck_off", struck_off_on__isnull=False),
            )
        ]
        indexes = [models.Index(fields=["person"], name="entry_by_person")]

    def __str__(self) -> str:
        return self.register_number
