"""Posting a few balanced lines by hand; whole files and runs post theirs in SQL and by COPY."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from qafila.contributions.models.calls_and_ledger import LedgerLine


def post_lines(
    posting: str,
    person_id: int,
    region_code: str,
    sides: Mapping[str, int],
    *,
    day: dt.date,
    books_month: dt.date,
) -> None:
    """Post the sides (book → centimes, debit positive) of one posting; empty sides are left out.

    ValueError when they do not add up to zero: nothing unbalanced is ever written.
    """
    if sum(sides.values()):
        raise ValueError(f"The posting {posting} does not balance.")
    LedgerLine.objects.bulk_create(
        LedgerLine(
            posting=posting,
            book=book,
            person_id=person_id,
            amount_centimes=amount,
            posted_on=day,
            month=books_month,
            region_code=region_code,
        )
        for book, amount in sides.items()
        if amount
    )
