"""Matters for a person at the fund: what each kind means and its remedy, as sentences."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    """A kind of matter: what was found, and what to do about it."""

    code: str
    matter: str | Promise
    remedy: str | Promise


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "missing_fact",
            _("The contribution cannot be computed: a fact of the category is missing."),
            _(
                "Ask for the tax notice or the regime, write it in the enrolment, and run the "
                "corrections."
            ),
        ),
        Kind(
            "two_activities_billed",
            _("Two activities of one person were called for the same month."),
            _(
                "Since the reform only the highest is owed: close or correct the other enrolment, "
                "and run the corrections."
            ),
        ),
        Kind(
            "spouses_one_craft",
            _("Both spouses pay for the same craft in the same household."),
            _(
                "Ask who carries on the craft. If only one does, close the other's enrolment and "
                "declare them as a dependant."
            ),
        ),
        Kind(
            "called_after_cessation",
            _("Contributions were called for months after the activity ended."),
            _(
                "Run the corrections: calls after the end are cancelled and money paid is kept for "
                "the person."
            ),
        ),
        Kind(
            "never_paid",
            _("Nothing was ever paid since the enrolment, three calls or more."),
            _(
                "Call or visit: check that the person knows they are enrolled, where to pay, and "
                "whether they still work."
            ),
        ),
        Kind(
            "plan_broken",
            _("An instalment of the plan was not paid."),
            _(
                "Call the person: ask what happened, and agree a plan they can keep or say what "
                "is due now."
            ),
        ),
        Kind(
            "paid_twice",
            _(
                "The same sum was paid twice within three days, and the second has nothing to "
                "settle."
            ),
            _(
                "Ask the person whether they meant to pay ahead. If not, ask the bank or the relay "
                "point to give the money back and reverse the payment."
            ),
        ),
        Kind(
            "paid_without_call",
            _(
                "Money has been waiting for three months, and nothing was called from the person "
                "since."
            ),
            _(
                "Check the enrolment: write in the missing number or category, or have the money "
                "given back and reverse the payment."
            ),
        ),
        Kind(
            "year_unsettled",
            _(
                "The final tax of a year is known, but some of its months were not called here, "
                "ran beside another activity, or were cancelled."
            ),
            _(
                "Ask the fund what the whole year comes to, and correct the enrolment or cancel "
                "the final tax."
            ),
        ),
        Kind(
            "note_unconfirmed",
            _("A receipt was shown at a counter a month ago, and no file of payments confirms it."),
            _(
                "Ask the relay point or the bank for this receipt. If it was recorded by mistake,"
                " cancel it."
            ),
        ),
    )
}
