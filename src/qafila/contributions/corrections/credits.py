"""Taking back a part of what was called, by rows beside the calls: no call ever changes its sum."""

from __future__ import annotations

from typing import Any

from qafila.contributions.ledger.deallocation import free_money_on
from qafila.contributions.ledger.facts import standing_of


def take_back(cursor: Any, which: str, wanted: str, source: str, params: dict[str, Any]) -> None:
    """Free the money on the calls concerned, then take back `wanted`, latest call first.

    `which` is SQL from FROM on: the calls `c` beside `n`, one row for each enrolment; `wanted`, in
    centimes, is of `n`. `source` names allocations and postings. `params` hold `day`, `books` (the
    open month) and what `which` asks for. It counts from the month of the call itself: what should
    not have been called was never owed, and who had paid that month in time stays so.
    """
    cursor.execute(f"SELECT c.id {which}", params)
    calls = [call for (call,) in cursor.fetchall()]
    if not calls:
        return
    free_money_on(cursor, calls, day=params["day"], books_month=params["books"])
    cursor.execute(_TAKE_BACK.format(which=which, wanted=wanted), {**params, "source": source})


_TAKE_BACK = f"""
WITH standing AS (
    SELECT c.id, c.month, c.person_id, c.region_code, {standing_of("c")} AS rest,
           {{wanted}} AS wanted, sum({standing_of("c")})
               OVER (PARTITION BY c.enrolment_id ORDER BY c.month DESC, c.sequence DESC) AS upto
    {{which}}
), taken AS MATERIALIZED (
    SELECT *, least(rest, wanted - (upto - rest)) AS share FROM standing
    WHERE wanted > upto - rest AND rest > 0
), placed AS (
    INSERT INTO contributions_allocation
        (source, call_id, call_month, amount_centimes, allocated_on)
    SELECT %(source)s, id, month, share, month FROM taken ORDER BY id
    RETURNING id, call_id, amount_centimes
), marked AS (
    UPDATE contributions_call c SET corrected_centimes = c.corrected_centimes + t.share,
        settled_on = CASE WHEN t.share = t.rest THEN c.month END
    FROM taken t WHERE c.id = t.id AND c.month = t.month
)
INSERT INTO contributions_ledgerline
    (posting, book, person_id, amount_centimes, posted_on, month, region_code)
SELECT %(source)s || ':' || p.id, side.book, t.person_id, side.sign * p.amount_centimes, %(day)s,
       %(books)s, t.region_code
FROM placed p JOIN taken t ON t.id = p.call_id
CROSS JOIN (VALUES ('contributions', 1), ('receivable', -1)) side (book, sign)
"""
