"""Stored keys of names remade after the way they are made has changed.

Each slice is one transaction that also notes how far it came: killed at any moment, the work goes
on where it stopped, and two at once share it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl
from django.db import ProgrammingError, connection, transaction
from django.utils.translation import gettext

from qafila.foundation.actors import Actor, Role
from qafila.foundation.copying import array_text, copy_frame, copy_out
from qafila.foundation.scope import reference_data
from qafila.foundation.trail import acting
from qafila.linkage.names.name_keys import KEY_VERSION
from qafila.lists.importing.progress import Report
from qafila.lists.importing.stored_rows import content_key_again, with_name_keys
from qafila.lists.models import Row, StoredKeys
from qafila.people.facts import PERSON_TABLE
from qafila.people.name_keys import replace_name_keys
from qafila.people.ports import FIRST_KEY_VERSION

SLICE_ROWS = 20_000
_ROWS, _PERSONS = "lists_row", PERSON_TABLE
KEYED_TABLES = (_ROWS, _PERSONS)
_ROW_SCHEMA = {
    "id": pl.Int64,
    "family_name": pl.String,
    "given_name": pl.String,
    "full_name": pl.String,
    "content_key": pl.String,
}
_REPLACE = """
UPDATE lists_row r
SET name_keys = k.name_keys, name_key = k.name_key, content_key = k.content_key
FROM keys_made k
WHERE r.id = k.id AND (r.name_keys <> k.name_keys OR r.name_key <> k.name_key
  OR r.content_key <> k.content_key)
"""
_SPELLINGS = """
SELECT DISTINCT r.person_id, n.name FROM lists_row r
CROSS JOIN LATERAL (VALUES (r.family_name), (r.given_name), (r.full_name)) AS n(name)
WHERE r.person_id = ANY(%(persons)s) AND n.name <> ''
"""


@dataclass(frozen=True)
class KeysMade:
    """How many rows of lists and how many files of persons got other keys than they had."""

    rows: int = 0
    persons: int = 0


def remake_name_keys(
    *, actor: Actor, at: dt.datetime, on_progress: Report | None = None
) -> KeysMade:
    """Make the keys of rows and persons again where they are of another version than KEY_VERSION.

    Does nothing where they are current. `on_progress(done, to_do)` counts rows and persons. For the
    system and administrators.
    """
    actor.require_everywhere(Role.SYSTEM, Role.ADMINISTRATOR)
    waiting = {table: _left(table) for table in stale_tables()}
    done, changed = 0, dict.fromkeys(KEYED_TABLES, 0)
    for table in waiting:
        while (made := _next_slice(table, actor, at)) is not None:
            done += made[0]
            changed[table] += made[1]
            if on_progress:
                on_progress(done, sum(waiting.values()))
    return KeysMade(changed[_ROWS], changed[_PERSONS])


def stale_tables() -> tuple[str, ...]:
    """The tables whose keys are not, or not all, of the version in force."""
    known = dict(StoredKeys.objects.order_by("table").values_list("table", "version"))
    return tuple(
        table for table in KEYED_TABLES if known.get(table, FIRST_KEY_VERSION) != KEY_VERSION
    )


@reference_data
def old_keys_sentence() -> str:
    """What to do about keys of names made in an earlier way; empty where all are current.

    A database from before keys had versions is told too.
    """
    try:
        with transaction.atomic():
            stale = stale_tables()
    except ProgrammingError:
        return gettext(
            "The database is older than this program. Run “qafila database migrate” first."
        )
    if not stale:
        return ""
    return gettext(
        "The stored keys of names were made by an earlier version: people may not be found by "
        "their name, nor linked. Run “qafila lists remake-keys”; it may be interrupted and goes on "
        "where it stopped."
    )


def remake_keys_of_persons(persons: Sequence[int], actor: Actor, at: dt.datetime) -> None:
    """The keys of these persons, of every spelling known of them; nothing asked about versions."""
    _remake_persons(list(persons), actor, at)


def _left(table: str) -> int:
    """How many records have not been looked at under the version in force."""
    reached = StoredKeys.objects.filter(table=table, making=KEY_VERSION).first()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM {table} WHERE id > %s", [reached.done_to if reached else 0]
        )
        return int(cursor.fetchone()[0])


def _next_slice(table: str, actor: Actor, at: dt.datetime) -> tuple[int, int] | None:
    """Records looked at and changed in one transaction; None when all are done."""
    with acting(actor, at=at):
        StoredKeys.objects.get_or_create(table=table, defaults={"version": FIRST_KEY_VERSION})
        stored = StoredKeys.objects.select_for_update().get(table=table)
        if stored.version == KEY_VERSION:
            return None
        if stored.making != KEY_VERSION:
            stored.making, stored.done_to = KEY_VERSION, 0
        numbers = _numbers_after(table, stored.done_to)
        changed = _MAKERS[table](numbers, actor, at) if numbers else 0
        if numbers:
            stored.done_to = numbers[-1]
        else:
            stored.version, stored.making, stored.done_to = KEY_VERSION, None, 0
        stored.save()
    return (len(numbers), changed) if numbers else None


def _numbers_after(table: str, number: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s", [number, SLICE_ROWS]
        )
        return [row[0] for row in cursor.fetchall()]


def _remake_rows(numbers: list[int], _actor: Actor, _at: dt.datetime) -> int:
    columns = ", ".join(_ROW_SCHEMA)
    rows = copy_out(
        f"SELECT {columns} FROM {Row._meta.db_table} WHERE id BETWEEN %(first)s AND %(last)s",
        {"first": numbers[0], "last": numbers[-1]},
        _ROW_SCHEMA,
    )
    made = with_name_keys(rows).select(
        "id", array_text("name_keys"), "name_key", content_key_again().alias("content_key")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE keys_made (id bigint, name_keys text[], name_key text, "
            "content_key text) ON COMMIT DROP"
        )
        copy_frame("keys_made", made, not_null=["name_key", "content_key"])
        cursor.execute(_REPLACE)
        changed = int(cursor.rowcount)
        cursor.execute("DROP TABLE keys_made")
    return changed


def _remake_persons(numbers: list[int], actor: Actor, at: dt.datetime) -> int:
    spellings = copy_out(_SPELLINGS, {"persons": numbers}, {"person": pl.Int64, "name": pl.String})
    return replace_name_keys(numbers, spellings, actor=actor, at=at)


_MAKERS: dict[str, Callable[[list[int], Actor, dt.datetime], int]] = {
    _ROWS: _remake_rows,
    _PERSONS: _remake_persons,
}
