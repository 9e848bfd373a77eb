"""One file that held two persons: a second file opened for what is not the first person's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from django.db import connection

from qafila.foundation import journal
from qafila.foundation.actors import Actor
from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.trail import acting
from qafila.linkage.names.name_keys import KEY_VERSION
from qafila.people.access import person_to_change, persons_to_change, require_may_merge
from qafila.people.add_from_lists import add_identifiers, add_persons, add_phones
from qafila.people.errors import FileUsedSince
from qafila.people.journal import PERSON_SPLIT, SPLIT_UNDONE
from qafila.people.merging.moving import label_of
from qafila.people.merging.references import (
    forget_derived,
    insert_row,
    overwrite_row,
    references_to_persons,
    row_as_json,
)
from qafila.people.merging.undoing import restored
from qafila.people.models import Identifier, Merge, Person, Phone
from qafila.people.ports import FIRST_KEY_VERSION, remake_keys, tell_identity_changed
from qafila.people.update_from_lists import revise_persons

_TABLE = Person._meta.db_table
_OWN = (Identifier._meta.db_table, Phone._meta.db_table)


def split_person(
    person_id: int,
    *,
    before: pl.DataFrame,
    staying: pl.DataFrame,
    leaving: pl.DataFrame,
    leaving_numbers: pl.DataFrame,
    leaving_phones: pl.DataFrame,
    staying_values: set[str],
    actor: Actor,
    at: dt.datetime,
) -> dict[str, Any]:
    """Open a second file for what `leaving` says (one record of PERSON_SCHEMA with `person`).

    `before` and `staying` are what the first file's sources say with and without what leaves.
    Numbers (kind, value) and phones (number) that leave go with it; those among `staying_values`
    stay too. Returns what `undo_split` needs, as JSON values; `opened` is the new number. Whatever
    else hangs on the person stays with the first file.
    """
    scope = require_may_merge(actor)
    with acting(actor, at=at):
        person = person_to_change(person_id, scope)
        row = row_as_json(_TABLE, person_id)
        gone = {*leaving_numbers["value"], *leaving_phones["number"]} - staying_values
        removed = [_take(table, person_id, gone) for table in _OWN]
        (opened,) = add_persons(leaving, actor=actor, at=at)
        owner = pl.lit(opened, dtype=pl.Int64).alias("person_id")
        add_identifiers(leaving_numbers.with_columns(owner), actor=actor, at=at)
        add_phones(leaving_phones.with_columns(owner), actor=actor, at=at)
        named = pl.lit(person_id, dtype=pl.Int64).alias("person")
        revise_persons(before.with_columns(named), staying.with_columns(named), actor=actor, at=at)
        journal.write(
            PERSON_SPLIT,
            person,
            actor=actor,
            at=at,
            person_id=person_id,
            person=person_id,
            opened=opened,
        )
        tell_identity_changed([person_id, opened], actor=actor, at=at)
        return {
            "person": person_id,
            "opened": opened,
            "before": row,
            "after": row_as_json(_TABLE, person_id),
            "removed": dict(zip(_OWN, removed, strict=True)),
            "key_version": KEY_VERSION,
        }


def _take(table: str, person_id: int, values: set[str]) -> list[dict[str, Any]]:
    """Delete the person's numbers or phones among `values`; returns the rows."""
    model = Identifier if table == _OWN[0] else Phone
    column = "value" if model is Identifier else "number"
    found = model.objects.filter(person_id=person_id, **{f"{column}__in": values})
    keys = list(found.order_by("pk").values_list("pk", flat=True))
    rows = [row_as_json(table, key) for key in keys]
    model.objects.filter(pk__in=keys).delete()
    return rows


def undo_split(split: dict[str, Any], *, actor: Actor, at: dt.datetime) -> None:
    """Close the file a split opened and give the first one back what it had, exactly.

    Refused (FileUsedSince) when anything else hangs on the opened file by now.
    """
    scope = require_may_merge(actor)
    person_id, opened = split["person"], split["opened"]
    with acting(actor, at=at):
        person = persons_to_change([person_id, opened], scope)[person_id]
        forget_derived([person_id, opened])
        refuse_if_used(opened)
        Identifier.objects.filter(person_id=opened).delete()
        Phone.objects.filter(person_id=opened).delete()
        if not Person.objects.filter(pk=opened).delete()[0]:
            raise SomeoneElseActed()
        for table, rows in split["removed"].items():
            for row in rows:
                insert_row(table, row)
        changed = {"kept": split["before"], "after": split["after"]}
        overwrite_row(_TABLE, restored(row_as_json(_TABLE, person_id), changed))
        version = split.get("key_version", FIRST_KEY_VERSION)
        remake_keys(version, [person_id], actor=actor, at=at)
        journal.write(
            SPLIT_UNDONE,
            person,
            actor=actor,
            at=at,
            person_id=person_id,
            person=person_id,
            opened=opened,
        )
        tell_identity_changed([person_id], actor=actor, at=at)


def refuse_if_used(person_id: int) -> None:
    """Raise FileUsedSince when more than numbers and phones hangs on a file."""
    if Merge.objects.filter(kept_id=person_id).exists():
        raise FileUsedSince(person=person_id, what=label_of(Merge._meta.db_table))
    with connection.cursor() as cursor:
        for reference in references_to_persons():
            if reference.table in _OWN:
                continue
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{reference.table}" WHERE "{reference.column}" = %s)',
                [person_id],
            )
            if cursor.fetchone()[0]:
                raise FileUsedSince(person=person_id, what=label_of(reference.table))
