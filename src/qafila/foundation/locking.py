"""Locks for work that derives rows from facts: everyone's at once, or some people's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_LARGEST_KEY = 2**31 - 1


def lock_derivation(cursor: Any, name: str, person_ids: Sequence[int] | None) -> None:
    """Until the transaction ends: for everyone (None) alone, for some people beside others' people.

    Counter agents acting on different people do not wait for each other; all of them wait for a
    derivation of everyone, and it for them. People are locked in order, so that nobody deadlocks.
    """
    if person_ids is None:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        return
    cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [name])
    for person_id in sorted(set(person_ids)):
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [name, person_id % _LARGEST_KEY]
        )
