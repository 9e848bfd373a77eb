"""What lists add to files that are open already: only what the files lack."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from django.db import connection

from qafila.foundation.actors import Actor
from qafila.foundation.copying import array_text, copy_frame
from qafila.foundation.trail import acting
from qafila.people.access import require_may_merge
from qafila.people.add_from_lists import PERSON_SCHEMA

_RANK = "array_position(ARRAY['', 'year', 'month', 'day'], {}::text)"
_MORE_PRECISE = (
    f"n.birth_date IS NOT NULL AND (p.birth_date IS NULL OR {_RANK.format('n.birth_precision')} "
    f"> {_RANK.format('p.birth_precision')})"
)


def _unless_known(columns: tuple[str, ...], unknown: str) -> list[str]:
    return [
        f"{name} = CASE WHEN {unknown} THEN coalesce(n.{name}, p.{name}) ELSE p.{name} END"
        for name in columns
    ]


_OF_ANOTHER = (
    "EXISTS (SELECT FROM people_person o WHERE o.card_number = n.card_number "
    "AND n.card_number <> '' AND o.state = 'active' AND o.id <> p.id)"
)
_COMPLETE = ", ".join(
    [
        *_unless_known(("full_name_ar", "family_name_ar", "given_name_ar"), "p.full_name_ar = ''"),
        *_unless_known(
            ("full_name_latn", "family_name_latn", "given_name_latn"), "p.full_name_latn = ''"
        ),
        *_unless_known(("sex",), "p.sex = ''"),
        *_unless_known(("birth_date", "birth_precision"), _MORE_PRECISE),
        *_unless_known(("card_number",), f"p.card_number = '' AND NOT {_OF_ANOTHER}"),
        *_unless_known(
            ("commune_id", "province_id", "region_code"),
            "p.commune_id IS NULL AND (p.province_id IS NULL OR p.province_id = n.province_id)",
        ),
        "name_keys = p.name_keys || ARRAY(SELECT k FROM unnest(n.name_keys) k "
        "WHERE k <> ALL(p.name_keys))",
    ]
)
# A value is revised only where the file still holds what the lists said before.
_TEXTS = (
    "full_name_ar",
    "family_name_ar",
    "given_name_ar",
    "full_name_latn",
    "family_name_latn",
    "given_name_latn",
    "sex",
    "birth_precision",
    "region_code",
)
_NULLABLE = ("birth_date", "commune_id", "province_id")
_REVISE = ", ".join(
    [
        *(
            f"{name} = CASE WHEN p.{name} = coalesce(b.{name}, '') THEN coalesce(n.{name}, '') "
            f"ELSE p.{name} END"
            for name in _TEXTS
        ),
        "card_number = CASE WHEN p.card_number = coalesce(b.card_number, '') "
        f"AND NOT {_OF_ANOTHER} THEN coalesce(n.card_number, '') ELSE p.card_number END",
        *(
            f"{name} = CASE WHEN p.{name} IS NOT DISTINCT FROM b.{name} THEN n.{name} "
            f"ELSE p.{name} END"
            for name in _NULLABLE
        ),
        "name_keys = ARRAY(SELECT k FROM unnest(p.name_keys) k WHERE k <> ALL("
        "coalesce(b.name_keys, '{}'))) || coalesce(n.name_keys, '{}')",
    ]
)


def complete_persons(known: pl.DataFrame, *, actor: Actor, at: dt.datetime) -> int:
    """Fill what the files lack from `known` (column `person` and PERSON_SCHEMA).

    Names in a script not known yet, a more precise birth date, the card number, the place; keys are
    added. Nothing a file holds is overwritten. Returns how many files were looked at.
    """
    require_may_merge(actor)
    columns = ["person", *PERSON_SCHEMA.names()]
    with acting(actor, at=at), connection.cursor() as cursor:
        _arrive(cursor, "known", known.select(columns))
        cursor.execute(
            f"UPDATE people_person p SET {_COMPLETE} FROM known n WHERE p.id = n.person "
            "AND p.state = 'active'"
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE known")
    return changed


def revise_persons(
    before: pl.DataFrame, after: pl.DataFrame, *, actor: Actor, at: dt.datetime
) -> int:
    """Follow a corrected list: where a file holds what `before` said, it holds what `after` says.

    Both have the column `person` and PERSON_SCHEMA. What a person corrected by hand stays. Returns
    how many files were looked at.
    """
    require_may_merge(actor)
    columns = ["person", *PERSON_SCHEMA.names()]
    with acting(actor, at=at), connection.cursor() as cursor:
        _arrive(cursor, "known_before", before.select(columns))
        _arrive(cursor, "known", after.select(columns))
        cursor.execute(
            f"UPDATE people_person p SET {_REVISE} FROM known n JOIN known_before b USING (person) "
            "WHERE p.id = n.person AND p.state = 'active' AND n.name_keys IS NOT NULL"
        )
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE known, known_before")
    return changed


def _arrive(cursor: Any, table: str, frame: pl.DataFrame) -> None:
    names = ", ".join(f"NULL::{_type_of(name)} AS {name}" for name in frame.columns)
    cursor.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT {names} LIMIT 0")
    copy_frame(table, frame.with_columns(array_text("name_keys")))
    cursor.execute(f"ANALYZE {table}")


def _type_of(name: str) -> str:
    return {"person": "bigint", "name_keys": "text[]", "birth_date": "date"}.get(name, "text")
