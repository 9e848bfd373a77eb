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
    amount_centimes bigint, paid_on date, account text, person_id bigint, persons int,
    repeated boolean, differs boolean, taken_back boolean, possible_repeat boolean
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

_FACTS = "(r.person_id, r.amount_centimes, r.paid_on)"

# The same reference again is the same payment, unless something else of it differs. One that was
# taken back bears its reference no more, but for the very same payment.
_MARK_BOOKED = f"""
UPDATE {ROWS} r SET repeated = true, differs = NOT f.same, taken_back = f.reversed
FROM (
    SELECT DISTINCT ON (number) * FROM (
        SELECT r.number, false AS reversed,
               {_FACTS} IS NOT DISTINCT FROM (p.person_id, p.amount_centimes, p.paid_on) AS same
        FROM {ROWS} r JOIN contributions_payment p USING (reference)
        WHERE p.channel = %(channel)s AND p.reversed_on IS NULL
        UNION ALL
        SELECT r.number, true, true
        FROM {ROWS} r JOIN contributions_payment p USING (reference)
        WHERE p.channel = %(channel)s AND p.reversed_on IS NOT NULL
          AND {_FACTS} = (p.person_id, p.amount_centimes, p.paid_on)
    ) every ORDER BY number, same DESC, reversed
) f WHERE f.number = r.number
"""

_MARK_TWINS = f"""
UPDATE {ROWS} r SET repeated = true,
    differs = {_FACTS} IS DISTINCT FROM (first.person_id, first.amount_centimes, first.paid_on)
FROM (
    SELECT DISTINCT ON (reference) reference, number, person_id, amount_centimes, paid_on
    FROM {ROWS} WHERE persons = 1 AND NOT repeated ORDER BY reference, number
) first
WHERE first.reference = r.reference AND first.number < r.number AND NOT r.repeated
"""

# An entry without any reference, under another statement: what else it says decides.
_MARK_POSSIBLE_REPEATS = f"""
UPDATE {ROWS} r SET possible_repeat = true
WHERE r.account <> '' AND r.persons = 1 AND NOT r.repeated AND EXISTS (
    SELECT FROM contributions_payment p
    WHERE p.channel = %(channel)s AND p.person_id = r.person_id AND p.paid_on = r.paid_on
      AND p.amount_centimes = r.amount_centimes AND p.reversed_on IS NULL
      AND strpos(p.reference, r.account || '/') > 0
)
"""


def find_payers(cursor: Any, good: pl.DataFrame, channel: str) -> pl.DataFrame:
    """Look up the persons of the good rows, and whether they were booked before.

    Fills the temporary table ROWS and returns row, persons (how many were found), repeated, whether
    the repeated reference came with another person, amount or day (`differs`), whether that payment
    was taken back, and whether an entry without a reference may be one booked before.
    """
    cursor.execute(_TABLE)
    rows = good.select(
        pl.col("row").alias("number"),
        "reference",
        "fund_number",
        "register_number",
        "card_number",
        pl.col("centimes").alias("amount_centimes"),
        "paid_on",
        account=pl.when("unnamed").then(pl.col("account")).otherwise(pl.lit("")),
        persons=pl.lit(0),
        repeated=pl.lit(False),
        differs=pl.lit(False),
        taken_back=pl.lit(False),
        possible_repeat=pl.lit(False),
    )
    copy_in(cursor, ROWS, rows.to_arrow())
    cursor.execute(f"ANALYZE {ROWS}")
    cursor.execute(_FIND_PERSONS)
    # Again: before, nobody was known to be a payer, and booking is planned by that.
    cursor.execute(f"ANALYZE {ROWS}")
    name_payers_by_notes(cursor, ROWS, channel)
    cursor.execute(f"CREATE INDEX ON {ROWS} (reference)")
    for mark in (_MARK_BOOKED, _MARK_TWINS, _MARK_POSSIBLE_REPEATS):
        cursor.execute(mark, {"channel": channel})
    columns = "number, persons, repeated, differs, taken_back, possible_repeat"
    cursor.execute(f"SELECT {columns} FROM {ROWS}")
    return pl.DataFrame(
        cursor.fetchall(),
        schema={
            "row": pl.Int64,
            "persons": pl.Int64,
            "repeated": pl.Boolean,
            "differs": pl.Boolean,
            "taken_back": pl.Boolean,
            "possible_repeat": pl.Boolean,
        },
        orient="row",
    )
