"""Incoming lists: each import, each row as it came, and the pairs people are asked about."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from qafila.foundation.models import ActorRecord
from qafila.institutions.models import Institution
from qafila.people.models import Person


class ListImport(models.Model):
    """One file imported: what was recognised in it and how its rows came out.

    `rows_read = rows_accepted + rows_rejected + rows_repeated + rows_skipped` holds in every
    finished import; `rows_remarked` of the accepted ones bear a remark. `province_code` is where
    rows without a place are. `persons_new` and `rows_known` say what came of it, once linked.
    One that failed can be put away.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        READING = "reading"
        READ = "read"
        LINKED = "linked"
        FAILED = "failed"

    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    source = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    institution = models.ForeignKey(
        Institution, null=True, on_delete=models.PROTECT, related_name="+"
    )
    imported_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    mapping = models.JSONField(default=dict)
    sheets = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    rows_expected = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    rows_accepted = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    rows_repeated = models.PositiveIntegerField(default=0)
    rows_skipped = models.PositiveIntegerField(default=0)
    rows_remarked = models.PositiveIntegerField(default=0)
    persons_new = models.PositiveIntegerField(null=True)
    rows_known = models.PositiveIntegerField(null=True)
    province_code = models.CharField(max_length=6, blank=True)
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    upload = models.CharField(max_length=40, blank=True)
    put_away_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sha256"], condition=~models.Q(state="failed"), name="a_file_once"
            ),
            models.CheckConstraint(
                name="import_balance_holds",
                condition=models.Q(
                    rows_read=models.F("rows_accepted")
                    + models.F("rows_rejected")
                    + models.F("rows_repeated")
                    + models.F("rows_skipped")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class HandedInAgain(models.Model):
    """The same bytes handed in by somebody who may not see the import they made before."""

    list_import = models.ForeignKey(
        ListImport, on_delete=models.PROTECT, related_name="handed_in_again"
    )
    handed_in_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField()
    file_name = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list_import", "handed_in_by"], name="handed_in_again_once"
            )
        ]

    def __str__(self) -> str:
        return f"import {self.list_import_id} again"


class Row(models.Model):
    """One row of one list, as it came (`cells`) and as understood; never deleted, never rewritten.

    Only `person`, `replaced_by` and the `link_*` fields change, when linkage or a person decides
    whose row it is, and the keys, when they are made in another way. A row of a list that was
    corrected speaks of nobody any more: its `person` is empty, `replaced_by` is the row that took
    its place (none: withdrawn by the institution).
    `content_key` is the same for a row that comes again: source and number, or name and birth.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted"
        REJECTED = "rejected"
        REPEATED = "repeated"
        SKIPPED = "skipped"

    list_import = models.ForeignKey(ListImport, on_delete=models.PROTECT, related_name="rows")
    sheet = models.CharField(max_length=120, blank=True)
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reasons = models.JSONField(default=list)
    cells = models.JSONField()
    family_name = models.TextField(blank=True)
    given_name = models.TextField(blank=True)
    full_name = models.TextField(blank=True)
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, blank=True)
    card_number = models.CharField(max_length=12, blank=True)
    phone = models.CharField(max_length=16, blank=True)
    fund_number = models.CharField(max_length=9, blank=True)
    register_number = models.CharField(max_length=20, blank=True)
    tax_number = models.CharField(max_length=20, blank=True)
    ae_number = models.CharField(max_length=20, blank=True)
    place_text = models.TextField(blank=True)
    commune_code = models.CharField(max_length=13, blank=True)
    province_code = models.CharField(max_length=6, blank=True)
    region_code = models.CharField(max_length=2, blank=True)
    trade_text = models.TextField(blank=True)
    category = models.CharField(max_length=20, blank=True)
    annual_tax_dh = models.IntegerField(null=True)
    effect_date = models.DateField(null=True)
    months_unpaid = models.IntegerField(null=True)
    struck_off = models.BooleanField(null=True)
    notes = models.TextField(blank=True)
    name_keys = ArrayField(models.TextField(), default=list)
    name_key = models.TextField(blank=True)
    content_key = models.TextField(blank=True)
    replaced_by = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="replaces"
    )
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="list_rows"
    )
    link_probability = models.FloatField(null=True)
    link_decision = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list_import", "sheet", "row_number"], name="row_once_per_import"
            )
        ]
        indexes = [
            models.Index(fields=["person"], name="row_by_person"),
            models.Index(fields=["card_number"], name="row_by_card"),
            models.Index(fields=["phone"], condition=~models.Q(phone=""), name="row_by_phone"),
            models.Index(
                fields=["commune_code", "birth_date"],
                condition=~models.Q(commune_code=""),
                name="row_by_commune_and_birth",
            ),
            models.Index(
                fields=["birth_date"],
                condition=models.Q(birth_date__isnull=False),
                name="row_by_birth_date",
            ),
            models.Index(
                fields=["name_key", "commune_code", "birth_date"],
                condition=~models.Q(name_key=""),
                name="row_by_name",
            ),
            models.Index(
                fields=["content_key"],
                condition=~models.Q(content_key=""),
                name="row_by_content_key",
            ),
            models.Index(
                fields=["list_import"],
                condition=models.Q(outcome="accepted", person=None, link_decision=""),
                name="row_not_linked_yet",
            ),
        ]

    def __str__(self) -> str:
        return f"row {self.pk}"


class CandidatePair(models.Model):
    """Two rows that may speak of one person, with the evidence, waiting for someone's decision.

    A decision is kept for good and obeyed by every later linkage. `effect` says what deciding did
    (a merge, a person split off, the state before), so that it can be undone exactly. A pair inside
    one person that linkage would not make today is doubtful: someone should look at it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SAME = "same"
        DIFFERENT = "different"
        AUTOMATIC = "automatic"
        DOUBTFUL = "doubtful"

    left = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="+")
    right = models.ForeignKey(Row, on_delete=models.PROTECT, related_name="+")
    probability = models.FloatField()
    evidence = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State.choices)
    effect = models.JSONField(default=dict)
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["left", "right"], name="pair_once"),
            models.CheckConstraint(
                name="pair_in_order", condition=models.Q(left_id__lt=models.F("right_id"))
            ),
        ]
        indexes = [
            models.Index(
                fields=["-probability"],
                condition=models.Q(state="waiting"),
                name="pair_waiting_best_first",
            ),
            models.Index(
                fields=["id"],
                condition=models.Q(state="doubtful"),
                name="pair_doubtful",
            ),
            models.Index(
                fields=["left"],
                condition=models.Q(state__in=["same", "different"]),
                name="pair_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.left_id} {self.right_id}"


class LinkModel(models.Model):
    """The chances a linkage learned, so that later rows are judged by the same ones."""

    learned_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    chances = models.JSONField()
    prior = models.FloatField()

    def __str__(self) -> str:
        return f"model of {self.rows} rows"


class StoredKeys(models.Model):
    """Of which version the keys of names in one table are.

    While they are remade, `making` is the version made and `done_to` the last row that has it.
    """

    table = models.CharField(max_length=40, unique=True)
    version = models.PositiveSmallIntegerField()
    making = models.PositiveSmallIntegerField(null=True)
    done_to = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"keys of {self.table}"
