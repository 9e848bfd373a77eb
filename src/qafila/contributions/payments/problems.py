"""Why a row of a payment file was not booked: one sentence per code, with the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from qafila.foundation.wording.told import told

SENTENCES: Mapping[str, str | Promise] = {
    "no_reference": _("The column reference is empty. Ask the sender for the receipt number."),
    "long_reference": _("The reference is longer than 60 characters. Ask the sender to check it."),
    "no_receipt": _(
        "Neither the number of the receipt nor the place is written. Write one of the two, so that "
        "the payment can be found."
    ),
    "long_place": _("The place is described in more than 120 letters. Shorten it."),
    "no_person_given": _(
        "No number says who paid. Fill fund_number, register_number or card_number."
    ),
    "unknown_person": _(
        "Nobody is known under the number given. Check the number, or register the person first."
    ),
    "several_persons": _(
        "The numbers given point to more than one person. Check them and send the row again."
    ),
    "bad_amount": _(
        "“%(found)s” is not an amount in dirhams. Write it as 163.52, with two decimals at most."
    ),
    "two_ways_amount": _(
        "“%(found)s” can be read in two ways, because a separator is followed by three digits. "
        "Write the amount with two decimals, as 163.52 or 1560.00."
    ),
    "negative_amount": _(
        "The amount %(found)s is negative. Send the reversal of a payment as a reversal."
    ),
    "zero_amount": _("The amount is zero. Remove the row or write the amount that was paid."),
    "no_amount": _(
        "The amount is missing. If the row is cut short, ask the sender for the whole row."
    ),
    "no_date": _(
        "The day of the payment is missing. If the row is cut short, ask the sender for the whole "
        "row."
    ),
    "foreign_currency": _(
        "The row is in %(found)s, but contributions are paid in dirhams. Ask the sender for the "
        "amount in dirhams."
    ),
    "not_paid_yet": _(
        "The sender says of this row: “%(found)s”. It is booked once it is said to be paid."
    ),
    "bad_date": _("“%(found)s” is not a date. Write it as 2026-11-30 or 30/11/2026."),
    "two_digit_year": _("The year in “%(found)s” has two digits. Write it with four, as 2026."),
    "future_date": _("The date %(found)s has not come yet. Check the day of the payment."),
    "before_scheme": _("The date %(found)s lies before the scheme began. Check the year."),
    "closed_month": _(
        "The month of %(found)s is closed. Ask the fund to date the payment in an open month."
    ),
    "wrong_total": _(
        "The total line says %(found)s DH, but the rows add up to %(counted)s DH. Ask the sender "
        "whether rows are missing."
    ),
    "entry_pending": _(
        "The bank only announces %(found)s DH. It is booked once it is on the account."
    ),
    "batch_unsplit": _(
        "%(found)s DH came for several people together, without each one's amount. Ask the bank "
        "for the amounts, or enter the payments one by one."
    ),
    "not_a_payment": _(
        "%(found)s DH left the account and reverse no payment. Nothing has to be done here."
    ),
    "cells_beyond": _(
        "The row has more cells than there are headings; an amount with a comma may have been cut "
        "in two. Ask the sender for a file that puts such cells in quotation marks."
    ),
    "foreign_share": _(
        "The shares inside %(found)s DH are in another currency. Ask the bank for each payer's "
        "share in dirhams, and enter the payments by hand."
    ),
    "paid_out": _(
        "%(found)s DH were paid out to the person whose number the text gives, but the person's "
        "credit is %(credit)s DH and no such refund was approved. Ask who ordered it."
    ),
    "above_bound": _(
        "%(found)s DH is more than a single payment of contributions can plausibly be. Ask the "
        "sender to check the amount; where such payments are usual, the administrator raises "
        "QAFILA_LARGEST_PAYMENT_DH."
    ),
    "partly_refunded": _(
        "A part of this payment was given back to the person, so it cannot be reversed. Cancel or"
        " return that refund first."
    ),
    "refund_returned": _(
        "%(found)s DH that had been paid out came back, but no such refund of this person is "
        "known. They are no contribution: find the refund they belong to."
    ),
    "possible_repeat": _(
        "%(found)s DH of the same payer on the same day are booked from another statement of this "
        "account, and this entry has no reference. If it is a second payment, enter it by hand."
    ),
    "no_payer_in_text": _(
        "The bank's text for %(found)s DH names no fund, register or card number, or several. Find "
        "out who paid and enter the payment by hand."
    ),
    "reference_reused": _(
        "The reference %(found)s was booked before for another payer, amount or day. Ask the bank "
        "which payment it is, and enter it by hand under another reference."
    ),
    "reference_taken_back": _(
        "The payment of reference %(found)s was booked and reversed. If the person paid again, "
        "send it with the date of that payment, or under a new reference."
    ),
    "return_unknown": _(
        "The bank debited %(found)s DH, but no payment is booked under its references. Find the "
        "payment and reverse it by hand."
    ),
    "return_differs": _(
        "The bank debited %(found)s DH, but %(booked)s DH were booked under this reference. "
        "Compare both and reverse the payment by hand."
    ),
    "no_reason": _("No reason was given for reversing the payment. Write it in a few words."),
    "return_date": _(
        "The bank debited the money on %(found)s, which is before the payment or after today. Ask"
        " the bank for the right date."
    ),
}


@dataclass(frozen=True)
class PaymentProblem:
    """A rejected row: its line in the file, the code, and what was found there."""

    row: int
    code: str
    params: Mapping[str, Any]

    def sentence(self) -> str:
        """The problem in the language in force, with its row."""
        problem = problem_sentence(self.code, self.params)
        return gettext("Row %(row)s: %(problem)s") % {"row": self.row, "problem": problem}

    def as_json(self) -> dict[str, Any]:
        """As kept in `PaymentFile.problems`."""
        return {"row": self.row, "code": self.code, "params": dict(self.params)}


class ProblemSentence:
    """A problem's sentence that is built when it is shown, in the language of who reads it."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        self._code, self._params = code, params

    def __str__(self) -> str:
        return problem_sentence(self._code, self._params)


def problem_sentence(code: str, params: Mapping[str, Any]) -> str:
    """What is wrong and what to do, without the place."""
    return str(SENTENCES[code]) % {name: _figure(value) for name, value in told(params).items()}


def _figure(value: Any) -> Any:
    """From right to left a minus would be drawn behind its figures: it is held before them."""
    below_zero = isinstance(value, str) and value.startswith("-")
    return f"\u2066{value}\u2069" if below_zero and get_language() == "ar" else value
