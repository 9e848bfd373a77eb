"""Everything kept of a person, as data they can take along (law 09-08, article 7)."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models

from qafila.foundation.actors import Scope
from qafila.people.access import checked_person
from qafila.people.models import Person
from qafila.people.privacy.treatments import TITLES, treatments

MOST_ROWS = 2_000
"""Of each kind, the latest; the file says so when there were more."""
_NOT_TOLD = frozenset({"traces", "sign_ins", "staff"})
"""Traces are told on the person's page, by institution and role; the rest is not theirs."""
_SECRETS = frozenset({"token_sha256", "code_digest", "name_search", "digest"})


@dataclass(frozen=True)
class DataOfKind:
    """The rows of one model, the latest first. `cut`: there were more than `MOST_ROWS`."""

    treatment: str
    model: str
    rows: tuple[dict[str, Any], ...]
    cut: bool


def data_of(person_id: int, *, scope: Scope) -> list[DataOfKind]:
    """Every row that hangs on the person, by the treatments of the register; empty kinds left out.

    One statement for each kind. NotFoundInScope outside the territory.
    """
    checked_person(person_id, scope=scope)
    found = []
    for one in treatments():
        for label in one.models if one.code not in _NOT_TOLD else ():
            rows = _rows(apps.get_model(label), person_id)
            if rows:
                kept = tuple(map(_told, rows[:MOST_ROWS]))
                found.append(DataOfKind(one.code, label, kept, len(rows) > MOST_ROWS))
    return found


def as_json(found: list[DataOfKind], *, person_id: int, at: dt.datetime) -> str:
    """The data as a JSON document a program can read."""
    document = {
        "file": person_id,
        "made_at": at.isoformat(),
        "data": [
            {
                "treatment": one.treatment,
                "title": str(TITLES[one.treatment]),
                "kind": one.model,
                "complete": not one.cut,
                "rows": one.rows,
            }
            for one in found
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str)


def _rows(model: type[models.Model], person_id: int) -> list[dict[str, Any]]:
    columns = fields_of_person(model).values()
    if not columns:
        return []
    # The model's own names, never a text that came from outside.
    theirs = " OR ".join(f'r."{column}" = %(person)s' for column in columns)
    key = model._meta.pk.column
    statement = (
        f'SELECT to_jsonb(r) FROM "{model._meta.db_table}" r WHERE {theirs} '
        f'ORDER BY r."{key}" DESC LIMIT %(most)s'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"person": person_id, "most": MOST_ROWS + 1})
        rows = [row for (row,) in cursor.fetchall()]
    return [json.loads(row) if isinstance(row, str) else row for row in rows]


def fields_of_person(model: type[models.Model]) -> dict[str, str]:
    """The fields by which a row of the model is a person's: name for the ORM → column."""
    if model is Person:
        return {"pk": str(model._meta.pk.column)}
    return {
        field.attname: str(field.column)
        for field in model._meta.concrete_fields
        if field.related_model is Person or field.name == "person_id"
    }


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _SECRETS and value != ""}
