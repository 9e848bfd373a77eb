"""Receipts of payments: a sheet to keep, and a text message that says the same in one breath."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from functools import partial
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from qafila.contributions.account.dues import Dues, due_lines, dues_of
from qafila.contributions.account.printing import (
    TEMPLATES,
    day,
    letterhead,
    money,
    month_named,
    printed_in,
)
from qafila.contributions.account.queries import statement_of
from qafila.contributions.account.ways_to_pay import CALL_CENTRE
from qafila.contributions.ledger.fund_numbers import fund_number_of
from qafila.contributions.payments.queries import MonthPaid, PaymentTold, get_payment
from qafila.documents.pdf import typeset
from qafila.foundation.actors import Scope
from qafila.foundation.clock import day_of
from qafila.people.access import person_in_scope
from qafila_law.wording.typography import plain_signs


def receipt_number(payment_id: int) -> str:
    """The number of the receipt of a payment: the same on paper, in the message and at the desk."""
    return f"R{payment_id:07d}"


def receipt_pdf(payment_id: int, *, language: str, scope: Scope, at: dt.datetime) -> bytes:
    """The receipt of a payment as a PDF in `language` (ar, fr, zgh).

    The amount first; then the months it went to, what is left over for months to come, and what is
    still owed as the books stand now. A payment taken back is told as such. Errors:
    NotFoundInScope, LanguageNotPrinted.
    """
    with printed_in(language):
        payment = get_payment(payment_id, scope=scope)
        person = person_in_scope(payment.person_id, scope)
        dues = dues_of(statement_of(payment.person_id, scope=scope), day_of(at))
        with connection.cursor() as cursor:
            fund_number, _categories = fund_number_of(cursor, payment.person_id)
        values = {
            **letterhead(person, fund_number, language, at),
            **_told(payment, dues, language),
        }
        return typeset(TEMPLATES / "receipt.typ", values, at=at)


def _told(payment: PaymentTold, dues: Dues, language: str) -> dict[str, Any]:
    number = receipt_number(payment.payment_id)
    return {
        "title": pgettext("paper", "Receipt %(number)s") % {"number": number},
        "amount": money(payment.amount_centimes, language),
        "paid": _("received on %(day)s, under the reference %(reference)s")
        % {"day": day(payment.paid_on), "reference": payment.reference},
        "taken_back": _taken_back(payment),
        "columns": [pgettext("paper", "Month"), pgettext("paper", "Amount")],
        "months": [_month(month, language) for month in payment.months],
        "rest": _rest(payment, language),
        "dues": [
            asdict(line)
            for line in due_lines(dues, money=partial(money, language=language), day=day)
        ],
        "questions": _("Keep this receipt. For questions call %(number)s.")
        % {"number": CALL_CENTRE},
    }


def _taken_back(payment: PaymentTold) -> str:
    if payment.reversed_on is None:
        return ""
    return _("This payment was reversed on %(day)s: it settles nothing.") % {
        "day": day(payment.reversed_on)
    }


def _month(month: MonthPaid, language: str) -> dict[str, str]:
    name = month_named(month.month, language)
    told = name if month.settled else _("%(month)s, in part") % {"month": name}
    return {"label": told, "value": money(month.centimes, language)}


def _rest(payment: PaymentTold, language: str) -> str:
    if not payment.unallocated_centimes:
        return ""
    return _("%(amount)s is left over and pays the months to come.") % {
        "amount": money(payment.unallocated_centimes, language)
    }


def receipt_text(payment_id: int, *, language: str, on: dt.date, scope: Scope) -> str:
    """The receipt as a text message: amount, months, what is to pay on `on`, number. No name.

    French fits one message of 160 GSM characters, Arabic and Amazigh two of 67 letters each.
    Errors: NotFoundInScope, LanguageNotPrinted.
    """
    with printed_in(language):
        payment = get_payment(payment_id, scope=scope)
        number = receipt_number(payment_id)
        amount = _plain(payment.amount_centimes)
        if payment.reversed_on is not None:
            told = _("%(amount)s DH reversed on %(day)s. Receipt %(number)s no longer counts.")
            facts = {"amount": amount, "day": day(payment.reversed_on), "number": number}
            return plain_signs(told % facts)
        dues = dues_of(statement_of(payment.person_id, scope=scope), on)
        sentence, facts = _still_to_pay(dues)
        known = {"amount": amount, "day": day(payment.paid_on), "number": number}
        months = _months(payment.months)
        return plain_signs(str(sentence) % {**known, "months": months, **facts})


_LATE = gettext_lazy(
    "%(amount)s DH paid on %(day)s. Months: %(months)s. Late: %(owed)s DH. %(number)s"
)
_LATER = gettext_lazy(
    "%(amount)s DH paid on %(day)s. Months: %(months)s. By %(by)s: %(owed)s DH. %(number)s"
)
_AHEAD = gettext_lazy(
    "%(amount)s DH paid on %(day)s. Months: %(months)s. Credit: %(owed)s DH. %(number)s"
)


def _still_to_pay(dues: Dues) -> tuple[Any, dict[str, str]]:
    """The sentence for what is most pressing, and its facts: late, else later, else the credit."""
    if dues.late_centimes or not (dues.later_by or dues.credit_centimes):
        return _LATE, {"owed": _plain(dues.late_centimes)}
    if dues.later_by:
        return _LATER, {"owed": _plain(dues.later_centimes), "by": day(dues.later_by)}
    return _AHEAD, {"owed": _plain(dues.credit_centimes)}


def _months(months: tuple[MonthPaid, ...]) -> str:
    """The months paid whole, in figures; where there are several: how many, the first and last."""
    whole = [one.month for one in months if one.settled]
    if len(whole) <= 1:
        return f"{whole[0]:%m/%Y}" if whole else "0"
    return f"{len(whole)} ({whole[0]:%m/%Y}-{whole[-1]:%m/%Y})"


def _plain(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02d}"
