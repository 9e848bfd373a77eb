"""A migration holds no table for long: agents work while an installation is brought up to date.

Migrations that stood before this rule are listed in `frozen_migrations.txt`, and stay as they are:
installations have run them. Whoever adds one to the list says in its docstring why it is quick.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader

FROZEN = Path(__file__).with_name("frozen_migrations.txt")

# Rows that follow the number of offices, roles, places or agreements, not of persons.
SMALL = re.compile(r"^(institutions|places|django|account|mfa|auth|oauth2|register_trade)")

Rule = tuple[re.Pattern[str], str]
RULES: tuple[Rule, ...] = (
    (
        re.compile(r"^CREATE (UNIQUE )?INDEX (?!CONCURRENTLY)\S+ ON \"?(?P<table>\w+)"),
        "an index is made with AddIndexConcurrently, in a migration with atomic = False",
    ),
    (
        re.compile(r'^ALTER TABLE "?(?P<table>\w+)"? ADD CONSTRAINT \S+ (UNIQUE|EXCLUDE)'),
        "a unique constraint takes an index that was made concurrently before it",
    ),
    (
        re.compile(
            r'^ALTER TABLE "?(?P<table>\w+)"? ADD CONSTRAINT \S+ (CHECK|FOREIGN)(?!.*NOT VALID)'
        ),
        "a constraint is added NOT VALID and validated by another migration",
    ),
    (
        re.compile(r'^ALTER TABLE "?(?P<table>\w+)"? ADD COLUMN (?!.*DEFAULT).* NOT NULL'),
        "a column that may not be empty needs a db_default",
    ),
    (
        re.compile(r'^ALTER TABLE "?(?P<table>\w+)"? .*ADD COLUMN .*GENERATED ALWAYS AS'),
        "a generated column rewrites the table",
    ),
    (
        re.compile(r'^ALTER TABLE "?(?P<table>\w+)"? ALTER COLUMN \S+ TYPE (?!varchar|text)'),
        "another type rewrites the table: add a column, fill it in parts, then change over",
    ),
    (
        re.compile(r'^ALTER TABLE "?(?P<table>\w+)"? ALTER COLUMN \S+ SET NOT NULL'),
        "SET NOT NULL reads the whole table: first a CHECK … NOT VALID, validated, then this",
    ),
    (
        re.compile(r'^UPDATE "?(?P<table>\w+)"?'),
        "rows are filled in parts, in a migration with atomic = False",
    ),
)


def long_locks(statements: list[str]) -> Iterator[str]:
    """What in the statements would hold a large table that was there before."""
    made = {
        found[1] for one in statements if (found := re.match(r'CREATE TABLE "?(\w+)', one.strip()))
    }
    for statement in statements:
        for pattern, remedy in RULES:
            found = pattern.match(statement.strip())
            if found and found["table"] not in made and not SMALL.match(found["table"]):
                yield f"{statement.strip()[:90]}…: {remedy}"


def ours() -> dict[str, Migration]:
    """Every migration of the house, by app and name."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {
        f"{app} {name}": migration
        for (app, name), migration in loader.disk_migrations.items()
        if type(migration).__module__.startswith("qafila.")
    }


@pytest.mark.django_db
def test_no_new_migration_holds_a_large_table() -> None:
    frozen = set(FROZEN.read_text(encoding="utf-8").split("\n"))
    loader = MigrationLoader(connection, replace_migrations=False)
    offenders = []
    for name, migration in ours().items():
        if name in frozen:
            continue
        key = (migration.app_label, migration.name)
        sql = loader.collect_sql([(loader.graph.nodes[key], False)])
        offenders += [f"{name}: {told}" for told in long_locks(sql)]
        if any(isinstance(one, RunPython) for one in migration.operations) and migration.atomic:
            offenders.append(
                f"{name}: runs Python in one transaction; fill rows in parts with atomic = False, "
                "or say in its docstring why they are few and list it in frozen_migrations.txt"
            )
    assert not offenders, "\n".join(offenders)


def test_the_list_of_old_migrations_names_only_what_is_there() -> None:
    listed = [line for line in FROZEN.read_text(encoding="utf-8").split("\n") if line]
    assert listed == sorted(listed)
    assert set(listed) <= set(ours())


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX "a" ON "people_person" ("sex");',
        'CREATE UNIQUE INDEX "a" ON "people_person" ("sex");',
        'ALTER TABLE "people_person" ADD CONSTRAINT "u" UNIQUE ("serial");',
        'ALTER TABLE "people_person" ADD CONSTRAINT "c" CHECK ("sex" IN (\'F\', \'M\'));',
        'ALTER TABLE "people_person" ADD COLUMN "a" integer NOT NULL;',
        'ALTER TABLE "people_person" ALTER COLUMN "a" TYPE bigint USING "a"::bigint;',
        'ALTER TABLE "people_person" ALTER COLUMN "a" SET NOT NULL;',
        "UPDATE people_person SET sex = 'F'",
    ],
)
def test_the_rules_bite(statement: str) -> None:
    assert list(long_locks([statement]))
    new = [statement, 'CREATE TABLE "people_person" ("id" bigint NOT NULL PRIMARY KEY);']
    assert not list(long_locks(new))


@pytest.mark.parametrize(
    "statement",
    [
        'CREATE INDEX CONCURRENTLY "a" ON "people_person" ("sex");',
        'ALTER TABLE "people_person" ADD CONSTRAINT "c" CHECK ("sex" <> \'\') NOT VALID;',
        'ALTER TABLE "people_person" ADD COLUMN "a" integer DEFAULT 0 NOT NULL;',
        'ALTER TABLE "people_person" ADD COLUMN "a" integer NULL;',
        'ALTER TABLE "people_person" ALTER COLUMN "a" TYPE varchar(255) USING "a"::varchar(255);',
        'CREATE INDEX "a" ON "institutions_post" ("role");',
    ],
)
def test_what_is_quick_passes(statement: str) -> None:
    assert not list(long_locks([statement]))
