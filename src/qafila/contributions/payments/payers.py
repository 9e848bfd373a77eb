"""Who paid: the person behind a fund, register or card number, for a whole file at once."""

from __future__ import annotations

from typing import Any

import polars as pl

from qafila.contributions.payments.note_matching import name_payers_by_notes
from qafila.enrolment.facts import NUMBERS_OF_PERSONS
from qafila.foundation.copying import copy_in

ROWS = "contributions_rows_now"

# `number`: the row's line in the file. Kept until the end of the transaction.
_TABLE = f"""
CREATE TEMPORARY TABLE {ROWS} (
    number int, reference text, fund_number text, register_number text, card_number text,
    amount_centimes bigint, paid_on date, person_id bigint, persons int, repeated boolean,
    differs boolean
) ON COMMIT DROP
"""

# Every number given has to lead to the same person; two numbers, two persons: a human looks.
_FIND_PERSONS = f"""
UPDATE {ROWS} r SET person_id = f.person_id, persons = f.persons
FROM (
    SELECT number, min(person_id) AS person_id, count(DISTINCT person_id) AS persons
    FROM (
        SELECT r.number, n.person_id FROM {ROWS} r
        JOIN {NUMBERS_OF_PERSONS} n ON n.kind = 'fund' AND n.value = r.fund_number
        WHERE r.fund_number <> ''
        UNION ALL
        SELECT r.number, n.person_id FROM {ROWS} r
        JOIN {NUMBERS_OF_PERSONS} n ON n.kind = 'register' AND n.value = r.register_number
        WHERE r.register_number <> ''
        UNION ALL
        SELECT r.number, n.person_id FROM {ROWS} r
        JOIN {NUMBERS_OF_PERSONS} n ON n.kind = 'card' AND n.value = r.card_number
        WHERE r.card_number <> ''
    ) AS every GROUP BY number
) f WHERE f.number = r.number
"""

# The same reference again is the same payment, unless something else of it differs.
_MARK_REPEATED = f"""
UPDATE {ROWS} r SET repeated = true,
    differs = (r.person_id, r.amount_centimes, r.paid_on)
              IS DISTINCT FROM (first.person_id, first.amount_centimes, first.paid_on)
FROM (
    SELECT DISTINCT ON (reference) * FROM (
        SELECT p.reference, 0 AS number, p.person_id, p.amount_centimes, p.paid_on
        FROM contributions_payment p
        WHERE p.channel = %s AND p.reference IN (SELECT reference FROM {ROWS})
        UNION ALL
        SELECT reference, number, person_id, amount_centimes, paid_on FROM {ROWS}
        WHERE persons = 1
    ) every ORDER BY reference, number
) first
WHERE first.reference = r.reference AND first.number < r.number
"""


def find_payers(cursor: Any, good: pl.DataFrame, channel: str) -> pl.DataFrame:
    """Look up the persons of the good rows, and whether their references were booked before.

    Fills the temporary table ROWS and returns row, persons (how many were found), repeated, and
    whether the repeated reference came with another person, amount or day (`differs`).
    """
    cursor.execute(_TABLE)
    rows = good.select(
        pl.col("row").alias("number"), "reference", "fund_number", "register_number",
        "card_number", "amount_centimes", pl.col("day").alias("paid_on"),
        persons=pl.lit(0), repeated=pl.lit(False),
        differs=pl.lit(False),
    )  # fmt: skip
    copy_in(cursor, ROWS, rows.to_arrow())
    cursor.execute(f"ANALYZE {ROWS}")
    cursor.execute(_FIND_PERSONS)
    name_payers_by_notes(cursor, ROWS, channel)
    cursor.execute(f"CREATE INDEX ON {ROWS} (reference)")
    cursor.execute(_MARK_REPEATED, [channel])
    cursor.execute(f"SELECT number, persons, repeated, differs FROM {ROWS}")
    return pl.DataFrame(
        cursor.fetchall(),
        schema={
            "row": pl.UInt32,
            "persons": pl.Int64,
            "repeated": pl.Boolean,
            "differs": pl.Boolean,
        },
        orient="row",
    )
