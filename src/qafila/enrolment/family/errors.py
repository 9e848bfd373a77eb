"""What no family can be, as whole sentences."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError, Question


class SameChild(Question):
    code = "same_child"
    template = _(
        "A child with the same name and day of birth is already declared in file %(file)s. Is it "
        "the same child? If it is another one, such as a twin, say so on the form."
    )


class InsuredSexUnknown(DomainError):
    code = "insured_sex_unknown"
    template = _(
        "The law asks whether the insured person is the father or the mother, and the file does "
        "not say it. Write the sex in the file first."
    )


class ParentTooYoung(DomainError):
    code = "parent_too_young"
    template = _(
        "The insured person would have been less than %(years)s years old when the child was born. "
        "Check both dates of birth."
    )


class SpouseTooYoung(DomainError):
    code = "spouse_too_young"
    template = _(
        "One of the spouses was less than %(age)s years old at the marriage. Write the judge's "
        "leave, or check the dates."
    )


class TooManyWives(DomainError):
    code = "too_many_wives"
    template = _(
        "%(most)s wives are already declared. Record the divorce or the death first, or check the"
        " file."
    )


class LeaveForAnotherWife(DomainError):
    code = "leave_for_another_wife"
    template = _(
        "A wife is already declared in this family. Write the judge's leave for another marriage,"
        " or record the divorce or the death first."
    )


class SpouseOfAnother(DomainError):
    code = "spouse_of_another"
    template = _(
        "This person is already married to someone else: see file %(file)s. Record the divorce "
        "there first, or check the card number."
    )


class EventAfterDeath(DomainError):
    code = "event_after_death"
    template = _(
        "The day %(day)s is after the death on %(died)s. Check the date, or cancel the death."
    )


class EventHasNoEnd(DomainError):
    code = "event_has_no_end"
    template = _("This event has no end date. Record what followed, or cancel it.")


class CoverAfterDeathOver(DomainError):
    code = "cover_after_death_over"
    template = _(
        "The insured person died on %(died)s and the family's cover has ended. Nobody can be "
        "declared any more."
    )


class SpousesOfOneSex(DomainError):
    code = "spouses_of_one_sex"
    template = _(
        "Husband and wife are recorded with the same sex. Check both identity cards and correct "
        "the file that is wrong."
    )


class SpouseAndChild(DomainError):
    code = "spouse_and_child"
    template = _(
        "This person is declared as a spouse in one family and as an unmarried child in another: "
        "see file %(file)s. Record the child's marriage there, or remove the wrong declaration."
    )


class ParentTooOld(Question):
    code = "parent_too_old"
    template = _(
        "The insured person was %(years)s years old or more when the child was born. Are both "
        "dates of birth right?"
    )


class BirthsTooClose(Question):
    code = "births_too_close"
    template = _(
        "Two children of this mother were born %(days)s days apart. Are both dates of birth right?"
    )


class BornAfterDeath(DomainError):
    code = "born_after_death"
    template = _(
        "The child was born on %(day)s, too long after the death of the insured person on "
        "%(died)s. Check both dates."
    )


class CardOfAnother(Question):
    code = "card_of_another"
    template = _(
        "The card %(card)s is that of file %(file)s, whose name or date of birth differs. Is it "
        "the same person? Check the number on the card."
    )


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"
    template = _("The declaration says this already. Nothing was changed.")
