"""A command carried out once stays carried out once: the same id gets the same answer."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection

from qafila.foundation.actors import Actor
from qafila.foundation.collisions import tried_again
from qafila.foundation.errors import DomainError
from qafila.foundation.models import CompletedCommand
from qafila.foundation.trail import acting


class CommandIdReused(DomainError):
    """The id was already used for another verb or by another actor."""

    code = "command_id_reused"


def once(
    command_id: uuid.UUID | None,
    verb: str,
    *,
    actor: Actor,
    at: dt.datetime,
    do: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    """Carry out `do` unless `command_id` was carried out before; return its (JSON) answer.

    Two callers with the same id at the same time: the second waits and gets the first's answer.
    Where the database ends a deadlock at our cost, it is done again; SomeoneElseActed at last.
    """
    return tried_again(lambda: _once(command_id, verb, actor, at, do))


def _once(
    command_id: uuid.UUID | None,
    verb: str,
    actor: Actor,
    at: dt.datetime,
    do: Callable[[], dict[str, Any]],
) -> dict[str, Any]:
    with acting(actor, at=at):
        if command_id is None:
            return do()
        with connection.cursor() as cursor:
            # A lock on the id itself, so that a repeat arriving meanwhile waits its turn.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [command_id.int % 2**63])
        earlier = CompletedCommand.objects.filter(command_id=command_id).first()
        if earlier:
            if (earlier.verb, earlier.actor_id) != (verb, actor.id):
                raise CommandIdReused(command=str(command_id))
            return dict(earlier.answer)
        answer = do()
        CompletedCommand.objects.create(
            command_id=command_id, verb=verb, actor_id=actor.id, at=at, answer=answer
        )
        return answer
