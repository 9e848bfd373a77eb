"""The rows that matter for a linkage, as frames: the new ones and those they may belong with."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import polars as pl
from django.db import connection
from django.db.backends.utils import CursorWrapper

from qafila.foundation.copying import copy_out
from qafila.foundation.database.statistics import refresh_statistics
from qafila.people import facts as people_facts

# Rows of which linkage is asked: understood, and not replaced by a corrected list.
CURRENT = "r.outcome = 'accepted' AND r.link_decision NOT IN ('replaced', 'withdrawn')"
_READ = "i.state IN ('read', 'linked')"

_COLUMNS = {
    "row_id": ("r.id", pl.Int64),
    "person": ("r.person_id", pl.Int64),
    "file": ("r.list_import_id::text", pl.String),
    "sheet": ("r.sheet", pl.String),
    "row": ("r.row_number", pl.Int64),
    "source": ("i.source", pl.String),
    "family_name": ("r.family_name", pl.String),
    "given_name": ("r.given_name", pl.String),
    "full_name": ("r.full_name", pl.String),
    "sex": ("r.sex", pl.String),
    "birth_date": ("r.birth_date", pl.Date),
    "birth_precision": ("r.birth_precision", pl.String),
    "card_number": ("r.card_number", pl.String),
    "phone": ("r.phone", pl.String),
    "fund_number": ("r.fund_number", pl.String),
    "register_number": ("r.register_number", pl.String),
    "tax_number": ("r.tax_number", pl.String),
    "ae_number": ("r.ae_number", pl.String),
    "place_text": ("r.place_text", pl.String),
    "commune_code": ("r.commune_code", pl.String),
    "province_code": ("r.province_code", pl.String),
    "region_code": ("r.region_code", pl.String),
    "trade_text": ("r.trade_text", pl.String),
}
# Numbers and words of digits only must stay text: an empty text is "nothing known".
_SELECTED = ", ".join(
    f"nullif({sql}, '')" if kind == pl.String and name != "file" else sql
    for name, (sql, kind) in _COLUMNS.items()
)
SCHEMA = {name: kind for name, (_, kind) in _COLUMNS.items()}

# A name on more rows than this says too little alone: place or birth must agree as well.
_NAMESAKES = 10

_NEW = f"""
CREATE TEMP TABLE new_rows ON COMMIT DROP AS
SELECT r.id, r.card_number, r.phone, r.birth_date, r.birth_precision, r.name_keys, r.name_key,
  r.commune_code, date_trunc('year', r.birth_date)::date AS first_day,
  (date_trunc('year', r.birth_date) + interval '1 year - 1 day')::date AS last_day,
  ARRAY(SELECT x FROM unnest(ARRAY[r.card_number, r.fund_number, r.register_number, r.tax_number,
    r.ae_number]) x WHERE x <> '') AS numbers
FROM lists_row r JOIN lists_listimport i ON i.id = r.list_import_id
WHERE r.outcome = 'accepted' AND r.person_id IS NULL AND r.link_decision = '' AND {_READ}
"""
# One SELECT per way in which an earlier row can belong with a new one, each along an index and
# with something rare in it: what one new row costs hardly depends on how many rows there are.
_CANDIDATES = f"""
CREATE TEMP TABLE candidates ON COMMIT DROP AS
SELECT d.person_id FROM new_rows n JOIN {people_facts.IDENTIFIERS} d ON d.value = ANY(n.numbers)
UNION
SELECT h.person_id FROM new_rows n JOIN {people_facts.PHONES} h ON h.number = n.phone
UNION
SELECT r.person_id FROM new_rows n CROSS JOIN LATERAL (
  SELECT array_agg(x.person_id) AS persons FROM (SELECT y.person_id FROM lists_row y
    WHERE y.name_key = n.name_key AND y.name_key <> '' LIMIT {_NAMESAKES} + 1) x
  HAVING count(*) <= {_NAMESAKES}) s CROSS JOIN LATERAL unnest(s.persons) AS r(person_id)
WHERE r.person_id IS NOT NULL
UNION
SELECT r.person_id FROM new_rows n JOIN lists_row r ON r.name_key = n.name_key
  AND r.commune_code = n.commune_code
WHERE r.name_key <> '' AND r.commune_code <> '' AND r.person_id IS NOT NULL
UNION
SELECT r.person_id FROM new_rows n JOIN lists_row r ON r.name_key = n.name_key
  AND r.birth_date BETWEEN n.first_day - 365 AND n.last_day + 365
WHERE r.name_key <> '' AND r.person_id IS NOT NULL
UNION
SELECT r.person_id FROM new_rows n JOIN lists_row r ON r.birth_date = n.birth_date
WHERE r.name_keys && n.name_keys AND r.person_id IS NOT NULL AND n.birth_precision = 'day'
  AND n.birth_date <> n.first_day
UNION
SELECT r.person_id FROM new_rows n JOIN lists_row r ON r.commune_code = n.commune_code
  AND r.birth_date BETWEEN n.first_day AND n.last_day
WHERE r.name_keys && n.name_keys AND r.person_id IS NOT NULL AND r.commune_code <> ''
"""
_PLANNED = ["lists_row", *people_facts.TABLES]


def note_new_rows() -> int:
    """Gather the rows that speak of nobody yet in the temporary table `new_rows`; their number."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS new_rows")
        cursor.execute(_NEW)
        number = int(cursor.rowcount)
        cursor.execute("ANALYZE new_rows")
    return number


@contextlib.contextmanager
def _along_indexes(cursor: CursorWrapper) -> Iterator[None]:
    """For few rows of many: no join that reads a whole table, whatever it is thought to cost."""
    cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
    yield
    cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")


def note_candidates() -> int:
    """Gather the persons the new rows may be in the temporary table `candidates`; their number."""
    with connection.cursor() as cursor, _along_indexes(cursor):
        refresh_statistics(cursor, _PLANNED)
        cursor.execute("DROP TABLE IF EXISTS candidates")
        cursor.execute(_CANDIDATES)
        number = int(cursor.rowcount)
        cursor.execute("ANALYZE candidates")
    return number


def most_rows_are_new(new: int) -> bool:
    """Whether no more rows speak of a person already than are `new`; never counts more."""
    query = "SELECT 1 FROM lists_row WHERE person_id IS NOT NULL LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({query}) linked", [new + 1])
        return int(cursor.fetchone()[0]) <= new


def all_current_rows() -> pl.DataFrame:
    """Every row that speaks or may speak of a person, in the order of the table."""
    return _fetched(f"WHERE {CURRENT} AND {_READ}", {})


# The new rows, all rows of the candidate persons, and those of persons whose numbers are spread
# over all there are, each fetched by its number.
_CONCERNED = f"""
CREATE TEMP TABLE concerned ON COMMIT DROP AS
SELECT id FROM new_rows
UNION SELECT x.id FROM candidates c JOIN lists_row x ON x.person_id = c.person_id
UNION SELECT x.id
FROM (SELECT min(id) AS first, 1 + max(id) - min(id) AS span FROM {people_facts.PERSONS} p) m
CROSS JOIN generate_series(1, %s) AS k
JOIN {people_facts.ACTIVE_PERSONS} p ON p.id = m.first + (k * 2654435761) %% m.span
JOIN lists_row x ON x.person_id = p.id
"""


def new_and_candidate_rows(background: int) -> pl.DataFrame:
    """The new rows, all rows of the candidate persons, and those of about `background` others.

    The others keep the frequencies of names as they are in the whole.
    """
    with connection.cursor() as cursor, _along_indexes(cursor):
        cursor.execute("DROP TABLE IF EXISTS concerned")
        cursor.execute(_CONCERNED, [background])
        cursor.execute("ANALYZE concerned")
        return _fetched(f"JOIN concerned o ON o.id = r.id WHERE {CURRENT} AND {_READ}", {})


def rows_of_persons(persons: list[int]) -> pl.DataFrame:
    """All current rows of these persons."""
    return _fetched(f"WHERE {CURRENT} AND r.person_id = ANY(%(persons)s)", {"persons": persons})


def rows_before_correction(import_id: int, persons: list[int]) -> pl.DataFrame:
    """The rows these persons had before the import corrected an earlier one."""
    kept = _fetched(
        f"WHERE {CURRENT} AND r.person_id = ANY(%(persons)s) AND i.id <> %(new)s",
        {"persons": persons, "new": import_id},
    )
    replaced = _fetched(
        "JOIN lists_row now ON now.id = r.replaced_by_id WHERE now.list_import_id = %(new)s "
        "AND now.person_id = ANY(%(persons)s)",
        {"persons": persons, "new": import_id},
        person="now.person_id",
    )
    return pl.concat([kept, replaced])


def decisions_among_current() -> pl.DataFrame:
    """Every pair decided by people, between rows that are current, and rows like those.

    A row that came again in another file of the same source (same `content_key`) carries the
    decision too. Columns left_*, right_* (file, sheet, row), same.
    """
    query = f"""
    WITH decided AS MATERIALIZED (
      SELECT p.state = 'same' AS same, a.id AS a, b.id AS b, a.content_key AS a_key,
        b.content_key AS b_key
      FROM lists_candidatepair p JOIN lists_row a ON a.id = p.left_id
      JOIN lists_row b ON b.id = p.right_id WHERE p.state IN ('same', 'different')
    ), ends AS (
      SELECT a AS id, a_key AS key FROM decided UNION SELECT b, b_key FROM decided
    ), alike AS MATERIALIZED (
      SELECT id AS decided, id FROM ends
      UNION SELECT e.id, r.id FROM ends e JOIN lists_row r ON r.content_key = e.key
      WHERE e.key <> ''
    )
    SELECT DISTINCT l.list_import_id::text, nullif(l.sheet, ''), l.row_number,
      r.list_import_id::text, nullif(r.sheet, ''), r.row_number, d.same
    FROM decided d JOIN alike x ON x.decided = d.a JOIN alike y ON y.decided = d.b
    JOIN lists_row l ON l.id = x.id JOIN lists_row r ON r.id = y.id
    WHERE {CURRENT} AND {CURRENT.replace("r.", "l.")} AND l.id <> r.id
      AND NOT (d.a_key = d.b_key AND l.id <> d.a AND r.id <> d.b)
    ORDER BY 1, 2, 3, 4, 5, 6
    """
    schema: dict[str, Any] = {}
    for side in ("left", "right"):
        schema |= {f"{side}_file": pl.String, f"{side}_sheet": pl.String, f"{side}_row": pl.Int64}
    found = copy_out(query, {}, schema | {"same": pl.String})
    return found.with_columns(
        pl.col("left_sheet").fill_null(""),
        pl.col("right_sheet").fill_null(""),
        pl.col("same") == "t",
    )


def _fetched(where: str, params: dict[str, Any], person: str = "r.person_id") -> pl.DataFrame:
    selected = _SELECTED.replace("r.person_id", person, 1)
    source = "lists_row r JOIN lists_listimport i ON i.id = r.list_import_id"
    found = copy_out(f"SELECT {selected} FROM {source} {where} ORDER BY r.id", params, SCHEMA)
    return found.with_columns(pl.col("sheet").fill_null(""))
