"""Two who act at once: what the database says of it, as the refusal a person can act on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import DatabaseError, connection

from qafila.foundation.errors import SomeoneElseActed
from qafila.foundation.ports import refusals_of_triggers

MOST_TRIES = 4
_DEADLOCKED = ("40P01", "40001")
_Answer = TypeVar("_Answer")


class Collided(SomeoneElseActed):
    """The database ended a deadlock at our cost: nothing was done, and it may be tried again."""


@contextlib.contextmanager
def collisions_told() -> Iterator[None]:
    """A deadlock is told as `Collided`, what a trigger of ours refuses as the room's refusal."""
    try:
        yield
    except DatabaseError as error:
        state = str(getattr(error.__cause__, "sqlstate", ""))
        if state in _DEADLOCKED:
            raise Collided from error
        if state in refusals_of_triggers:
            diagnosis = getattr(error.__cause__, "diag", None)
            raise refusals_of_triggers[state](
                str(diagnosis and diagnosis.message_detail)
            ) from error
        raise


def tried_again(do: Callable[[], _Answer]) -> _Answer:
    """Do it, and again where somebody collided with it; inside a transaction it is done once.

    Raises SomeoneElseActed once it collided `MOST_TRIES` times.
    """
    inside = connection.in_atomic_block
    for _ in range(MOST_TRIES - 1):
        try:
            return do()
        except Collided:
            if inside:
                raise
    return do()
