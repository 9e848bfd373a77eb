"""Receipts of payments: a sheet to keep, and a text message that says the same in one breath."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

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
from qafila.people.access import person_in_scope


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
        owed = statement_of(payment.person_id, scope=scope).owed_centimes
        with connection.cursor() as cursor:
            fund_number, _categories = fund_number_of(cursor, payment.person_id)
        values = {
            **letterhead(person, fund_number, language, at),
            **_told(payment, owed, language),
        }
        return typeset(TEMPLATES / "receipt.typ", values, at=at)


def _told(payment: PaymentTold, owed: int, language: str) -> dict[str, Any]:
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
        "owed": {"label": _still_owed(owed), "value": money(owed, language)},
        "questions": _("Keep this receipt. For questions call %(number)s.")
        % {"number": CALL_CENTRE},
    }


def _taken_back(payment: PaymentTold) -> str:
    if payment.reversed_on is None:
        return ""
    return _("This payment was taken back on %(day)s: it settles nothing.") % {
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


def _still_owed(owed: int) -> str:
    if owed < 0:
        return pgettext("paper", "Paid ahead")
    return pgettext("paper", "Still owed") if owed else _("Nothing is owed")


def receipt_text(payment_id: int, *, language: str, scope: Scope) -> str:
    """The receipt as a text message: amount, months, what is still owed, number. No name.

    French fits one message of 160 GSM characters, Arabic and Amazigh two of 67 letters each.
    Errors: NotFoundInScope, LanguageNotPrinted.
    """
    with printed_in(language):
        payment = get_payment(payment_id, scope=scope)
        number = receipt_number(payment_id)
        amount = _plain(payment.amount_centimes)
        if payment.reversed_on is not None:
            told = _("%(amount)s DH taken back on %(day)s. Receipt %(number)s no longer counts.")
            return told % {"amount": amount, "day": day(payment.reversed_on), "number": number}
        owed = statement_of(payment.person_id, scope=scope).owed_centimes
        sentence = _PAID if owed >= 0 else _PAID_AHEAD
        return str(sentence) % {
            "amount": amount, "day": day(payment.paid_on), "months": _months(payment.months),
            "owed": _plain(abs(owed)), "number": number,
        }  # fmt: skip


_PAID = gettext_lazy(
    "%(amount)s DH paid on %(day)s. Months: %(months)s. Owed: %(owed)s DH. %(number)s"
)
_PAID_AHEAD = gettext_lazy(
    "%(amount)s DH paid on %(day)s. Months: %(months)s. Ahead: %(owed)s DH. %(number)s"
)


def _months(months: tuple[MonthPaid, ...]) -> str:
    """The months paid whole, in figures; where there are several: how many, the first and last."""
    whole = [one.month for one in months if one.settled]
    if len(whole) <= 1:
        return f"{whole[0]:%m/%Y}" if whole else "0"
    return f"{len(whole)} ({whole[0]:%m/%Y}-{whole[-1]:%m/%Y})"


def _plain(centimes: int) -> str:
    return f"{centimes // 100},{centimes % 100:02d}"
