"""Every relation that a room promises can be read, with the columns its text names."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest
from django.db import connection

import qafila
from qafila.contributions.ledger.facts import overdue_on

pytestmark = pytest.mark.django_db


def _facts_modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(qafila.__path__, "qafila."):
        if found.name.endswith(".facts"):
            yield importlib.import_module(found.name)


RELATIONS = {
    f"{module.__name__}.{name}": value
    for module in _facts_modules()
    for name, value in vars(module).items()
    if name.isupper() and not name.startswith("_") and str(value).startswith("(")
    and isinstance(value, str)
}  # fmt: skip


def _columns(relation: str) -> set[str]:
    with connection.cursor() as cursor:
        statement = f"SELECT * FROM {relation} promised LIMIT 0"
        cursor.execute(statement, overdue_on(dt.date(2026, 11, 1)))
        return {column.name for column in cursor.description}


def test_the_rooms_promise_relations() -> None:
    rooms = {name.split(".")[1] for name in RELATIONS}
    assert rooms >= {"foundation", "places", "people", "lists", "register", "enrolment",
                     "contributions", "rights", "care", "accompaniment"}  # fmt: skip


@pytest.mark.parametrize("name", RELATIONS)
def test_each_relation_is_read_as_it_stands(name: str) -> None:
    assert _columns(RELATIONS[name])


def test_relations_of_one_kind_have_the_same_columns() -> None:
    pairs = [
        ("people.facts.PERSONS", "people.facts.ACTIVE_PERSONS"),
        ("lists.facts.ROWS", "lists.facts.ACCEPTED"),
        ("enrolment.facts.ENROLMENTS", "enrolment.facts.AT_FUND"),
        ("people.facts.CARDS", "enrolment.facts.NUMBERS_OF_PERSONS"),
        ("register.facts.NUMBERS", "enrolment.facts.NUMBERS"),
    ]
    for one, other in pairs:
        assert _columns(RELATIONS[f"qafila.{one}"]) == _columns(RELATIONS[f"qafila.{other}"])


def test_numbers_are_found_by_their_indexes() -> None:
    """A number is asked for in every check of cover: whole tables must not be read for one."""
    numbers = RELATIONS["qafila.enrolment.facts.NUMBERS_OF_PERSONS"]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for kind in ("card", "fund", "register"):
            cursor.execute(
                f"EXPLAIN (COSTS OFF) SELECT person_id FROM {numbers} n"
                " WHERE n.kind = %s AND n.value = %s",
                [kind, "X1"],
            )
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan
            assert "Index" in plan
