"""Everything that hangs on a person, in any room, and whole rows taken and put back.

Found by walking the foreign keys to Person, so that a room added later is found too. Tables of the
trail and the merges themselves stay where they are: they speak of what happened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pghistory.models
from django.db import connection, models

from qafila.people.models import Merge, Person
from qafila.people.ports import derived_tables


@dataclass(frozen=True)
class Reference:
    """One column that points at a person."""

    table: str
    key: str
    column: str


@cache
def references_to_persons() -> tuple[Reference, ...]:
    """Every foreign key and one-to-one to Person, those without a reverse name included."""
    found = []
    for relation in Person._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        model = relation.related_model
        if _stays(model):
            continue
        meta = model._meta
        assert meta.pk is not None
        found.append(Reference(meta.db_table, str(meta.pk.column), str(relation.field.column)))
    return tuple(sorted(set(found), key=lambda r: (r.table, r.column)))


def _stays(model: Any) -> bool:
    trail = issubclass(model, pghistory.models.Event)
    return trail or model in (Person, Merge) or model._meta.proxy or not model._meta.managed


@dataclass(frozen=True)
class HangingTable:
    """A table with one or more columns that point at a person: its rows move as one."""

    name: str
    key: str
    columns: tuple[str, ...]


def hanging_tables(*, derived: bool = False) -> tuple[HangingTable, ...]:
    """Every table that points at persons, those derived from facts only when asked for."""
    columns: dict[tuple[str, str], list[str]] = {}
    for one in references_to_persons():
        if (one.table in derived_tables) is derived:
            columns.setdefault((one.table, one.key), []).append(one.column)
    return tuple(HangingTable(*named, tuple(found)) for named, found in columns.items())


def forget_derived(persons: Sequence[int]) -> None:
    """Delete what was derived about these persons; it is derived again before the commit."""
    with connection.cursor() as cursor:
        for reference in references_to_persons():
            if reference.table in derived_tables:
                cursor.execute(
                    f'DELETE FROM "{reference.table}" WHERE "{reference.column}" = ANY(%s)',
                    [list(persons)],
                )


def row_as_json(table: str, key: int) -> dict[str, Any]:
    """The whole row with primary key `key`, generated columns left out, as JSON values."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [key])
        row = loaded(cursor.fetchone()[0])
    return {name: row[name] for name in stored_columns(table)}


def insert_row(table: str, row: dict[str, Any]) -> None:
    """Put a row back exactly as `row_as_json` or a deletion saw it."""
    columns = _listed(stored_columns(table))
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) OVERRIDING SYSTEM VALUE '
            f'SELECT {columns} FROM jsonb_populate_record(NULL::"{table}", %s::jsonb)',
            [json.dumps(row)],
        )


def overwrite_row(table: str, row: dict[str, Any]) -> None:
    """Set every stored column of the row with `row["id"]`."""
    columns = _listed(name for name in stored_columns(table) if name != "id")
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET ({columns}) = (SELECT {columns} FROM '
            f'jsonb_populate_record(NULL::"{table}", %s::jsonb)) WHERE id = %s',
            [json.dumps(row), row["id"]],
        )


@cache
def stored_columns(table: str) -> tuple[str, ...]:
    """The columns of `table` that are written, not generated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
            [f'"{table}"'],
        )
        return tuple(row[0] for row in cursor.fetchall())


def _listed(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in names)


def loaded(value: Any) -> dict[str, Any]:
    """A row that came as JSON, whether the driver read it already or not."""
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)
