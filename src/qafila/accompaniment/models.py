"""Where each person stands between unknown and covered, why not further, and the next step."""

from __future__ import annotations

from django.db import models

from qafila.people.models import Person


class Progress(models.Model):
    """One row per active person, rebuilt from facts: seven yes/no steps, the blocking reason code,
    the next step code, what is overdue, and the values the funnel is counted by.
    Sentences: `accompaniment/reasons.py`; the rule: `accompaniment/standings.py`. `computed_at` is
    the moment since which the row reads as it does.
    """

    person = models.OneToOneField(
        Person, primary_key=True, on_delete=models.PROTECT, related_name="progress"
    )
    reached = models.BooleanField(default=False)
    registered = models.BooleanField(default=False)
    enrolled = models.BooleanField(default=False)
    family_declared = models.BooleanField(default=False)
    paying = models.BooleanField(default=False)
    rights_open = models.BooleanField(default=False)
    stage = models.CharField(max_length=20)
    reason = models.CharField(max_length=40, blank=True)
    next_step = models.CharField(max_length=40, blank=True)
    rights = models.CharField(max_length=10)
    months_overdue = models.PositiveIntegerField(default=0)
    overdue_centimes = models.BigIntegerField(default=0)
    category = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    trade_id = models.BigIntegerField(null=True)
    commune_code = models.CharField(max_length=13, blank=True)
    province_code = models.CharField(max_length=6, blank=True)
    region_code = models.CharField(max_length=2, blank=True)
    computed_at = models.DateTimeField()

    class Meta:
        db_table = "accompaniment_standing"
        indexes = [
            models.Index(fields=["province_code", "reason"], name="standing_by_place"),
            models.Index(fields=["reason"], name="standing_by_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.stage}"
