"""Institutions of the rollout, the accounts of their staff, and the posts those hold."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qafila.foundation.actors import Role
from qafila.foundation.models import ActorRecord
from qafila.places.models import Province, Region

STAFF_ROLES = [(role.value, role.value) for role in Role if role is not Role.SYSTEM]


class Institution(models.Model):
    """A ministry, chamber, annex, directorate, fund agency… `confidence` says how sure we are."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("Ministry")
        AGENCY = "agency", _("National establishment")
        REGISTER = "register", _("National register")
        COUNCIL = "council", _("National council")
        CHAMBER_CRAFTS = "chamber_crafts", _("Chamber of crafts")
        CHAMBER_CRAFTS_ANNEX = "chamber_crafts_annex", _("Annex of a chamber of crafts")
        CHAMBER_COMMERCE = "chamber_commerce", _("Chamber of commerce, industry and services")
        CHAMBER_COMMERCE_ANNEX = "chamber_commerce_annex", _("Annex of a chamber of commerce")
        DIRECTORATE_REGIONAL = "directorate_crafts_regional", _("Regional directorate of crafts")
        DIRECTORATE_PROVINCIAL = (
            "directorate_crafts_provincial",
            _("Provincial directorate of crafts"),
        )
        FUND_AGENCY = "cnss_agency", _("Agency of the fund (CNSS)")

    kind = models.CharField(max_length=40, choices=Kind.choices)
    name_fr = models.CharField(max_length=200)
    name_ar = models.CharField(max_length=200, blank=True)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    province = models.ForeignKey(Province, null=True, on_delete=models.PROTECT, related_name="+")
    city = models.CharField(max_length=80, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="annexes")
    valid_from = models.PositiveSmallIntegerField(null=True)
    valid_to = models.PositiveSmallIntegerField(null=True)
    confidence = models.CharField(max_length=40)
    source = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name_fr", "city"], name="one_institution_per_name"
            )
        ]

    def __str__(self) -> str:
        return self.name_fr


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Account:
        """Create an account with its actor; call it inside `trail.acting`."""
        name = fields.pop("name", email)
        actor = ActorRecord.objects.create(kind=ActorRecord.Kind.STAFF, name=name)
        account = self.model(email=email.strip().lower(), name=name, actor=actor, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A member of staff who can sign in. What they may do comes from their posts alone.

    `name` is as given, usually in Arabic; `name_latn` the same in Latin letters where known.
    `must_change_password`: somebody else chose the password; nothing opens until it is changed.
    """

    last_login = None  # sign-ins are in the access log
    email = models.EmailField(unique=True)
    password = models.CharField(max_length=255)  # sealed, it is longer than Django's
    name = models.CharField(max_length=150)
    name_latn = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=3, default="ar")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False, db_default=False)
    actor = models.OneToOneField(ActorRecord, on_delete=models.PROTECT, related_name="account")

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = AccountManager()

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the script of the language in force."""
        in_arabic = (get_language() or "ar") == "ar"
        return self.name if in_arabic else self.name_latn or self.name


class SignedIn(models.Model):
    """Where an account signed in: the session's row is found by the same digest."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="signed_in")
    kept_under = models.CharField(max_length=40, unique=True)
    begun_at = models.DateTimeField()
    device = models.CharField(max_length=120, blank=True)
    network = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return f"{self.account_id} since {self.begun_at:%Y-%m-%d %H:%M}"


class Post(models.Model):
    """A role held by an account, at an institution, over a territory, from one day to another.

    The territory is the country, one region or one province: exactly one of the three.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=STAFF_ROLES)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="posts")
    national = models.BooleanField(default=False)
    region = models.ForeignKey(Region, null=True, on_delete=models.PROTECT, related_name="+")
    province = models.ForeignKey(Province, null=True, on_delete=models.PROTECT, related_name="+")
    held_from = models.DateField()
    held_until = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="post_has_one_territory",
                condition=(
                    models.Q(national=True, region=None, province=None)
                    | models.Q(national=False, region__isnull=False, province=None)
                    | models.Q(national=False, region=None, province__isnull=False)
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.account_id}"


class AskedAct(models.Model):
    """What one administrator asked to have done to another's account; a second one confirms it.

    `about`: for a post given or taken, its terms or its number and last day.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        DONE = "done"
        REFUSED = "refused"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="asked_acts")
    verb = models.CharField(max_length=20)
    about = models.JSONField(default=dict, db_default={})
    state = models.CharField(max_length=7, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        ActorRecord, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "verb"],
                condition=models.Q(state="asked"),
                name="an_act_is_asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.account_id}"


class HandedOver(models.Model):
    """The files of someone who left, handed to a colleague: who sees and finishes them now."""

    leaver = models.OneToOneField(ActorRecord, on_delete=models.PROTECT, related_name="handed_over")
    to = models.ForeignKey(ActorRecord, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.leaver_id} to {self.to_id}"


class SavedView(models.Model):
    """A list as an account looks at it often: which list, and the filters and order it asks for."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="saved_views")
    place = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    asked = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "place", "name"], name="one_saved_view_per_name"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.account_id}"
