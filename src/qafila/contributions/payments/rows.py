"""Payments as readers deliver them: typed rows, each with its place and what is wrong with it.

Readers of files and of messages live in `exchange`; booking takes their rows and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

LONGEST_REFERENCE = 60
NUMBERS = ("fund_number", "register_number", "card_number")


class Kind(StrEnum):
    """What a row does: money that came in, money taken back that had come in, money paid out to a
    person, or money paid out that came back."""

    PAYMENT = "payment"
    REVERSAL = "reversal"
    REFUND = "refund"
    REFUND_RETURNED = "refund_returned"


SCHEMA = pl.Schema(
    {
        "row": pl.Int64(),
        "kind": pl.String(),
        "references": pl.List(pl.String),
        "centimes": pl.Int64(),
        "paid_on": pl.Date(),
        "fund_number": pl.String(),
        "register_number": pl.String(),
        "card_number": pl.String(),
        "reason": pl.String(),
        "account": pl.String(),
        "unnamed": pl.Boolean(),
        "problem": pl.String(),
        "found": pl.String(),
    }
)
"""The columns of a frame of rows. `problem` is null for a good row, else a code of
`problems.SENTENCES` and `found` what stood there; no text but `found` and `problem` is null."""


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One row. `references`: the payer's first, then the bank's, last its place in the statement.

    `account` ends the number of the bank account, for entries of a statement only; `unnamed` when
    nothing but its place tells the entry from another. `reason` is why money was taken back.
    """

    row: int
    kind: Kind
    references: tuple[str, ...]
    centimes: int | None
    paid_on: dt.date | None
    fund_number: str = ""
    register_number: str = ""
    card_number: str = ""
    reason: str = ""
    account: str = ""
    unnamed: bool = False
    problem: str | None = None
    found: str | None = None

    def numbers(self) -> frozenset[str]:
        """The numbers given of the payer."""
        return frozenset({self.fund_number, self.register_number, self.card_number} - {""})


def rows_frame(rows: Iterable[PaymentRow]) -> pl.DataFrame:
    """Rows as the frame that booking takes."""
    listed = list(rows)
    columns = {name: [_plain(getattr(one, name)) for one in listed] for name in SCHEMA}
    return pl.DataFrame(columns, schema=SCHEMA)


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def rows_of(frame: pl.DataFrame) -> list[PaymentRow]:
    """A frame as rows again."""
    return [
        PaymentRow(**{**one, "kind": Kind(one["kind"]), "references": tuple(one["references"])})
        for one in frame.select(SCHEMA.names()).iter_rows(named=True)
    ]


def reference_as_kept(reference: str) -> str:
    """A reference cut to what the ledger keeps. Books of before 2026-12 hold "ref total"."""
    text = f"ref {reference}" if reference.lower() in _TOTALS_ONCE else reference
    return text[:LONGEST_REFERENCE]


_TOTALS_ONCE = ("total", "somme", "المجموع", "مجموع")
