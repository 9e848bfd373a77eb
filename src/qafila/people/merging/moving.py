"""What hangs on one person moved to another, each row as one, and moved back exactly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from django.db import IntegrityError, connection, transaction

from qafila.people.errors import BothHave, MovedOnSince
from qafila.people.merging.references import (
    HangingTable,
    forget_derived,
    hanging_tables,
    insert_row,
    loaded,
)
from qafila.people.ports import kinds_of_rows


@dataclass
class Move:
    """What one merge did to one table: rows moved, and rows set by because both had one.

    `at` holds, for each of `moved`, the columns that pointed at the absorbed person; `had` the rows
    the kept person had before, so that what is written later can be told from it.
    """

    table: str
    key: str
    columns: list[str]
    moved: list[Any] = field(default_factory=list)
    at: list[list[str]] = field(default_factory=list)
    taken_out: list[dict[str, Any]] = field(default_factory=list)
    had: list[Any] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The form kept in `Merge.moves`."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Move:
        """A move as it was kept; those of earlier versions named one column."""
        if "column" in kept:
            columns, moved = [kept["column"]], kept["moved"]
            at, out = [columns for _ in moved], kept["taken_out"]
            return cls(kept["table"], kept["key"], columns, moved, at, out)
        return cls(**kept)


def move_everything(source: int, target: int) -> list[Move]:
    """Move all rows of `source` to `target`; call it inside `acting`. Empty moves are left out.

    Raises BothHave where both have what a person has once and nobody said which one counts.
    """
    forget_derived([source, target])
    moves = [_moved(table, source, target) for table in hanging_tables()]
    return [move for move in moves if move.moved or move.taken_out or move.had]


def _moved(table: HangingTable, source: int, target: int) -> Move:
    move = Move(table.name, table.key, list(table.columns))
    if table.name in kinds_of_rows:
        move.had = [key for key, _ in rows_pointing_at(table, target)]
    rows = rows_pointing_at(table, source)
    if _try_update(table, source, target, [key for key, _ in rows]):
        move.moved, move.at = [key for key, _ in rows], [columns for _, columns in rows]
        return move
    # Some rows clash with rows the target has: then one by one, and only the clashing are set by.
    for key, columns in rows:
        if _try_update(table, source, target, [key]):
            move.moved.append(key)
            move.at.append(columns)
        else:
            move.taken_out.append(_set_by(table, key))
    return move


def rows_pointing_at(table: HangingTable, person: int) -> list[tuple[Any, list[str]]]:
    """The keys of the rows of a person, each with the columns that point at the person."""
    points = ", ".join(f'coalesce("{column}" = %(person)s, false)' for column in table.columns)
    any_of = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{table.key}", ARRAY[{points}] FROM "{table.name}" '
            f'WHERE %(person)s IN ({any_of}) ORDER BY "{table.key}"',
            {"person": person},
        )
        return [
            (key, [name for name, is_so in zip(table.columns, flags, strict=True) if is_so])
            for key, flags in cursor.fetchall()
        ]


def _try_update(table: HangingTable, source: int, target: int, keys: list[Any]) -> bool:
    if not keys:
        return True
    changes = ", ".join(
        f'"{column}" = CASE WHEN "{column}" = %(source)s THEN %(target)s ELSE "{column}" END'
        for column in table.columns
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f'UPDATE "{table.name}" SET {changes} WHERE "{table.key}" = ANY(%(keys)s)',
                {"source": source, "target": target, "keys": keys},
            )
    except IntegrityError:
        return False
    return True


def _set_by(table: HangingTable, key: Any) -> dict[str, Any]:
    """Take a row out that both have, whole; refused where it would not be the same thing twice."""
    kind = kinds_of_rows.get(table.name)
    if kind is None or not kind.set_by or _is_referenced(table, key):
        raise BothHave(what=str(kind.label) if kind else table.name)
    with connection.cursor() as cursor:
        cursor.execute(
            f'DELETE FROM "{table.name}" t WHERE "{table.key}" = %s RETURNING to_jsonb(t)', [key]
        )
        return loaded(cursor.fetchone()[0])


def _is_referenced(table: HangingTable, key: Any) -> bool:
    with connection.cursor() as cursor:
        for pointing, column in _pointing_at(table.name):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{pointing}" WHERE "{column}" = %s)', [key])
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


def written_since(moves: Iterable[Move], kept: int) -> dict[str, list[Any]]:
    """Rows of the kinds that ask (`ports.kinds_of_rows`) that the common file got since a merge.

    By table, those alone of which nobody can say whose they are: the absorbed person had brought
    something of the kind's `beside` too. Rows ended meanwhile do not count.
    """
    known = {move.table: move for move in moves}
    brought = {table for table, move in known.items() if move.moved}
    found = {}
    for table in hanging_tables():
        kind, move = kinds_of_rows.get(table.name), known.get(table.name)
        if kind is None or not brought & set(kind.beside):
            continue
        before = {*move.had, *move.moved} if move else set()
        keys = [key for key in _counting(table, kind.counts, kept) if key not in before]
        if keys:
            found[table.name] = keys
    return found


def _counting(table: HangingTable, counts: str, person: int) -> list[Any]:
    any_of = ", ".join(f'"{column}"' for column in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{table.key}" FROM "{table.name}" WHERE %s IN ({any_of}) AND {counts} '
            f'ORDER BY "{table.key}"',
            [person],
        )
        return [key for (key,) in cursor.fetchall()]


def move_back(moves: Sequence[Move], *, kept: int, absorbed: int) -> int:
    """Undo `move_everything`; returns the rows moved back.

    Rows deleted since by their own room stay deleted. Raises MovedOnSince when a row belongs to a
    third person by now, or when the place of a row set by is no longer free.
    """
    forget_derived([kept, absorbed])
    return sum(_move_back(move, kept, absorbed) for move in moves)


def _move_back(move: Move, kept: int, absorbed: int) -> int:
    returned = 0
    try:
        with transaction.atomic():
            for column in move.columns:
                keys = [k for k, at in zip(move.moved, move.at, strict=True) if column in at]
                returned += _point_back(move, column, keys, kept, absorbed)
            for row in move.taken_out:
                insert_row(move.table, row)
    except IntegrityError as error:
        raise MovedOnSince(what=label_of(move.table), rows=len(move.taken_out)) from error
    return returned + len(move.taken_out)


def _point_back(move: Move, column: str, keys: list[Any], kept: int, absorbed: int) -> int:
    if not keys:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{move.table}" SET "{column}" = %s WHERE "{move.key}" = ANY(%s) '
            f'AND "{column}" = %s',
            [absorbed, keys, kept],
        )
        returned = int(cursor.rowcount)
        if returned < len(keys) and move.key != column:
            cursor.execute(
                f'SELECT count(*) FROM "{move.table}" WHERE "{move.key}" = ANY(%s) '
                f'AND "{column}" <> %s',
                [keys, absorbed],
            )
            (elsewhere,) = cursor.fetchone()
            if elsewhere:
                raise MovedOnSince(what=label_of(move.table), rows=elsewhere)
    return returned


def label_of(table: str) -> str:
    """What the rows of a table are called by people, in the language in force."""
    kind = kinds_of_rows.get(table)
    return str(kind.label) if kind else table
