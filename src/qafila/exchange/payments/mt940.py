"""Bank statements as SWIFT MT940 messages, parsed by the library `mt940`."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from mt940 import Options
from mt940.models import Transaction, Transactions

from qafila.exchange.payments.bank_statements import BankStatement, Entry, Part, refusal

# The library logs the text of what it cannot read; names and numbers have no place in logs.
logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)

_OPTIONS = Options(
    reversal_sign=True, case_insensitive_marks=True, merge_keeps_values=True, unbounded_details=True
)
_BEGINNING = re.compile(r"(?m)^(?=:20:)")
_FIELD = re.compile(r"(?m)^(?=:[0-9]{2}[A-Z]?:)")
_LINE = re.compile(r"(?m)^:61:")
_NOT_GIVEN = frozenset({"", "NONREF", "NOTPROVIDED"})
_RETURNED_ITEM = "RTI"


def mt940_statements(text: str, file_name: str) -> list[BankStatement]:
    """Every statement of the file; raises BankFileRefused with what is wrong and where.

    The pages of one statement (intermediate balances) count as statements of their own.
    """
    blocks = [b for b in _BEGINNING.split(text.replace("\r", "")) if b.startswith(":20:")]
    return [_statement(block, number, file_name) for number, block in enumerate(blocks, start=1)]


def _statement(block: str, number: int, file_name: str) -> BankStatement:
    read = Transactions(options=_OPTIONS)
    try:
        read.parse(_without_statement_texts(block))
    except (RuntimeError, ValueError, ArithmeticError, TypeError, AttributeError) as error:
        reason = _(
            "its statement number %(number)s cannot be read as MT940. Ask the bank for it again."
        )
        raise refusal(file_name, reason, number=number) from error
    data = read.data
    opening = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    entries = tuple(_entries(read))
    if opening is None or closing is None or len(entries) != len(_LINE.findall(block)):
        reason = _(
            "its statement number %(number)s is not whole: a balance (:60F:, :62F:) or an entry is "
            "missing. Ask the bank for it again."
        )
        raise refusal(file_name, reason, number=number)
    page = "/".join(str(data[k]) for k in ("statement_number", "sequence_number") if data.get(k))
    return BankStatement(
        " ".join(filter(None, (str(data.get("transaction_reference") or "").strip(), page))),
        str(data.get("account_identification") or "").strip(),
        str(closing.amount.currency),
        _centimes(opening.amount),
        _centimes(closing.amount),
        entries,
    )


def _without_statement_texts(block: str) -> str:
    """The message without each `:86:` that follows no entry: it is about the whole statement."""
    kept, entry = [], False
    for field in _FIELD.split(block):
        told = field.startswith(":86:")
        if not told:
            entry = field.startswith(":61:")
        if entry or not told:
            kept.append(field)
    return "".join(kept)


def _centimes(amount: Any) -> int:
    return int(amount.amount * 100)


def _entries(read: Transactions) -> Iterator[Entry]:
    for one in read.transactions:
        if one.data.get("amount") is not None:
            yield _entry(one)


def _entry(one: Transaction) -> Entry:
    data = one.data
    mark = str(data.get("status") or "").upper()
    kind = str(data.get("id") or "")[1:].strip()
    day = data["date"]
    centimes = _centimes(data["amount"])
    credit = mark in ("C", "RD")
    details = _details(data)
    return Entry(
        abs(centimes),
        credit,
        # RC takes back a credit; RD gives back what was paid out.
        mark in ("RC", "RD") or kind == _RETURNED_ITEM,
        True,
        dt.date(day.year, day.month, day.day),
        str(data["amount"].currency),
        (_part(data, abs(centimes), details),),
        details.replace("\n", " ")[:200],
    )


def _details(data: dict[str, Any]) -> str:
    kept = (
        "transaction_details",
        "purpose",
        "additional_purpose",
        "end_to_end_reference",
        "extra_details",
    )
    return "\n".join(str(data[name]) for name in kept if data.get(name))


def _part(data: dict[str, Any], centimes: int, details: str) -> Part:
    bank = str(data.get("bank_reference") or "").strip()
    given = [
        str(data.get(name) or "").strip() for name in ("end_to_end_reference", "customer_reference")
    ]
    found = [one for one in (*given, bank) if one.upper() not in _NOT_GIVEN]
    return Part(centimes, tuple(dict.fromkeys(found)), bank if bank in found else "", details)
