"""Regions, provinces and prefectures, communes: the official codes of the 2024 census."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Region(models.Model):
    """One of the 12 regions; `code` is two digits, text."""

    code = models.CharField(primary_key=True, max_length=2)
    name_ar = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    name_zgh = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_fr


class Province(models.Model):
    """One of the 75 provinces and prefectures; `code` such as "06.141"."""

    class Kind(models.TextChoices):
        PROVINCE = "province"
        PREFECTURE = "prefecture"

    code = models.CharField(primary_key=True, max_length=6)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="provinces")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name_ar = models.CharField(max_length=80)
    name_fr = models.CharField(max_length=80)
    name_zgh = models.CharField(max_length=80, blank=True)
    seat_fr = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name_fr


class Commune(models.Model):
    """One of the 1,503 communes; `code` such as "06.355.01.03". Figures: census of 2024.

    Languages: percent of inhabitants who speak it (one may speak several). Illiteracy: percent of
    those aged ten and over. Self-employed: percent of those who work. Coordinates: degrees, WGS 84.
    """

    class Kind(models.TextChoices):
        URBAN = "urban"
        RURAL = "rural"

    code = models.CharField(primary_key=True, max_length=13)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="communes")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    name_ar = models.CharField(max_length=100)
    name_fr = models.CharField(max_length=100)
    name_keys = ArrayField(models.TextField(), default=list)
    population = models.PositiveIntegerField(null=True)
    households = models.PositiveIntegerField(null=True)
    weekly_souks = models.PositiveSmallIntegerField(null=True)
    illiteracy_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    self_employed_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    darija_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    tachelhit_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    tamazight_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    tarifit_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    hassania_percent = models.DecimalField(max_digits=4, decimal_places=1, null=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    class Meta:
        ordering = ("code",)
        indexes = [GinIndex(fields=["name_keys"], name="commune_by_name_key")]

    def __str__(self) -> str:
        return self.name_fr


class PlacesImport(models.Model):
    """One intake of reference data that changed something, with its balance.

    read = accepted + rejected + repeated; `changed` counts the accepted rows that were new or
    different from what was stored.
    """

    class Subject(models.TextChoices):
        TERRITORY = "territory"
        POINTS = "points"

    subject = models.CharField(max_length=10, choices=Subject.choices)
    source = models.CharField(max_length=200)
    imported_at = models.DateTimeField()
    read = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    repeated = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="places_import_balances",
                condition=models.Q(
                    read=models.F("accepted") + models.F("rejected") + models.F("repeated")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.source}"
