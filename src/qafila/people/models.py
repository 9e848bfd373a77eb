"""The one identity of a person, their household, numbers and phones; merges and their undoing."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from qafila.foundation.models import ActorRecord
from qafila.places.models import Commune, Province


class Household(models.Model):
    """People who live together; made when one speaks of another."""

    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Person(models.Model):
    """A person, with the names as written in each script and keys to find them in the other.

    `full_name_*` is always filled for a script that is known; family and given name only when a
    list gave them apart. `name_keys` comes from `linkage.names`. `province` is empty while nobody
    knows where the person lives: only national roles see such a person. An erased file keeps its
    number, sex and province for figures, and nothing that says who it was.
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        MERGED = "merged"
        ERASED = "erased"

    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    merged_into = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="absorbed"
    )
    household = models.ForeignKey(
        Household, null=True, on_delete=models.PROTECT, related_name="members"
    )
    full_name_ar = models.TextField(blank=True)
    family_name_ar = models.TextField(blank=True)
    given_name_ar = models.TextField(blank=True)
    full_name_latn = models.TextField(blank=True)
    family_name_latn = models.TextField(blank=True)
    given_name_latn = models.TextField(blank=True)
    name_keys = ArrayField(models.TextField(), default=list)
    name_search = models.GeneratedField(
        expression=models.Func(models.F("name_keys"), function="array_to_tsvector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.CharField(max_length=5, blank=True)
    card_number = models.CharField(max_length=12, blank=True)
    commune = models.ForeignKey(Commune, null=True, on_delete=models.PROTECT, related_name="+")
    province = models.ForeignKey(Province, null=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=2, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="person_merged_into_someone",
                condition=models.Q(state__in=["active", "erased"], merged_into=None)
                | models.Q(state="merged", merged_into__isnull=False),
            ),
            models.CheckConstraint(
                name="person_sex_known_or_not", condition=models.Q(sex__in=["", "F", "M"])
            ),
        ]
        indexes = [
            GinIndex(fields=["name_search"], name="person_by_name"),
            models.Index(fields=["card_number"], name="person_by_card"),
            models.Index(fields=["province", "id"], name="person_by_province"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Identifier(models.Model):
    """A number some institution knows the person by."""

    class Kind(models.TextChoices):
        CARD = "card"
        FUND = "fund"
        REGISTER = "register"
        TAX = "tax"
        AUTO_ENTREPRENEUR = "auto_entrepreneur"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    value = models.CharField(max_length=30)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "value"], name="identifier_once_per_person"
            )
        ]
        indexes = [models.Index(fields=["value"], name="identifier_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Phone(models.Model):
    """A phone number in E.164 form. Households and cooperatives share them."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="phones")
    number = models.CharField(max_length=16)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="phone_once_per_person")
        ]
        indexes = [models.Index(fields=["number"], name="phone_by_number")]

    def __str__(self) -> str:
        return f"phone of {self.person_id}"


class Merge(models.Model):
    """Two persons found to be one: what was moved, so that it can be undone exactly.

    `before` holds both person rows as they were; `moves` one item per row that hung on the absorbed
    person: table, primary key, column.
    """

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merged_by")
    at = models.DateTimeField()
    by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    evidence = models.JSONField(default=dict)
    before = models.JSONField()
    moves = models.JSONField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["absorbed"], condition=models.Q(undone_at=None), name="absorbed_once"
            ),
            models.CheckConstraint(
                name="merge_of_two", condition=~models.Q(kept=models.F("absorbed"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.absorbed_id} into {self.kept_id}"


class PersonalLink(models.Model):
    """A person's own way to their contributions; the token itself is never kept, only its hash.

    `code_digest` is the keyed digest of the short code that people type instead of the token; links
    from before there were codes have none. Who holds either still has to know two things of the
    card. Five wrong answers lock the link for good; the agent issues another.
    """

    token_sha256 = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="personal_links")
    issued_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(withdrawn_at=None),
                name="one_personal_link_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["code_digest"],
                condition=~models.Q(code_digest=""),
                name="one_personal_link_per_code",
            ),
            models.CheckConstraint(
                name="personal_link_ends_later",
                condition=models.Q(expires_at__gt=models.F("issued_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"personal link {self.pk}"


class Consent(models.Model):
    """A person agreed to one purpose, on a day, before somebody; they may withdraw it at any time.

    What the law orders needs no consent and is never asked for.
    """

    class Purpose(models.TextChoices):
        MESSAGES = "messages"
        SHARING = "sharing"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    given_at = models.DateTimeField()
    taken_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_at=None),
                name="one_consent_per_purpose",
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.person_id}"


class AccessRequest(models.Model):
    """Staff of one territory ask those of another for a person's file, and why.

    Granted, the file may be read, never changed, up to and with the day `until`.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        GRANTED = "granted"
        REFUSED = "refused"
        WITHDRAWN = "withdrawn"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_requests")
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reason = models.TextField()
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "asked_by"],
                condition=models.Q(state="waiting"),
                name="one_access_request_waits",
            ),
            models.CheckConstraint(
                name="access_is_granted_until_a_day",
                condition=models.Q(state="granted", until__isnull=False)
                | (~models.Q(state="granted") & models.Q(until=None)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(state="waiting"),
                name="access_requests_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"access to {self.person_id}"


class Erasure(models.Model):
    """A person's data asked to be erased; a second one does it. `proof`: how many rows of what."""

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    reason = models.TextField()
    asked_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    proof = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state="asked"),
                name="one_erasure_asked_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"erasure of {self.person_id}"
