"""Years paid with the tax as a person's account tells them: called at once, settled at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

import qafila_law
from qafila.contributions.models.calls_and_ledger import Call
from qafila.contributions.models.years import YearBalance


@dataclass(frozen=True)
class YearTold:
    """A year settled by its final tax. `steps`: how the law reaches what the year owes.

    `balance_centimes` is negative where more was called than the year owes.
    """

    year: int
    owed_centimes: int
    called_centimes: int
    balance_centimes: int
    posted_on: dt.date
    due_on: dt.date
    steps: tuple[qafila_law.Step, ...]


def settled_years(person_id: int) -> list[YearTold]:
    """The balances posted for a person, oldest first; whoever asks has checked who may see it."""
    rows = YearBalance.objects.filter(enrolment__person_id=person_id).select_related("enrolment")
    return [_told(row) for row in rows.order_by("posted_on", "year", "sequence", "pk")]


def _told(row: YearBalance) -> YearTold:
    return YearTold(
        row.year,
        row.owed_centimes,
        row.called_centimes,
        row.balance_centimes,
        row.posted_on,
        row.due_on,
        _steps(row),
    )


def _steps(row: YearBalance) -> tuple[qafila_law.Step, ...]:
    if not row.months:
        return ()
    law = qafila_law.yearly_balance(
        row.enrolment.category.replace("_", "-"),
        row.year,
        annual_tax=row.final_tax_dh,
        paid_centimes=row.called_centimes,
        months_active=row.months,
    )
    # The law's last step speaks of what was paid; the books know what was called (`year_sentence`).
    return law.steps[:-1]


def year_sentence(told: YearTold, money: Callable[[int], str]) -> str:
    """What the balance of a year is, amount first, in the language in force."""
    facts = {
        "year": told.year,
        "balance": money(abs(told.balance_centimes)),
        "owed": money(told.owed_centimes),
        "called": money(told.called_centimes),
    }
    if told.balance_centimes > 0:
        sentence = _(
            "%(balance)s more for %(year)s: the year costs %(owed)s by its final tax, and "
            "%(called)s were called for it."
        )
    elif told.balance_centimes < 0:
        sentence = _(
            "%(balance)s less for %(year)s: the year costs %(owed)s by its final tax, and "
            "%(called)s were called for it. What was paid beyond it pays other months."
        )
    else:
        sentence = _(
            "Nothing more for %(year)s: the year costs %(owed)s by its final tax, as was called."
        )
    return sentence % facts


def at_once(calls: Iterable[Call]) -> dict[int, list[Call]]:
    """The calls of years called at once, by the first call of each; months in order.

    Such a year has months due before they begin. Months called before the choice stay apart, being
    due on another day.
    """
    runs = [call for call in calls if call.origin == Call.Origin.RUN]
    ahead = {(c.enrolment_id, c.month.year, c.due_on) for c in runs if c.due_on < c.month}
    years: dict[tuple[int, int, dt.date], list[Call]] = {}
    for call in runs:
        key = (call.enrolment_id, call.month.year, call.due_on)
        if key in ahead:
            years.setdefault(key, []).append(call)
    return {group[0].pk: group for group in years.values()}
