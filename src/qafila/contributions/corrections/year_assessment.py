"""What the final tax of a year makes of that year: who can be settled, and by how much.

A year is settled as a whole when every month worked in it was run here, no other activity of the
person falls into the same months, and none was erased by law 41-23. Otherwise a person has to ask
the fund (`WAITING_YEARS`).
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

import qafila_law
from qafila.contributions.ledger import facts as ledger
from qafila.enrolment import facts as enrolment

NOW = "years_now"

# One row per enrolment and year whose final tax is known: the months worked, and whether each of
# them was run here and belonged to this activity alone.
_KNOWN_YEARS = f"""
SELECT t.enrolment_id, t.year, e.person_id, e.category, e.region_code, t.final_tax_dh,
       count(m.month)::int AS months, max(m.month)::date AS last_month,
       coalesce(bool_and(EXISTS (SELECT FROM contributions_run r
                                 WHERE r.month = m.month AND r.state = 'posted')
                         AND NOT EXISTS (
                             SELECT FROM {enrolment.AT_FUND} o
                             WHERE o.person_id = e.person_id AND o.id <> e.id
                               AND o.effective_from <= m.month
                               AND coalesce(o.closed_on > m.month, true))
                         AND NOT EXISTS (
                             SELECT FROM contributions_call c JOIN contributions_allocation a
                               ON a.call_id = c.id AND a.call_month = c.month
                             WHERE c.enrolment_id = e.id AND c.month = m.month
                               AND a.source = 'relief'))
                FILTER (WHERE m.month IS NOT NULL), true) AS ready
FROM {enrolment.TAX_YEARS} t
JOIN {enrolment.AT_FUND} e ON e.id = t.enrolment_id
JOIN (VALUES {{first_months}}) AS first (category, month) ON first.category = e.category
LEFT JOIN LATERAL (
    SELECT generate_series(make_date(t.year, 1, 1), make_date(t.year, 12, 1), '1 month')::date
) m (month)
  ON e.effective_from <= m.month AND coalesce(e.closed_on > m.month, true)
 AND first.month <= m.month
WHERE t.final_tax_dh IS NOT NULL AND {{condition}}
GROUP BY t.enrolment_id, t.year, e.person_id, e.category, e.region_code, t.final_tax_dh
"""

_STANDING = f"""
coalesce((SELECT sum(c.standing_centimes) FROM {ledger.STANDING_CALLS} c
          WHERE c.enrolment_id = k.enrolment_id
            AND c.month BETWEEN make_date(k.year, 1, 1) AND make_date(k.year, 12, 1)), 0)::bigint
"""

# What the last balance said already is left out; there is nothing to post for it.
_CHANGED = f"""
DELETE FROM {NOW} n WHERE n.owed = n.called AND EXISTS (
    SELECT FROM (SELECT DISTINCT ON (b.enrolment_id) b.* FROM contributions_yearbalance b
                 WHERE b.enrolment_id = n.enrolment_id AND b.year = n.year
                 ORDER BY b.enrolment_id, b.sequence DESC) last
    WHERE (last.owed_centimes, last.final_tax_dh, last.months)
          = (n.owed, n.final_tax_dh, n.months))
"""

WAITING_YEARS = """
SELECT k.person_id, k.enrolment_id, make_date(max(k.year), 1, 1),
       jsonb_build_object('years', count(*))
FROM ({known}) k WHERE NOT k.ready GROUP BY k.person_id, k.enrolment_id
"""


def waiting_years() -> str:
    """The search for years with a final tax that cannot be settled here."""
    return WAITING_YEARS.format(known=_known("true"))


def find_years(cursor: Any, year: int, people: str, params: dict[str, Any]) -> int:
    """Put the settled-to-be enrolments of `year` into the table NOW; returns how many differ.

    `owed` is the law's for the year, `called` what stands called for it.
    """
    known = _known(f"t.year = %(year)s AND e.{people}")
    cursor.execute(
        f"CREATE TEMPORARY TABLE {NOW} ON COMMIT DROP AS SELECT k.*, {_STANDING} AS called,"
        f" NULL::bigint AS owed FROM ({known}) k WHERE k.ready",
        {"year": year, **params},
    )
    cursor.execute(f"SELECT DISTINCT category, final_tax_dh, months FROM {NOW}")
    kinds = cursor.fetchall()
    owed = [_owed(year, *kind) for kind in kinds]
    cursor.execute(
        f"UPDATE {NOW} n SET owed = law.owed FROM unnest(%(categories)s::text[], %(taxes)s::int[],"
        " %(months)s::int[], %(owed)s::bigint[]) AS law (category, tax, months, owed)"
        " WHERE law.category = n.category AND law.tax = n.final_tax_dh AND law.months = n.months",
        {
            "categories": [kind[0] for kind in kinds],
            "taxes": [kind[1] for kind in kinds],
            "months": [kind[2] for kind in kinds],
            "owed": owed,
        },
    )
    cursor.execute(_CHANGED)
    cursor.execute(f"SELECT count(*) FROM {NOW}")
    return int(cursor.fetchone()[0])


def _known(condition: str) -> str:
    firsts = ((kind.key, qafila_law.first_month(kind)) for kind in qafila_law.Category)
    months = ", ".join(f"('{key}', '{month}'::date)" for key, month in firsts)
    return _KNOWN_YEARS.format(first_months=months, condition=condition)


def _owed(year: int, category: str, tax_dh: int, months: int) -> int:
    """The duty of the months worked in the year, by the law; nothing where none was."""
    if not months:
        return 0
    found = qafila_law.yearly_balance(
        category.replace("_", "-"), year, annual_tax=tax_dh, paid_centimes=0, months_active=months
    )
    return found.owed_centimes


def settled_by_year(cursor: Any, year: int, people: str, params: dict[str, Any]) -> pa.Array:
    """The enrolments whose `year` is settled by its final tax: their months are left to it."""
    cursor.execute(
        f"""
        SELECT t.enrolment_id FROM {enrolment.TAX_YEARS} t
        JOIN {enrolment.ENROLMENTS} e ON e.id = t.enrolment_id
        WHERE t.year = %(year)s AND t.final_tax_dh IS NOT NULL AND e.{people}
          AND EXISTS (SELECT FROM contributions_yearbalance b
                      WHERE b.enrolment_id = t.enrolment_id AND b.year = t.year)
        """,
        {"year": year, **params},
    )
    return pa.array([row[0] for row in cursor.fetchall()], pa.int64())


def without(table: pa.Table, enrolments: pa.Array) -> pa.Table:
    """The rows of `table` that belong to none of `enrolments`."""
    return table.filter(pc.invert(pc.is_in(table["enrolment_id"], enrolments)))
