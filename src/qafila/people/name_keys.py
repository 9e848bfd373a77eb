"""The stored keys of names, remade when the way keys are made has changed."""

from __future__ import annotations

import datetime as dt

import pgtrigger
import polars as pl
from django.db import connection

from qafila.foundation.actors import Actor
from qafila.foundation.copying import array_text, copy_frame, copy_out
from qafila.foundation.facts import JOURNAL
from qafila.foundation.trail import acting
from qafila.linkage.names.name_keys import index_keys

# The spellings a file itself holds, those of the files merged into it, and those it held before
# somebody corrected them, as the journal tells them.
_WRITTEN = f"""
WITH RECURSIVE file AS (
  SELECT id AS person, id AS held FROM people_person WHERE id = ANY(%(persons)s)
  UNION ALL
  SELECT f.person, p.id FROM file f JOIN people_person p ON p.merged_into_id = f.held
)
SELECT f.person, n.name FROM file f JOIN people_person p ON p.id = f.held
CROSS JOIN LATERAL (VALUES (p.family_name_ar), (p.given_name_ar), (p.family_name_latn),
  (p.given_name_latn),
  (CASE WHEN p.family_name_ar = '' OR p.given_name_ar = '' THEN p.full_name_ar END),
  (CASE WHEN p.family_name_latn = '' OR p.given_name_latn = '' THEN p.full_name_latn END)
) AS n(name) WHERE n.name <> ''
UNION
SELECT f.person, n.name FROM file f
JOIN {JOURNAL} j ON j.person_id = f.held AND j.verb = 'people.person_corrected'
CROSS JOIN LATERAL ROWS FROM (
  unnest(string_to_array(j.data->>'fields', ', ')),
  unnest(string_to_array(j.data->>'before', ', '))
) AS n(field, name)
WHERE n.field LIKE '%%\\_name\\_%%' AND n.name NOT IN ('', '—')
"""
_REPLACE = """
UPDATE people_person p SET name_keys = n.name_keys FROM keys_made n
WHERE p.id = n.person AND NOT (p.name_keys @> n.name_keys AND p.name_keys <@ n.name_keys)
"""


def replace_name_keys(
    persons: list[int], spellings: pl.DataFrame, *, actor: Actor, at: dt.datetime
) -> int:
    """Give these persons the keys of every spelling known of them; returns how many changed.

    `spellings` (columns person, name) are those of the lists; the file's own, those of files
    merged into it and those of before a correction are added here. Keys are derived: no version of
    a file is kept for them, and whoever calls has made sure that the actor may.
    """
    own = copy_out(_WRITTEN, {"persons": persons}, {"person": pl.Int64, "name": pl.String})
    keys = index_keys_of(pl.concat([own, spellings.select(own.columns)]))
    made = pl.DataFrame({"person": persons}, schema={"person": pl.Int64}).join(
        keys, on="person", how="left"
    )
    with (
        acting(actor, at=at),
        pgtrigger.ignore("people.Person:update_update"),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "CREATE TEMP TABLE keys_made (person bigint, name_keys text[] NOT NULL) ON COMMIT DROP"
        )
        copy_frame("keys_made", made.with_columns(array_text("name_keys").fill_null("{}")))
        cursor.execute(_REPLACE)
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE keys_made")
    return changed


def index_keys_of(spellings: pl.DataFrame) -> pl.DataFrame:
    """The keys by which each `person` is found, of every `name`; each distinct name is read once.

    Columns person, name_keys; by person ascending, the keys in alphabetical order.
    """
    written = spellings.drop_nulls().unique()
    distinct = written["name"].unique().sort()
    keys = pl.Series([list(index_keys(name)) for name in distinct], dtype=pl.List(pl.String))
    table = pl.DataFrame({"name": distinct, "name_keys": keys})
    return (
        written.join(table, on="name")
        .select("person", "name_keys")
        .explode("name_keys")
        .drop_nulls()
        .unique()
        .sort("person", "name_keys")
        .group_by("person", maintain_order=True)
        .agg("name_keys")
    )
