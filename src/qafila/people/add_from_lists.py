"""Files opened for many persons at once."""

from __future__ import annotations

import datetime as dt

import polars as pl
from django.db import connection

from qafila.foundation.actors import Actor
from qafila.foundation.copying import (
    array_text,
    copy_frame,
    reserved_ids,
    text_columns,
)
from qafila.foundation.trail import acting
from qafila.people.access import require_may_merge
from qafila.people.models import Identifier, Person, Phone

NAME_COLUMNS = (
    "full_name_ar",
    "family_name_ar",
    "given_name_ar",
    "full_name_latn",
    "family_name_latn",
    "given_name_latn",
)
PERSON_SCHEMA = pl.Schema(
    dict.fromkeys(NAME_COLUMNS, pl.String())
    | {
        "name_keys": pl.List(pl.String),
        "sex": pl.String(),
        "birth_date": pl.Date(),
        "birth_precision": pl.String(),
        "card_number": pl.String(),
        "commune_id": pl.String(),
        "province_id": pl.String(),
        "region_code": pl.String(),
    }
)
"""The columns `add_persons` takes, one record per person; all may be null."""


def add_persons(persons: pl.DataFrame, *, actor: Actor, at: dt.datetime) -> list[int]:
    """Open one file per record of `persons` (columns of PERSON_SCHEMA) by COPY.

    Returns the new person numbers in the order of the records. Whoever calls has made sure that
    these persons are new; a card that another file holds is not given a second time.
    """
    require_may_merge(actor)
    with acting(actor, at=at):
        numbers = reserved_ids(Person, persons.height)
        rows = persons.select(PERSON_SCHEMA.names()).with_columns(
            pl.Series("id", numbers, dtype=pl.Int64),
            array_text("name_keys").fill_null("{}"),
            pl.lit(Person.State.ACTIVE.value).alias("state"),
            pl.lit(at.isoformat()).alias("created_at"),
            pl.lit(actor.id).alias("created_by_id"),
        )
        copy_frame(Person._meta.db_table, rows, not_null=text_columns(Person))
        _leave_cards_with_their_holders(numbers)
    return numbers


def _leave_cards_with_their_holders(new: list[int]) -> None:
    """A card that an older file holds stays its own: the new file has it as a noted number only.

    `enrolment.proofs` makes a matter of it.
    """
    if new:
        with connection.cursor() as cursor:
            cursor.execute(_HELD_BEFORE, {"first": min(new), "last": max(new)})


_HELD_BEFORE = """
UPDATE people_person fresh SET card_number = ''
FROM people_person held
WHERE fresh.id BETWEEN %(first)s AND %(last)s AND fresh.card_number <> ''
  AND held.card_number = fresh.card_number AND held.state = 'active' AND held.id < %(first)s
"""


def add_identifiers(identifiers: pl.DataFrame, *, actor: Actor, at: dt.datetime) -> int:
    """Note numbers (columns person_id, kind, value) that are not noted yet; returns how many."""
    return _add_missing(
        Identifier._meta.db_table, identifiers.select("person_id", "kind", "value"), actor, at
    )


def add_phones(phones: pl.DataFrame, *, actor: Actor, at: dt.datetime) -> int:
    """Note phones (columns person_id, number) that are not noted yet; returns how many."""
    return _add_missing(Phone._meta.db_table, phones.select("person_id", "number"), actor, at)


def _add_missing(table: str, frame: pl.DataFrame, actor: Actor, at: dt.datetime) -> int:
    columns = ", ".join(frame.columns)
    with acting(actor, at=at), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE arriving ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
        )
        copy_frame("arriving", frame.unique(maintain_order=True))
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM arriving ON CONFLICT DO NOTHING"
        )
        added = int(cursor.rowcount)
        cursor.execute("DROP TABLE arriving")
    return added
