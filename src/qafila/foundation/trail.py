"""No write without an actor: the database itself refuses anonymous changes.

`acting` opens a transaction and tells PostgreSQL who acts; a trigger on every table of the domain
refuses any change made outside it. `django-pghistory` adds the actor to each recorded change.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator
from contextvars import ContextVar

import pghistory
from django.apps import apps
from django.db import connection, transaction

from qafila.foundation import ports
from qafila.foundation.actors import WHOLE_COUNTRY, Actor, Role
from qafila.foundation.collisions import collisions_told
from qafila.foundation.models import ActorRecord

_touched: ContextVar[set[int] | None] = ContextVar("touched_persons", default=None)

_GUARD_FUNCTION = """
CREATE OR REPLACE FUNCTION qafila_actor_required() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF coalesce(current_setting('qafila.actor', true), '') = '' THEN
    RAISE EXCEPTION 'No actor: % on % was refused. Write inside foundation.trail.acting(actor).',
      tg_op, tg_table_name USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$
"""


PERSONS_TOGETHER = 20_000
"""As many are brought up to date in the transaction that touched them; more, right after it."""


@contextlib.contextmanager
def acting(actor: Actor, *, at: dt.datetime | None = None) -> Iterator[None]:
    """One transaction in which `actor` may write. Nested calls keep the outer transaction.

    Before the outermost one commits, `ports.person_listeners` are told whose facts changed, so
    that what is derived from them never disagrees with them. A mass change of more than
    `PERSONS_TOGETHER` commits first and is followed range by range before this returns, so that
    nobody waits for one long transaction.
    """
    if _touched.get() is not None:
        with _transaction(actor, at):
            yield
        return
    touched: set[int] = set()
    many = False
    token = _touched.set(touched)
    try:
        with collisions_told(), _transaction(actor, at):
            yield
            many = len(touched) > PERSONS_TOGETHER
            if not many:
                _tell_listeners(sorted(touched), at)
    finally:
        _touched.reset(token)
    if many:
        _follow_in_ranges(sorted(touched), actor, at)


@contextlib.contextmanager
def _transaction(actor: Actor, at: dt.datetime | None) -> Iterator[None]:
    moment = at.isoformat() if at else None
    with transaction.atomic(), pghistory.context(actor=actor.id, at=moment):
        _tell_database(str(actor.id))
        yield


def _follow_in_ranges(persons: list[int], actor: Actor, at: dt.datetime | None) -> None:
    for first in range(0, len(persons), PERSONS_TOGETHER):
        with _transaction(actor, at):
            _tell_listeners(persons[first : first + PERSONS_TOGETHER], at)


def _tell_listeners(persons: list[int], at: dt.datetime | None) -> None:
    if persons and at is not None:
        for listener in ports.person_listeners:
            listener(persons, at)


def touch_persons(persons: Iterable[int]) -> None:
    """Note that facts of these persons change in the transaction under way."""
    touched = _touched.get()
    if touched is not None:
        touched.update(persons)


def _tell_database(actor_id: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('qafila.actor', %s, true)", [actor_id])


def system_actor(name: str) -> Actor:
    """The actor for a job or command called `name`, created at its first use; sees the country."""
    record = ActorRecord.objects.filter(kind="system", name=name).first()
    if record is None:
        with transaction.atomic():
            _tell_database("system")
            record, _ = ActorRecord.objects.get_or_create(kind="system", name=name)
    return Actor.holding(record.pk, record.name, {Role.SYSTEM}, WHOLE_COUNTRY)


def guarded_tables(app_label: str | None = None) -> list[str]:
    """The tables of Qafila's own rooms (or of one room), in alphabetical order."""
    models = apps.get_app_config(app_label).get_models() if app_label else apps.get_models()
    ours = (model for model in models if model.__module__.startswith("qafila."))
    tables = {model._meta.db_table for model in ours if model._meta.managed}
    return sorted(tables - ports.unguarded_tables)


def guard_tables(app_label: str) -> None:
    """Put the guard on every table of a room; safe to repeat. Run after migrations."""
    tables = guarded_tables(app_label)
    if not tables:
        return
    with connection.cursor() as cursor:
        cursor.execute(_GUARD_FUNCTION)
        existing = set(connection.introspection.table_names(cursor))
        for table in tables:
            if table in existing:
                cursor.execute(
                    f"CREATE OR REPLACE TRIGGER actor_required BEFORE INSERT OR UPDATE OR DELETE "
                    f'ON "{table}" FOR EACH STATEMENT EXECUTE FUNCTION qafila_actor_required()'
                )
