"""Matters for a person at the fund: what each kind means and its remedy, as sentences."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qafila.contributions.ledger.call_posting import copy_in


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
            _("Ask for the tax notice or the regime, write it in the enrolment, and run the "
              "corrections."),
        ),
        Kind(
            "two_activities_billed",
            _("Two activities of one person were called for the same month."),
            _("Since the reform only the highest is owed: close or correct the other enrolment, "
              "and run the corrections."),
        ),
        Kind(
            "spouses_one_craft",
            _("Both spouses pay for the same craft in the same household."),
            _("Ask who carries on the craft. If only one does, close the other's enrolment and "
              "declare them as a dependant."),
        ),
        Kind(
            "called_after_cessation",
            _("Contributions were called for months after the activity ended."),
            _("Run the corrections: calls after the end are cancelled and money paid is kept for "
              "the person."),
        ),
        Kind(
            "never_paid",
            _("Nothing was ever paid since the enrolment, three calls or more."),
            _("Call or visit: check that the person knows they are enrolled, where to pay, and "
              "whether they still work."),
        ),
        Kind(
            "plan_broken",
            _("An instalment of the plan was not paid."),
            _("Call the person: ask what happened, and agree a plan they can keep or tell them "
              "what is due now."),
        ),
        Kind(
            "paid_twice",
            _("The same sum was paid twice within three days, and the second has nothing to "
              "settle."),
            _("Ask the person whether they meant to pay ahead. If not, ask the bank or the relay "
              "point to give the money back and reverse the payment."),
        ),
        Kind(
            "paid_without_call",
            _("Money has been waiting for three months, and nothing was called from the person "
              "since."),
            _("Check the enrolment: write in the missing number or category, or have the money "
              "given back and reverse the payment."),
        ),
        Kind(
            "year_unsettled",
            _("The final tax of a year is known, but some of its months were not called here, "
              "stood beside another activity, or were erased."),
            _("Ask the fund what the whole year comes to, and correct the enrolment or take the "
              "final tax back."),
        ),
        Kind(
            "note_unconfirmed",
            _("A receipt was shown at a counter a month ago, and no file has brought the money."),
            _("Ask the relay point or the bank for this receipt. If it was noted by mistake, take "
              "the note back."),
        ),
    )
}  # fmt: skip


def park_missing_facts(cursor: Any, parked: pa.Table, month: dt.date, *, at: dt.datetime) -> int:
    """Put enrolments the law could not reckon in the queue, once; returns how many were parked."""
    if not parked.num_rows:
        return 0
    rows = pa.table(
        {
            "person_id": parked["person_id"],
            "enrolment_id": parked["enrolment_id"],
            "region_code": parked["region_code"],
            "details": pc.binary_join_element_wise('{"refusal": "', parked["refusal"], '"}', ""),
        }
    )
    cursor.execute(
        "CREATE TEMPORARY TABLE IF NOT EXISTS parked_now (person_id bigint, enrolment_id bigint,"
        " region_code text, details jsonb) ON COMMIT DELETE ROWS"
    )
    cursor.execute("TRUNCATE parked_now")
    copy_in(cursor, "parked_now", rows)
    cursor.execute(
        "INSERT INTO contributions_workitem (kind, person_id, enrolment_id, month, details, state,"
        " found_at, outcome, region_code)"
        " SELECT 'missing_fact', person_id, enrolment_id, %s, details, 'open', %s, '', region_code"
        " FROM parked_now ON CONFLICT DO NOTHING",
        [month, at],
    )
    return int(parked.num_rows)
