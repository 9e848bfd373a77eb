"""What each enrolment owes for a month: liabilities in, amounts and due dates by law out.

The function on tables is pure (Arrow in, Arrow out); everything legal in it is `qafila_law`'s.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

import qafila_law
from qafila.contributions.errors import MonthOutsideScheme, NoAmountByLaw
from qafila_law.contributions.due_dates import QUARTERLY, YEARLY

# One row per enrolment due in the month; amounts in centimes, categories as the law writes them.
# `periodicity` counts for those who pay with the tax alone: null is by the quarter.
LIABILITY_COLUMNS = {
    "enrolment_id": pa.int64(),
    "person_id": pa.int64(),
    "category": pa.string(),
    "annual_tax_centimes": pa.int64(),
    "regime": pa.string(),
    "profit_centimes": pa.int64(),
    "periodicity": pa.string(),
    "region_code": pa.string(),
}


@dataclass(frozen=True)
class Assessed:
    """`due`: liabilities with `amount_centimes` and `due_on`; `parked`: those lacking a fact, with
    the `refusal` code of the law."""

    due: pa.Table
    parked: pa.Table


def require_month_in_scheme(month: dt.date) -> None:
    """MonthOutsideScheme unless some category owes something for `month`."""
    first = min(qafila_law.first_month(category) for category in qafila_law.Category)
    if month < first:
        raise MonthOutsideScheme(month=month, first=first)


def assess(liabilities: pa.Table, month: dt.date) -> Assessed:
    """Amounts and due dates of `liabilities` (sorted by person) for `month`.

    A person with several activities owes each of them, or the single highest once the law says
    so. A category that has no due month yet owes nothing. NoAmountByLaw when the law answers zero.
    """
    answers = qafila_law.monthly_amounts(liabilities, month)
    refusal = answers["refusal"].combine_chunks().cast(pa.string())
    table = liabilities.append_column("amount_centimes", answers["monthly_centimes"])
    computed = pc.is_null(refusal)
    due = table.filter(computed)
    _refuse_zero(due, month)
    parked = table.append_column("refusal", refusal).filter(
        pc.and_(pc.invert(computed), pc.not_equal(refusal, "month_before_scheme"))
    )
    due = _of_several_activities(due, month)
    return Assessed(due.append_column("due_on", _due_dates(due, month)), parked)


def _refuse_zero(due: pa.Table, month: dt.date) -> None:
    wrong = due.filter(pc.less_equal(due["amount_centimes"], 0))
    if wrong.num_rows:
        category = str(wrong["category"][0])
        raise NoAmountByLaw(category=category, month=f"{month:%Y-%m}")


def _of_several_activities(due: pa.Table, month: dt.date) -> pa.Table:
    persons = due["person_id"].to_numpy()
    several = persons.size > 1 and (persons[1:] == persons[:-1]).any()
    if not several or not single_highest_applies(month):
        return due
    amounts, enrolments = due["amount_centimes"].to_numpy(), due["enrolment_id"].to_numpy()
    order = np.lexsort((enrolments, -amounts, persons))
    highest = np.ones(order.size, bool)
    highest[1:] = persons[order][1:] != persons[order][:-1]
    return due.take(pa.array(np.sort(order[highest])))


def single_highest_applies(month: dt.date) -> bool:
    """Whether one person with several activities owes only the highest amount for `month`."""
    # Any amount serves to ask; this category is the one that owes since the scheme's first month.
    one = qafila_law.monthly_amount(qafila_law.Category.CPU, month, annual_tax=0)
    return len(qafila_law.contributions_due([one, one], month).kept) == 1


def _due_dates(due: pa.Table, month: dt.date) -> pa.Array:
    yearly = pc.fill_null(pc.equal(due["periodicity"], YEARLY), False)
    usual = _dates(due["category"], month, QUARTERLY)
    if not pc.any(yearly).as_py():
        return usual
    return pc.if_else(yearly.combine_chunks(), _dates(due["category"], month, YEARLY), usual)


def _dates(categories: pa.ChunkedArray, month: dt.date, periodicity: str) -> pa.Array:
    category = categories.combine_chunks().dictionary_encode()
    if isinstance(category, pa.ChunkedArray):
        category = category.combine_chunks()
    dates = [
        qafila_law.due_date(month, name, periodicity=periodicity)
        for name in category.dictionary.to_pylist()
    ]
    return pa.array(dates, pa.date32()).take(category.indices)
