"""Enrolment at the fund: the insured, their category, and their dependants."""

from __future__ import annotations

import pghistory
from django.db import models

from qafila.people.models import Person


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Enrolment(models.Model):
    """A person's enrolment in one category. States and verbs: `enrolment/states.py`.

    `effective_from` is the first day of the first month due. `annual_tax_dh` is the fact the tax
    bands need (single professional contribution, auto-entrepreneur). `assumption` says what was
    taken for granted where no list tells (`lowest_tax_band`: the tax is unknown, and a nil turnover
    still owes the lowest band). `no_family_stated_on`: the day the insured said there is no spouse
    or child to declare. `undecided_since`: a merge brought it beside another open enrolment that
    gives cover; until somebody decides which one goes on, nothing is called, asked for or held
    against the person because of it.
    """

    class Category(models.TextChoices):
        CRAFTWORKER = "craftworker"
        CPU = "cpu"
        AUTO_ENTREPRENEUR = "auto_entrepreneur"
        ACCOUNTS = "accounts"

    class State(models.TextChoices):
        DECLARED = "declared"
        ENROLLED = "enrolled"
        CLOSED = "closed"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="enrolments")
    category = models.CharField(max_length=20, choices=Category.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    fund_number = models.CharField(max_length=9, blank=True)
    effective_from = models.DateField()
    closed_on = models.DateField(null=True)
    annual_tax_dh = models.IntegerField(null=True)
    regime = models.CharField(max_length=3, blank=True)
    annual_profit_dh = models.BigIntegerField(null=True)
    months_unpaid_reported = models.PositiveIntegerField(default=0)
    reported_on = models.DateField(null=True)
    region_code = models.CharField(max_length=2, blank=True)
    assumption = models.CharField(max_length=30, blank=True, default="")
    no_family_stated_on = models.DateField(null=True)
    undecided_since = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="enrolment_state_known",
                condition=models.Q(state__in=["declared", "enrolled"], closed_on=None)
                | models.Q(state="closed", closed_on__isnull=False),
            ),
            models.CheckConstraint(
                name="enrolled_has_fund_number",
                condition=~models.Q(state="enrolled") | ~models.Q(fund_number=""),
            ),
            models.UniqueConstraint(
                fields=["fund_number"],
                condition=~models.Q(fund_number="") & ~models.Q(state="closed"),
                name="a_fund_number_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="enrolment_by_person"),
            models.Index(
                fields=["id"],
                condition=models.Q(undecided_since__isnull=False),
                name="enrolment_undecided",
            ),
            # Ended enrolments too: `enrolment.facts.NUMBERS`.
            models.Index(fields=["fund_number"], name="enrolment_by_fund_number"),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Dependant(models.Model):
    """A spouse or child. `mentioned`: a list says there is one, but nobody has named them yet.

    `since` is the day of the declaration, `joined_on` that of the marriage or the kafala where it
    is known. `custody` says who has the child after a divorce (`qafila_law.Custody`). What happens
    to them later is a `LifeEvent`. `doubled`: two files of one insured person declared the same
    member; the declaration `same_as` holds for both, and this one keeps its own days. `removed_on`:
    the day a declaration was taken out. `judges_leave`: the paper by which a judge allowed the
    marriage. `confirmed`: the codes of the questions about this declaration that somebody answered.
    """

    class Relation(models.TextChoices):
        SPOUSE = "spouse"
        CHILD = "child"

    class State(models.TextChoices):
        MENTIONED = "mentioned"
        DECLARED = "declared"
        REFUSED = "refused"
        DOUBLED = "doubled"

    insured = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="dependants")
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="dependant_of"
    )
    relation = models.CharField(max_length=6, choices=Relation.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    since = models.DateField()
    refusal_reason = models.TextField(blank=True)
    taken_in = models.BooleanField(default=False, db_default=False)
    joined_on = models.DateField(null=True)
    other_parent_insured = models.BooleanField(default=False, db_default=False)
    custody = models.CharField(max_length=12, blank=True, default="", db_default="")
    removed_on = models.DateField(null=True)
    judges_leave = models.CharField(max_length=120, blank=True, default="", db_default="")
    confirmed = models.TextField(blank=True, default="", db_default="")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="doubles")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="dependant_named_when_declared",
                condition=models.Q(state="mentioned", person=None)
                | models.Q(state__in=["declared", "refused", "doubled"], person__isnull=False),
            ),
            models.CheckConstraint(
                name="doubled_says_of_what",
                condition=models.Q(state="doubled", same_as__isnull=False)
                | (~models.Q(state="doubled") & models.Q(same_as=None)),
            ),
            models.CheckConstraint(
                name="custody_known_or_not",
                condition=models.Q(custody__in=["", "insured", "other_parent", "third_person"]),
            ),
        ]

    def __str__(self) -> str:
        return f"dependant {self.pk}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class LifeEvent(models.Model):
    """What happened to a person that a family's rights turn on, and the paper that shows it.

    From `since` to `until` (excluded; empty: it holds on). Events are about the person, so a child
    declared elsewhere later keeps them; a divorce is about one marriage and custody about one
    declaration, the `dependant`: from `since` on the child is with `custody`. A death that closed
    the insured's own enrolment, or struck entries of the register off, remembers them, so that
    taking the death back opens them.
    """

    class Kind(models.TextChoices):
        SCHOOLING = "schooling"
        DISABILITY = "disability"
        OWN_SCHEME = "own_scheme"
        MARRIAGE = "marriage"
        DIVORCE = "divorce"
        DEATH = "death"
        CUSTODY = "custody"

    class State(models.TextChoices):
        TOLD = "told"
        TAKEN_BACK = "taken_back"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="life_events")
    dependant = models.ForeignKey(
        Dependant, null=True, on_delete=models.PROTECT, related_name="life_events"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.TOLD)
    since = models.DateField()
    until = models.DateField(null=True)
    document = models.CharField(max_length=120, blank=True)
    custody = models.CharField(max_length=12, blank=True, default="", db_default="")
    closed_enrolment = models.ForeignKey(
        Enrolment, null=True, on_delete=models.PROTECT, related_name="+"
    )
    enrolment_state_before = models.CharField(max_length=10, blank=True, default="")
    struck_entries = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    told_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="life_event_state_known",
                condition=models.Q(state="told", taken_back_at=None)
                | models.Q(state="taken_back", taken_back_at__isnull=False),
            ),
            models.CheckConstraint(
                name="life_event_ends_after_it_begins",
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
            ),
            models.CheckConstraint(
                name="event_of_one_declaration",
                condition=models.Q(kind__in=["divorce", "custody"], dependant__isnull=False)
                | (~models.Q(kind__in=["divorce", "custody"]) & models.Q(dependant=None)),
            ),
            models.CheckConstraint(
                name="custody_event_says_with_whom",
                condition=models.Q(
                    kind="custody", custody__in=["insured", "other_parent", "third_person"]
                )
                | (~models.Q(kind="custody") & models.Q(custody="")),
            ),
            models.CheckConstraint(
                name="schooling_ends",
                condition=~models.Q(kind="schooling") | models.Q(until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class TaxYear(models.Model):
    """One year of an enrolment that pays with the tax: how it is paid, and the year's final tax.

    Without a row a year is paid by the quarter and its final tax is not known. `final_tax_dh` is
    the tax of the months worked in that year, from the paper `final_document`; until it is known
    the year is called by the enrolment's `annual_tax_dh`.
    """

    class Periodicity(models.TextChoices):
        QUARTERLY = "quarterly"
        YEARLY = "yearly"

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="tax_years")
    year = models.PositiveSmallIntegerField()
    periodicity = models.CharField(
        max_length=9, choices=Periodicity.choices, default=Periodicity.QUARTERLY
    )
    final_tax_dh = models.IntegerField(null=True)
    final_document = models.CharField(max_length=120, blank=True, default="")
    final_told_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "year"], name="a_tax_year_once"),
            models.CheckConstraint(
                name="tax_year_periodicity_known",
                condition=models.Q(periodicity__in=["quarterly", "yearly"]),
            ),
            models.CheckConstraint(
                name="final_tax_with_its_paper",
                condition=models.Q(final_tax_dh=None, final_document="", final_told_on=None)
                | (
                    models.Q(final_tax_dh__gte=0, final_told_on__isnull=False)
                    & ~models.Q(final_document="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"year {self.year} of {self.enrolment_id}"
