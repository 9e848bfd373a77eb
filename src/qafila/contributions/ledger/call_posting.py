"""Posting calls: one row per call and its two ledger lines, written by COPY from Arrow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from qafila.foundation.copying import copy_in

_CALL_COLUMNS = (
    "enrolment_id",
    "person_id",
    "month",
    "sequence",
    "category",
    "amount_centimes",
    "due_on",
    "origin",
    "run_id",
    "region_code",
)
_LINE_COLUMNS = (
    "posting",
    "book",
    "person_id",
    "amount_centimes",
    "posted_on",
    "month",
    "region_code",
)


@dataclass(frozen=True)
class Posted:
    """How many calls were posted, and their sum."""

    calls: int
    total_centimes: int

    def __add__(self, other: Posted) -> Posted:
        return Posted(self.calls + other.calls, self.total_centimes + other.total_centimes)


@dataclass(frozen=True)
class Entry:
    """How calls enter the books: their origin, the run, and the day and month of the posting.

    `sequence` is above 0 when a counter-posted month is called again.
    """

    origin: str
    run_id: int | None
    posted_on: dt.date
    books_month: dt.date
    sequence: int = 0


def post_calls(cursor: Any, due: pa.Table, month: dt.date, entry: Entry) -> Posted:
    """Post the assessed rows of `due` as the calls of `month`, with balanced ledger lines."""
    if not due.num_rows:
        return Posted(0, 0)
    calls = _with_constants(
        due.set_column(
            due.schema.get_field_index("category"),
            "category",
            pc.replace_substring(due["category"], "-", "_"),
        ),
        {
            "month": pa.scalar(month),
            "sequence": pa.scalar(entry.sequence, pa.int16()),
            "origin": pa.scalar(entry.origin),
            "run_id": pa.scalar(entry.run_id, pa.int64()),
        },
    )
    copy_in(cursor, "contributions_call", calls.select(_CALL_COLUMNS))
    copy_in(cursor, "contributions_ledgerline", _ledger_lines(due, month, entry))
    return Posted(due.num_rows, pc.sum(due["amount_centimes"]).as_py())


def _ledger_lines(due: pa.Table, month: dt.date, entry: Entry) -> pa.Table:
    posting = pc.binary_join_element_wise(
        "call", due["enrolment_id"].cast(pa.string()), f"{month:%Y-%m}", f"{entry.sequence}", ":"
    )
    sides = (
        ("receivable", due["amount_centimes"]),
        ("contributions", pc.negate(due["amount_centimes"])),
    )
    lines = [
        _with_constants(
            pa.table(
                {
                    "posting": posting,
                    "person_id": due["person_id"],
                    "amount_centimes": amount,
                    "region_code": due["region_code"],
                }
            ),
            {
                "book": pa.scalar(book),
                "posted_on": pa.scalar(entry.posted_on),
                "month": pa.scalar(entry.books_month),
            },
        ).select(_LINE_COLUMNS)
        for book, amount in sides
    ]
    return pa.concat_tables(lines)


def _with_constants(table: pa.Table, constants: dict[str, pa.Scalar]) -> pa.Table:
    for name, value in constants.items():
        table = table.append_column(name, pa.repeat(value, table.num_rows))
    return table
