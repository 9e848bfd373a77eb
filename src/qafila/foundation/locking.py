"""Locks for work that derives rows from facts: everyone's at once, a range's, or some people's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

PERSONS_PER_BUCKET = 16_384
"""Ranges of persons are locked by whole buckets of neighbouring person numbers."""

_LARGEST_KEY = 2**31 - 1
# PostgreSQL keeps each lock in memory it shares among all: many people are locked by their buckets.
_MOST_PEOPLE_ONE_BY_ONE = 500


def lock_derivation(cursor: Any, name: str, person_ids: Sequence[int] | None) -> None:
    """Until the transaction ends: for everyone (None) alone, for some people beside others' people.

    Counter agents acting on different people do not wait for each other; they wait for a derivation
    of everyone, or of the range their people lie in (`lock_range`), and it for them. All take their
    locks in order, so that nobody deadlocks.
    """
    if person_ids is None:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        return
    _beside_others(cursor, name)
    buckets = {person_id // PERSONS_PER_BUCKET for person_id in person_ids}
    if len(person_ids) > _MOST_PEOPLE_ONE_BY_ONE:
        _lock_each(cursor, name, map(_bucket_key, buckets))
        return
    _lock_each(cursor, name, map(_bucket_key, buckets), shared=True)
    _lock_each(cursor, name, (person_id % _LARGEST_KEY for person_id in person_ids))


def lock_range(cursor: Any, name: str, first: int, last: int) -> None:
    """Until the transaction ends: the buckets of the persons from `first` to `last`, alone."""
    _beside_others(cursor, name)
    buckets = range(first // PERSONS_PER_BUCKET, last // PERSONS_PER_BUCKET + 1)
    _lock_each(cursor, name, map(_bucket_key, buckets))


def _beside_others(cursor: Any, name: str) -> None:
    cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext(%s))", [name])


def _bucket_key(bucket: int) -> int:
    # Below zero, where no person's own key is.
    return -1 - bucket % _LARGEST_KEY


def _lock_each(cursor: Any, name: str, keys: Iterable[int], *, shared: bool = False) -> None:
    form = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    # Keys below zero fall as buckets rise: sorted by size without sign, buckets are in order.
    cursor.execute(
        f"SELECT {form}(hashtext(%s), key) FROM unnest(%s::int[]) WITH ORDINALITY k (key, place)"
        " ORDER BY place",
        [name, sorted(set(keys), key=abs)],
    )
