"""Who is due for a month, read in Arrow batches straight from PostgreSQL's COPY."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from qafila.contributions.calls.assessment import LIABILITY_COLUMNS
from qafila.contributions.ledger import facts as ledger
from qafila.enrolment import facts as enrolment
from qafila.foundation.copying import read_table

CALLED_COLUMNS = {
    "enrolment_id": pa.int64(),
    "person_id": pa.int64(),
    "category": pa.string(),
    "called_centimes": pa.int64(),
    "region_code": pa.string(),
}

# Due for a month: at the fund under a number, from the first month due, and still active on the
# month's first day. Enrolments only declared wait for their number and are called from then on;
# those a merge brought beside another wait until somebody decides which goes on.
DUE_IN_MONTH = """
    e.fund_number <> '' AND e.effective_from <= {month} AND coalesce(e.closed_on > {month}, true)
    AND e.undecided_since IS NULL
"""
_FACTS = """
    e.id AS enrolment_id, e.person_id, replace(e.category, '_', '-') AS category,
    e.annual_tax_dh::bigint * 100 AS annual_tax_centimes, nullif(e.regime, '') AS regime,
    e.annual_profit_dh * 100 AS profit_centimes, t.periodicity, e.region_code
"""
_ENROLMENTS = f"""
    {enrolment.ENROLMENTS} e LEFT JOIN {enrolment.TAX_YEARS} t
      ON t.enrolment_id = e.id AND t.year = extract(year FROM %(month)s::date)
"""


def liabilities_not_called(
    cursor: Any, month: dt.date, *, first_person: int, last_person: int, again: bool = False
) -> pa.Table:
    """Enrolments of a range of persons due in `month` and not called for it, sorted by person.

    `again`: the month was counter-posted, and a call of which nothing is left counts as none.
    """
    standing = f"AND {ledger.stands('c')}" if again else ""
    return read_table(
        cursor,
        f"""
        SELECT {_FACTS} FROM {_ENROLMENTS}
        WHERE e.person_id BETWEEN %(first)s AND %(last)s
          AND {DUE_IN_MONTH.format(month="%(month)s")}
          AND NOT EXISTS (SELECT FROM contributions_call c
                          WHERE c.enrolment_id = e.id AND c.month = %(month)s {standing})
        ORDER BY e.person_id, e.id
        """,
        {"month": month, "first": first_person, "last": last_person},
        LIABILITY_COLUMNS,
    )


def liabilities_ahead(
    cursor: Any, month: dt.date, categories: list[str], *, first_person: int, last_person: int
) -> pa.Table:
    """Enrolments of `categories` that pay the year of `month` at once, not called for it yet.

    Whoever has another activity in that month is called when it comes, beside the other.
    """
    return read_table(
        cursor,
        f"""
        SELECT {_FACTS} FROM {_ENROLMENTS}
        WHERE e.person_id BETWEEN %(first)s AND %(last)s AND t.periodicity = 'yearly'
          AND e.category = ANY(%(categories)s) AND e.annual_tax_dh IS NOT NULL
          AND {DUE_IN_MONTH.format(month="%(month)s")}
          AND NOT EXISTS (SELECT FROM contributions_call c
                          WHERE c.enrolment_id = e.id AND c.month = %(month)s)
          AND NOT EXISTS (SELECT FROM {enrolment.AT_FUND} o
                          WHERE o.person_id = e.person_id AND o.id <> e.id
                            AND o.effective_from <= %(month)s
                            AND coalesce(o.closed_on > %(month)s, true))
        ORDER BY e.person_id, e.id
        """,
        {"month": month, "first": first_person, "last": last_person, "categories": categories},
        LIABILITY_COLUMNS,
    )


def reported_unpaid(cursor: Any, month: dt.date, before: dt.date) -> pa.Table:
    """Enrolments whose fund reported `month` unpaid: one of the n months just before `before`."""
    return read_table(
        cursor,
        f"""
        SELECT {_FACTS} FROM {_ENROLMENTS}
        WHERE e.months_unpaid_reported >=
              (extract(year FROM age(%(before)s::date, %(month)s::date)) * 12
               + extract(month FROM age(%(before)s::date, %(month)s::date)))
          AND {DUE_IN_MONTH.format(month="%(month)s")}
          AND NOT EXISTS (SELECT FROM contributions_call c
                          WHERE c.enrolment_id = e.id AND c.month = %(month)s)
        ORDER BY e.person_id, e.id
        """,
        {"month": month, "before": before},
        LIABILITY_COLUMNS,
    )


def liabilities(cursor: Any, month: dt.date, people: str, params: dict[str, Any]) -> pa.Table:
    """Enrolments due in `month`, called or not, of the persons matching `people` (person_id …)."""
    return read_table(
        cursor,
        f"""
        SELECT {_FACTS} FROM {_ENROLMENTS}
        WHERE e.{people} AND {DUE_IN_MONTH.format(month="%(month)s")}
        ORDER BY e.person_id, e.id
        """,
        {"month": month, **params},
        LIABILITY_COLUMNS,
    )


def called(cursor: Any, month: dt.date, people: str, params: dict[str, Any]) -> pa.Table:
    """What stands called for `month` per enrolment, corrections taken off, sorted by enrolment."""
    return read_table(
        cursor,
        f"""
        SELECT c.enrolment_id, min(c.person_id), min(c.category),
               sum({ledger.standing_of("c")})::bigint, min(c.region_code)
        FROM contributions_call c
        WHERE c.month = %(month)s AND c.{people} AND {ledger.is_decided("c")}
        GROUP BY c.enrolment_id ORDER BY c.enrolment_id
        """,
        {"month": month, **params},
        CALLED_COLUMNS,
    )


def person_ranges(cursor: Any, size: int) -> list[tuple[int, int]]:
    """Ranges of `size` person numbers that together hold everyone who was ever enrolled."""
    cursor.execute(f"SELECT min(person_id), max(person_id) FROM {enrolment.ENROLMENTS} e")
    first, last = cursor.fetchone()
    if first is None:
        return []
    return [(start, start + size - 1) for start in range(first, last + 1, size)]


def longest_reported_arrears(cursor: Any) -> int:
    """The most months the fund reported unpaid of anyone."""
    cursor.execute(f"SELECT coalesce(max(months_unpaid_reported), 0) FROM {enrolment.ENROLMENTS} e")
    return int(cursor.fetchone()[0])


def last_report(cursor: Any) -> dt.date | None:
    """The day of the fund's latest report on anyone; None when it never reported."""
    cursor.execute(f"SELECT max(reported_on) FROM {enrolment.ENROLMENTS} e")
    found: dt.date | None = cursor.fetchone()[0]
    return found
