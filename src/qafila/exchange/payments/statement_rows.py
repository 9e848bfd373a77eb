"""The entries of bank statements as rows: what each is, and whom and which payment it names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import polars as pl

from qafila.contributions.payments.rows import (
    Kind,
    PaymentRow,
    reference_as_kept,
    rows_frame,
)
from qafila.exchange.payments.bank_statements import BankStatement, Entry, Part
from qafila.exchange.payments.payer_numbers import PayerNumbers, payer_numbers
from qafila_law.money import dirhams

_ACCOUNT_END = 16
_IDENTIFIER = 22


def statement_rows(statements: Sequence[BankStatement]) -> pl.DataFrame:
    """A row for each part of each entry, counted over the file."""
    parts = (
        (statement, entry, part, place)
        for statement in statements
        for position, entry in enumerate(statement.entries, start=1)
        for place, part in _numbered(entry, position)
    )
    return rows_frame(_row(number, *one) for number, one in enumerate(parts, start=1))


def _numbered(entry: Entry, position: int) -> Iterator[tuple[str, Part]]:
    for number, part in enumerate(entry.parts, start=1):
        yield (f"{position}" if len(entry.parts) == 1 else f"{position}.{number}"), part


def _row(number: int, statement: BankStatement, entry: Entry, part: Part, place: str) -> PaymentRow:
    payer = payer_numbers(part.text)
    problem = _problem(entry, part, payer)
    kind = _kind(entry)
    back = kind == Kind.REVERSAL
    references = _all(part) if back else _to_book_under(statement, part, place)
    centimes = part.centimes if part.centimes is not None else entry.centimes
    return PaymentRow(
        number,
        kind,
        references,
        centimes,
        entry.value_date,
        payer.fund,
        payer.register,
        payer.card,
        reason="" if kind == Kind.PAYMENT else entry.reason or statement.identifier,
        account=_account(statement),
        unnamed=len(references) == 1 and not part.references,
        problem=problem,
        found=dirhams(centimes) if problem else None,
    )


def _kind(entry: Entry) -> Kind:
    if entry.credit:
        return Kind.REFUND_RETURNED if entry.returned else Kind.PAYMENT
    return Kind.REVERSAL if entry.returned else Kind.REFUND


def _problem(entry: Entry, part: Part, payer: PayerNumbers) -> str | None:
    """Why a part can be neither booked nor taken back, or None."""
    if not entry.booked:
        return "entry_pending"
    if part.currency:
        return "foreign_share"
    if part.centimes is None:
        return "batch_unsplit"
    if part.centimes == 0:
        return "zero_amount"
    if (entry.returned and not entry.credit) or payer:
        return None
    if entry.returned:
        return "refund_returned"
    return "no_payer_in_text" if entry.credit else "not_a_payment"


def _all(part: Part) -> tuple[str, ...]:
    return tuple(reference_as_kept(reference) for reference in part.references)


def _to_book_under(statement: BankStatement, part: Part, place: str) -> tuple[str, ...]:
    payers = next(iter(part.references), "")
    given = [reference_as_kept(one) for one in (payers, part.bank_reference) if one]
    return tuple(dict.fromkeys([*given, _place_as_reference(statement, place)]))


def _account(statement: BankStatement) -> str:
    """The end of the account's number, the same in its national and its international form."""
    return statement.account[-_ACCOUNT_END:] or "-"


def _place_as_reference(statement: BankStatement, place: str) -> str:
    """Account, statement and place of an entry: the same whenever the statement comes again.

    Banks begin their numbers again each year, so the balances count too.
    """
    balances = f"{statement.opening_centimes}/{statement.closing_centimes}".encode()
    mark = hashlib.sha256(balances).hexdigest()[:6]
    return f"{_account(statement)}/{statement.identifier[-_IDENTIFIER:]}/{place}/{mark}"
