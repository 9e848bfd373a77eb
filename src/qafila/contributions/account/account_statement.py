"""The statement of a person's account on paper: what was called, how, what was paid, what is left.

Only the name and the fund number are on it. Older lines are summed up in the opening balance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qafila.contributions.account.dues import due_lines, dues_of
from qafila.contributions.account.printing import (
    TEMPLATES,
    day,
    letterhead,
    money,
    month_named,
    printed_in,
)
from qafila.contributions.account.queries import Statement, StatementLine, statement_of
from qafila.contributions.account.ways_to_pay import ways_to_pay
from qafila.contributions.arrears.derivation import AGES
from qafila.contributions.arrears.lateness import Lateness, lateness
from qafila.contributions.corrections.queries import year_sentence
from qafila.contributions.ledger.fund_numbers import fund_number_of
from qafila.contributions.ledger.months import first_day, months_after
from qafila.documents.pdf import typeset
from qafila.foundation.actors import Scope
from qafila.people.access import person_in_scope
from qafila_law import Step, explain
from qafila_law.months import months_later
from qafila_law.wording.sentences import told_value

MONTHS_SHOWN = 24

# How a call was assessed, in a few words: the steps of the law that say most.
_SHORTLY = {
    "contribution": gettext_lazy("%(rate)s of %(base)s"),
    "tax_band": gettext_lazy("%(yearly)s a year by tax band"),
    "highest_tax_band": gettext_lazy("%(yearly)s a year by tax band"),
}


def statement_pdf(
    person_id: int,
    *,
    language: str,
    on: dt.date,
    scope: Scope,
    at: dt.datetime,
    since: dt.date | None = None,
) -> bytes:
    """The statement as a PDF in `language` (ar, fr, zgh), up to `on`, printed at `at`.

    Lines from `since` on (None: the last 24 months), those before as the opening balance; then what
    is overdue by age, what paying late may add, how to pay, and the law's reasons for the amount
    called last. What is unpaid is told as the books stand now. Errors: NotFoundInScope,
    LanguageNotPrinted.
    """
    with printed_in(language):
        person = person_in_scope(person_id, scope)
        statement = statement_of(person_id, scope=scope)
        late = lateness(statement.overdue_on(on), on)
        with connection.cursor() as cursor:
            fund_number, categories = fund_number_of(cursor, person_id)
        since = since or months_after(first_day(on), -MONTHS_SHOWN)
        values = {
            **letterhead(person, fund_number, language, at),
            **_account(statement, since, on, language),
            "dues": [
                asdict(line)
                for line in due_lines(
                    dues_of(statement, on), money=partial(money, language=language), day=day
                )
            ],
            "late": _late(late, language),
            "ways": {
                "title": pgettext("paper", "How to pay"),
                "lines": ways_to_pay(categories, fund_number),
            },
            "reasons": _reasons(statement, on, language),
        }
        return typeset(TEMPLATES / "statement.typ", values, at=at)


def _account(statement: Statement, since: dt.date, on: dt.date, language: str) -> dict[str, Any]:
    told = [line for line in statement.lines if line.day <= on]
    before = [line for line in told if line.day < since]
    shown = [line for line in told if line.day >= since]
    opening = before[-1].balance_centimes if before else 0
    closing = told[-1].balance_centimes if told else 0
    return {
        "title": _("Statement of contributions"),
        "period": _("From %(since)s to %(on)s") % {"since": day(since), "on": day(on)},
        "columns": [
            pgettext("paper", "Day"),
            pgettext("paper", "What"),
            pgettext("paper", "Owed"),
            pgettext("paper", "Paid"),
            pgettext("paper", "Balance"),
        ],
        "opening": {
            "what": _("Balance before %(day)s") % {"day": day(since)},
            "balance": _balance(opening, language),
        },
        "lines": [_line(line, language) for line in shown],
        "closing": {
            "what": _("Balance on %(day)s") % {"day": day(on)},
            "balance": _balance(closing, language),
        },
        "empty": _("Nothing was called and nothing was paid."),
        "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
    }


def _balance(centimes: int, language: str) -> str:
    told = money(centimes, language)
    return _("%(amount)s ahead") % {"amount": told} if centimes < 0 else told


def _line(line: StatementLine, language: str) -> dict[str, str]:
    owed, amount = line.amount_centimes > 0, money(line.amount_centimes, language)
    return {
        "day": day(line.day),
        "what": _what(line, language),
        "how": _how(line, language),
        "owed": amount if owed else "",
        "paid": "" if owed else amount,
        "balance": _balance(line.balance_centimes, language),
    }


def _what(line: StatementLine, language: str) -> str:
    month = month_named(line.month, language) if line.month else ""
    named = {
        "call": _("Contribution of %(month)s"),
        "year": _("Contribution of the year %(year)s, at once"),
        "opening": _("Arrears of %(month)s, reported by the fund"),
        "adjustment": _("Adjustment of %(month)s"),
        "correction": _("Correction of %(month)s"),
        "balance": _("Balance of the year %(year)s"),
        "relief": _("%(month)s erased by law 41-23"),
        "refund": _("Credit given back"),
        "refund_returned": _("Refund come back"),
        "payment": _("Payment %(reference)s"),
        "reversal": _("Payment %(reference)s reversed"),
    }
    year = line.year.year if line.year else line.month.year if line.month else ""
    return named[line.kind] % {"month": month, "year": year, "reference": line.reference}


def _how(line: StatementLine, language: str) -> str:
    told = [shortly(line.steps, language)]
    if line.year:
        told.append(year_sentence(line.year, partial(money, language=language)))
    if line.due_on:
        told.append(pgettext("paper", "to pay by %(day)s") % {"day": day(line.due_on)})
    return " · ".join(filter(None, told))


def shortly(steps: Sequence[Step], language: str) -> str:
    """How an amount was assessed in a few words; empty where the law's steps are not known."""
    for step in reversed(steps):
        if step.code in _SHORTLY:
            facts = {name: told_value(value, language) for name, value in step.told}
            return str(_SHORTLY[step.code]) % facts
    return ""


def _late(late: Lateness, language: str) -> dict[str, Any]:
    return {
        "title": _("Overdue on %(day)s") % {"day": day(late.on)},
        "nothing": _("Nothing is overdue."),
        "ages": _ages(late, language),
        "penalties": _penalties(late, language),
    }


def _ages(late: Lateness, language: str) -> list[dict[str, str]]:
    bounds, told = (0, *AGES), []
    for place, low in enumerate(bounds):
        high = bounds[place + 1] if place + 1 < len(bounds) else None
        rests = [
            month.rest_centimes
            for month in late.months
            if months_later(month.due_on, low) < late.on
            and (high is None or months_later(month.due_on, high) >= late.on)
        ]
        if rests:
            told.append({"label": _age(low, high), "value": money(sum(rests), language)})
    return told


def _age(low: int, high: int | None) -> str:
    if high is None:
        return _("for more than %(low)s months") % {"low": low}
    if low == 0:
        return _("for one month at most")
    return _("for %(low)s to %(high)s months") % {"low": low, "high": high}


def _penalties(late: Lateness, language: str) -> list[str]:
    told = []
    if late.fund_centimes:
        sentence = _(
            "If you pay on %(day)s, lateness may add %(amount)s: %(rate)s for each month late. "
            "This is an estimate; the fund decides."
        )
        told.append(sentence % _lateness_facts(late, late.fund_centimes, language))
    if late.tax_centimes:
        sentence = _(
            "If you pay on %(day)s, the tax office may add %(amount)s for lateness. This is an "
            "estimate; the tax office decides."
        )
        told.append(sentence % _lateness_facts(late, late.tax_centimes, language))
    return told


def _lateness_facts(late: Lateness, centimes: int, language: str) -> dict[str, str]:
    rates = (month.steps[0].facts["rate"] for month in late.months if month.penalty_centimes)
    return {
        "day": day(late.on),
        "amount": money(centimes, language),
        "rate": told_value(next(rates), language),
    }


def _reasons(statement: Statement, on: dt.date, language: str) -> dict[str, Any]:
    for line in reversed(statement.lines):
        if line.steps and line.month and line.day <= on:
            title = _("How the amount of %(month)s is calculated")
            return {
                "title": title % {"month": month_named(line.month, language)},
                "lines": list(explain(line.steps, language, references=True)),
            }
    return {"title": "", "lines": []}
