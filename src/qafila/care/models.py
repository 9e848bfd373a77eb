"""Care: who may ask whether someone is covered, each time they asked, tariffs, and claims."""

from __future__ import annotations

import pghistory
from django.db import models

from qafila.foundation.models import ActorRecord
from qafila.people.models import Person


class Partner(models.Model):
    """A hospital, pharmacy or payment operator whose programs ask Qafila, or send to it.

    `client_id` is its OAuth2 client; `checks_per_minute` what it may ask, unknown numbers counting
    ten times; `may_see_dependants` whether it may also ask about spouses and children;
    `may_book_payments` whether it is an operator that sends payments it received; `withdrawn_at`
    since when its programs may do nothing of this any more.
    """

    actor = models.OneToOneField(ActorRecord, on_delete=models.PROTECT, related_name="+")
    client_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=150)
    checks_per_minute = models.PositiveIntegerField(default=600)
    may_see_dependants = models.BooleanField(default=False)
    may_book_payments = models.BooleanField(default=False)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class CoverageCheck(models.Model):
    """A partner asked about the cover of a person on a day, and what was answered.

    Rows are only ever added, one with each check: no key is looked up for them. `person_id` is
    empty when nobody, or more than one person, has the number asked about.
    """

    at = models.DateTimeField()
    partner_id = models.BigIntegerField()
    person_id = models.BigIntegerField(null=True)
    id_type = models.CharField(max_length=4)
    on = models.DateField()
    status = models.CharField(max_length=9)
    reason = models.CharField(max_length=40)
    dependants_told = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["person_id", "at"], name="check_by_person")]

    def __str__(self) -> str:
        return f"check {self.pk}"


class Act(models.Model):
    """An act of care at its national reference tariff, from one day to another (excluded).

    For whom it can be: `patient_sex` (empty: both), ages in whole years (included), and at least
    `days_between` it and the next of its kind for one patient. Whatever lies beyond waits for a
    doctor.
    """

    class Care(models.TextChoices):
        AMBULATORY = "ambulatory"
        HOSPITAL = "hospital"
        MEDICINE = "medicine"

    code = models.CharField(max_length=20)
    name_fr = models.CharField(max_length=160)
    name_ar = models.CharField(max_length=160)
    care = models.CharField(max_length=10, choices=Care.choices)
    tariff_centimes = models.PositiveBigIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source = models.CharField(max_length=160)
    demonstration = models.BooleanField(default=False)
    patient_sex = models.CharField(max_length=1, blank=True, default="", db_default="")
    from_age = models.PositiveSmallIntegerField(null=True)
    to_age = models.PositiveSmallIntegerField(null=True)
    days_between = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_tariff_a_day"),
            models.CheckConstraint(
                name="act_of_which_sex", condition=models.Q(patient_sex__in=["", "F", "M"])
            ),
            models.CheckConstraint(
                name="tariff_not_empty",
                condition=models.Q(valid_until=None)
                | models.Q(valid_until__gt=models.F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.code


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Claim(models.Model):
    """A request for reimbursement of one act (dossier de soins). Its states: `care/states.py`.

    `patient` is the insured person or someone of the family. `finding` is what the assessment found
    (`payable`, or why not) and `reimbursed_centimes` what it allows. `deadline_waived`: an appeal
    found a good reason for filing late. `documents`: how many papers the person brings.
    `quantity`: how many of the act, such as boxes. `another_time`: somebody was asked and said the
    act was done again that day. `doubts`: why a doctor has to look (`assessing.DOUBTS`, with spaces
    between), `doctor_agreed` once one did to these. `place`: `private`, `public` or `abroad`.
    `appeal_excuse`: why an appeal that came late was received.
    """

    class State(models.TextChoices):
        DECLARED = "declared"
        RECEIVED = "received"
        ASSESSED = "assessed"
        PAID = "paid"
        REFUSED = "refused"
        APPEALED = "appealed"
        REJECTED = "rejected"
        WITHDRAWN = "withdrawn"

    insured = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    patient = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices)
    act_code = models.CharField(max_length=20)
    care_on = models.DateField()
    place = models.CharField(max_length=7, blank=True)
    illness = models.CharField(max_length=3, blank=True)
    documents = models.PositiveSmallIntegerField(default=0, db_default=0)
    paid_by_person_centimes = models.PositiveBigIntegerField()
    quantity = models.PositiveSmallIntegerField(default=1, db_default=1)
    another_time = models.BooleanField(default=False, db_default=False)
    doubts = models.CharField(max_length=80, blank=True, default="", db_default="")
    doctor_agreed = models.BooleanField(default=False, db_default=False)
    declared_on = models.DateField()
    received_on = models.DateField(null=True)
    finding = models.CharField(max_length=40, blank=True)
    reimbursed_centimes = models.PositiveBigIntegerField(null=True)
    deadline_waived = models.BooleanField(default=False)
    refusal_reason = models.TextField(blank=True)
    appeal_reason = models.TextField(blank=True)
    appeal_excuse = models.TextField(blank=True, default="", db_default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    paid_on = models.DateField(null=True)
    payment_reference = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="claim_state_known",
                condition=models.Q(
                    state__in=[
                        "declared",
                        "received",
                        "assessed",
                        "paid",
                        "refused",
                        "appealed",
                        "rejected",
                        "withdrawn",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="claim_paid_what_was_assessed",
                condition=~models.Q(state="paid")
                | models.Q(
                    finding="payable", reimbursed_centimes__isnull=False, paid_on__isnull=False
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["insured", "care_on"], name="claim_by_insured"),
            models.Index(fields=["patient", "act_code", "care_on"], name="claim_by_care"),
            models.Index(fields=["state", "care_on", "id"], name="claim_by_state"),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"
