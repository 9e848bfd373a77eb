"""What enrolment refuses, as whole sentences."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qafila.foundation.errors import DomainError
from qafila_law import LawError
from qafila_law.steps import Step
from qafila_law.wording.sentences import error_sentence, step_sentence

LAW_LANGUAGES = ("ar", "fr", "zgh")


def law_sentence(refusal: LawError) -> str:
    """What the law's package says, in the language in force."""
    return error_sentence(refusal, _language())


def law_step_sentence(step: Step) -> str:
    """A step of the law's reasoning, in the language in force."""
    return step_sentence(step, _language())


def _language() -> str:
    language = get_language() or ""
    return language if language in LAW_LANGUAGES else "en"


class MonthNotPossible(DomainError):
    code = "month_not_possible"
    template = _("Nobody can be declared from %(month)s: %(why)s Choose a later month.")


class NotOnRegister(DomainError):
    code = "not_on_register"
    template = _(
        "This person has no active entry in the register. Open an application first; "
        "the fund takes craftworkers from the register."
    )


class NoCardNumber(DomainError):
    code = "no_card_number"
    template = _(
        "The national identity card number is missing, and the fund enrols nobody without it. "
        "Add it to the person's file first."
    )


class AlreadyEnrolled(DomainError):
    code = "already_enrolled"
    template = _("This person is already declared or enrolled. Open that enrolment to change it.")


class EnrolmentNotDeclared(DomainError):
    code = "enrolment_not_declared"
    template = _("Only a declared enrolment can be confirmed. This one is already past that step.")


class EnrolmentNotOpen(DomainError):
    code = "enrolment_not_open"
    template = _("This enrolment is closed. Declare the person again if they work again.")


class EnrolmentNotEnded(DomainError):
    code = "enrolment_not_ended"
    template = _("This enrolment runs: there is no end to cancel. Nothing was changed.")


class LaterEnrolmentStands(DomainError):
    code = "later_enrolment_stands"
    template = _(
        "Another enrolment of this person runs or came in its place. End or change that one "
        "instead."
    )


class BadFundNumber(DomainError):
    code = "bad_fund_number"
    template = _("“%(number)s” is not a fund number: it has nine digits. Check the fund's letter.")


class FundNumberTaken(DomainError):
    code = "fund_number_taken"
    template = _(
        "The number %(number)s already belongs to someone else. "
        "Ask the fund which of the two people holds it."
    )


class UnknownCategory(DomainError):
    code = "unknown_category"
    template = _(
        "“%(category)s” is not a category. Choose craftworker, single professional contribution, "
        "auto-entrepreneur or accounts."
    )


class MissingFact(DomainError):
    code = "missing_fact"
    template = _("The contribution of this category cannot be known yet: %(why)s")


class SameCategory(DomainError):
    code = "same_category"
    template = _("The person is already in this category. Nothing was changed.")


class MonthTooEarly(DomainError):
    code = "month_too_early"
    template = _(
        "The change has to begin after %(month)s, the month this enrolment begins. "
        "Choose a later month."
    )


class MonthTooLate(DomainError):
    code = "month_too_late"
    template = _(
        "%(month)s is more than a year ahead. Choose a month until %(last)s, or record it later."
    )


class NothingToDecide(DomainError):
    code = "nothing_to_decide"
    template = _("No other enrolment of this person waits for a decision. Nothing was changed.")


class FactsNotNew(DomainError):
    code = "facts_not_new"
    template = _("The enrolment holds these facts already. Nothing was changed.")


class PersonDied(DomainError):
    code = "person_died"
    template = _(
        "A death is recorded in this file, so nobody can be enrolled. If it is an error, cancel "
        "the death first."
    )


class ReasonNeeded(DomainError):
    code = "reason_needed"
    template = _("Write the reason, so that the person can be informed.")


class InsuredNotEnrolled(DomainError):
    code = "insured_not_enrolled"
    template = _(
        "A family is declared with the insured person. Declare this person to the fund first."
    )


class NameMissing(DomainError):
    code = "name_missing"
    template = _("Write the name of the member of the family, in Arabic or in Latin letters.")


class UnknownRelation(DomainError):
    code = "unknown_relation"
    template = _("A member of the family is a spouse or a child. Choose one of the two.")


class DependantNotEntitled(DomainError):
    code = "dependant_not_entitled"
    template = _("This member of the family cannot be declared: %(why)s")


class AlreadyDeclared(DomainError):
    code = "already_declared"
    template = _("This person is already declared as a member of this family.")


class OwnDependant(DomainError):
    code = "own_dependant"
    template = _("Nobody can be declared as a member of their own family. Choose another person.")


class DependantNotDeclared(DomainError):
    code = "dependant_not_declared"
    template = _("This member of the family was already removed. Nothing was changed.")


class FamilyIsKnown(DomainError):
    code = "family_is_known"
    template = _(
        "The file mentions a spouse or a child. Declare them, or remove them with a reason, first."
    )


class BornInTheFuture(DomainError):
    code = "born_in_the_future"
    template = _("The date of birth %(day)s is in the future. Check it on the birth certificate.")


class ChildOlderThanParent(DomainError):
    code = "child_older_than_parent"
    template = _(
        "The child would be older than the insured person, born on %(parent)s. "
        "Check both dates of birth."
    )


class SecondHusband(DomainError):
    code = "second_husband"
    template = _(
        "A husband is already declared in this family. Record the divorce or the death first, "
        "with its document."
    )


class DeclaredElsewhere(DomainError):
    code = "declared_elsewhere"
    template = _(
        "This child is already declared with another insured person (file %(file)s). A child is "
        "declared once: remove it there first if it belongs here."
    )


class CardBelongsElsewhere(DomainError):
    code = "card_belongs_elsewhere"
    template = _(
        "The card number %(card)s is in a file outside your territory. Check the number, or ask "
        "the programme to declare this member."
    )


class JoinedInTheFuture(DomainError):
    code = "joined_in_the_future"
    template = _("The marriage or kafala of %(day)s is in the future. Declare it once it is done.")


class UnknownEvent(DomainError):
    code = "unknown_event"
    template = _("This event does not apply to this family member. Choose from the list.")


class EventInTheFuture(DomainError):
    code = "event_in_the_future"
    template = _("%(day)s is after today. Record it once it has happened.")


class EventBeforeBirth(DomainError):
    code = "event_before_birth"
    template = _("%(day)s is before the date of birth, %(born)s. Check both dates.")


class EventBeforeMarriage(DomainError):
    code = "event_before_marriage"
    template = _("%(day)s is before the marriage of %(married)s. Check both dates.")


class EventEndsTooEarly(DomainError):
    code = "event_ends_too_early"
    template = _("The last day has to come after the first, %(day)s. Check both dates.")


class SchoolYearTooLong(DomainError):
    code = "school_year_too_long"
    template = _("A schooling certificate is for one year. Record each year separately.")


class ProofNeeded(DomainError):
    code = "proof_needed"
    template = _("Write which document shows it: its kind and its number or date.")


class ProofTooLong(DomainError):
    code = "proof_too_long"
    template = _("The document is described in more than %(most)s characters. Shorten it.")


class CustodyNotSaid(DomainError):
    code = "custody_not_said"
    template = _("Say who has the child: the insured person, the other parent, or someone else.")


class CustodyNotNew(DomainError):
    code = "custody_not_new"
    template = _("The child was already with them on that day. Nothing was changed.")


class EventAlreadyTold(DomainError):
    code = "event_already_told"
    template = _("This was already recorded from %(day)s. Cancel that first to change it.")


class EventTakenBack(DomainError):
    code = "event_taken_back"
    template = _("This was already cancelled. Nothing was changed.")


class EventChangesNothing(DomainError):
    code = "event_changes_nothing"
    template = _("This document cannot open rights: %(why)s")


class NotPaidWithTax(DomainError):
    code = "not_paid_with_tax"
    template = _(
        "Only the single professional contribution and auto-entrepreneurs pay with the tax. "
        "This category pays the fund every month."
    )


class UnknownPeriodicity(DomainError):
    code = "unknown_periodicity"
    template = _("A year is paid by the quarter or at once. Choose one of the two.")


class YearNotEnrolled(DomainError):
    code = "year_not_enrolled"
    template = _("The person was not enrolled in this category in %(year)s. Check the year.")


class ChoiceTooLate(DomainError):
    code = "choice_too_late"
    template = _(
        "How %(year)s is paid could be chosen until %(day)s, the last day of its first payment. "
        "Choose for the year after."
    )


class YearNotOver(DomainError):
    code = "year_not_over"
    template = _("The tax of %(year)s is final once the year is over. Record it then.")


class TaxNotPossible(DomainError):
    code = "tax_not_possible"
    template = _(
        "A tax of %(tax)s dirhams cannot be right: write whole dirhams, from 0 to %(most)s, as the "
        "tax notice says."
    )


class FinalTaxNotTold(DomainError):
    code = "final_tax_not_told"
    template = _("No final tax of %(year)s is recorded. Nothing was changed.")


class FinalTaxAlreadyTold(DomainError):
    code = "final_tax_already_told"
    template = _("This tax of %(year)s is recorded already. Nothing was changed.")
