"""Everything that hangs on a person, in any room, moved to another person and moved back.

Found by walking the foreign keys to Person, so that a room added later is moved too. Tables of the
trail and the merges themselves stay where they are: they speak of what happened.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import pghistory.models
from django.db import IntegrityError, connection, models, transaction

from qafila.people.errors import MovedOnSince
from qafila.people.models import Merge, Person
from qafila.people.ports import derived_tables


@dataclass(frozen=True)
class Reference:
    """One column that points at a person."""

    table: str
    key: str
    column: str


@dataclass
class Move:
    """What one merge did to one column: rows moved, and rows taken out because both had one."""

    table: str
    key: str
    column: str
    moved: list[Any] = field(default_factory=list)
    taken_out: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The form kept in `Merge.moves`."""
        return asdict(self)


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


def move_everything(source: int, target: int) -> list[Move]:
    """Move all rows of `source` to `target`; call it inside `acting`. Empty moves are left out."""
    forget_derived([source, target])
    moves = [
        _moved(reference, source, target)
        for reference in references_to_persons()
        if reference.table not in derived_tables
    ]
    return [move for move in moves if move.moved or move.taken_out]


def forget_derived(persons: Sequence[int]) -> None:
    """Delete what was derived about these persons; it is derived anew before the commit."""
    with connection.cursor() as cursor:
        for reference in references_to_persons():
            if reference.table in derived_tables:
                cursor.execute(
                    f'DELETE FROM "{reference.table}" WHERE "{reference.column}" = ANY(%s)',
                    [list(persons)],
                )


def _moved(reference: Reference, source: int, target: int) -> Move:
    move = Move(reference.table, reference.key, reference.column)
    moved = _try_update(reference, source, target, None)
    if moved is not None:
        move.moved = moved
        return move
    # Some rows clash with rows the target has: then one by one, and only the clashing are set by.
    for key in _keys_of(reference, source):
        moved = _try_update(reference, source, target, key)
        if moved is not None:
            move.moved += moved
        elif not _is_referenced(reference, key):
            move.taken_out.append(_take_out(reference, key))
    return move


def _try_update(
    reference: Reference, source: int, target: int, key: Any | None
) -> list[Any] | None:
    table, column = reference.table, reference.column
    only = f' AND "{reference.key}" = %s' if key is not None else ""
    statement = (
        f'UPDATE "{table}" SET "{column}" = %s WHERE "{column}" = %s{only} '
        f'RETURNING "{reference.key}"'
    )
    params = [target, source] if key is None else [target, source, key]
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, params)
            return sorted(row[0] for row in cursor.fetchall())
    except IntegrityError:
        return None


def _keys_of(reference: Reference, person: int) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{reference.key}" FROM "{reference.table}" WHERE "{reference.column}" = %s '
            f'ORDER BY "{reference.key}"',
            [person],
        )
        return [row[0] for row in cursor.fetchall()]


def _is_referenced(reference: Reference, key: Any) -> bool:
    """Whether another row points at this one: then it stays with the absorbed person."""
    with connection.cursor() as cursor:
        for table, column in _pointing_at(reference.table):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}" = %s)', [key])
            if cursor.fetchone()[0]:
                return True
    return False


@cache
def _pointing_at(table: str) -> tuple[tuple[str, str], ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
            "WHERE c.contype = 'f' AND c.confrelid = %s::regclass ORDER BY 1, 2",
            [table],
        )
        return tuple((name.strip('"'), column) for name, column in cursor.fetchall())


def _take_out(reference: Reference, key: Any) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{reference.table}" t WHERE "{reference.key}" = %s RETURNING to_jsonb(t)',
            [key],
        )
        return _loaded(cursor.fetchone()[0])


def move_back(moves: Sequence[dict[str, Any]], *, kept: int, absorbed: int) -> int:
    """Undo `move_everything`; returns the rows moved back.

    Rows deleted since by their own room stay deleted. Raises MovedOnSince when a row belongs to a
    third person by now, or when the place of a row taken out is no longer free.
    """
    forget_derived([kept, absorbed])
    return sum(_move_back(Move(**move), kept, absorbed) for move in moves)


def _move_back(move: Move, kept: int, absorbed: int) -> int:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{move.table}" SET "{move.column}" = %s WHERE "{move.key}" = ANY(%s) '
                f'AND "{move.column}" = %s RETURNING "{move.key}"',
                [absorbed, move.moved, kept],
            )
            returned = len(cursor.fetchall())
            if returned < len(move.moved) and move.key != move.column:
                _refuse_if_elsewhere(move, absorbed)
            for row in move.taken_out:
                insert_row(move.table, row)
    except IntegrityError as error:
        raise MovedOnSince(table=move.table, rows=len(move.taken_out)) from error
    return returned + len(move.taken_out)


def _refuse_if_elsewhere(move: Move, absorbed: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT count(*) FROM "{move.table}" WHERE "{move.key}" = ANY(%s) '
            f'AND "{move.column}" <> %s',
            [move.moved, absorbed],
        )
        (elsewhere,) = cursor.fetchone()
    if elsewhere:
        raise MovedOnSince(table=move.table, rows=elsewhere)


def row_as_json(table: str, key: int) -> dict[str, Any]:
    """The whole row with primary key `key`, generated columns left out, as JSON values."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = %s', [key])
        row = _loaded(cursor.fetchone()[0])
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


def _loaded(value: Any) -> dict[str, Any]:
    return dict(json.loads(value)) if isinstance(value, str) else dict(value)
